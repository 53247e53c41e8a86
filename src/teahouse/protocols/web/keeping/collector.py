"""The house in Prometheus' words. Rule: every name has a line in docs/metrics.md; labels have few values, and none of
them is anyone's nick, room or address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector as PrometheusCollector

from teahouse.measures.counters import BOUNDS, Counters, Durations
from teahouse.measures.look import Look, look

if TYPE_CHECKING:
    from teahouse.protocols.web.reports import Reports
    from teahouse.server import Server

NAME = "teahouse"


class Collector(PrometheusCollector):
    """Made once; looks at each scrape."""

    def __init__(self, server: Server, reports: Reports) -> None:
        self._server = server
        self._reports = reports
        self._version = version("teahouse")

    def describe(self) -> list[Metric]:
        """Nothing: there is one collector, and its names clash with no other's."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Each kind of number, with its values."""
        counters, seen = self._server.measures.counters, look(self._server)
        yield _gauges(
            "build_info", "The version of the house, as a label; always 1.", "version", {self._version: 1}
        )
        yield from _of_people(counters, seen)
        yield from _of_talk(counters, seen)
        yield from _of_uploads_and_push(counters)
        yield from self._of_trouble(counters)
        yield from _of_the_store(counters, seen)
        yield from _of_the_process(seen)

    def _of_trouble(self, counters: Counters) -> Iterator[Metric]:
        wrong, delayed = self._server.accounts.guesses
        yield _counters(
            "commands_failed", "Commands that failed, by the error's code.", "code", counters.failed
        )
        yield _counters("refused", "What failed at the door, by the error's code.", "code", counters.refused)
        yield _counter("wrong_passwords", "Passwords and other proofs that were wrong.", wrong)
        yield _counter("guesses_delayed", "Log-ins put off, for too many were wrong.", delayed)
        yield _counters("drops", "Connections put out: slow, flood, protocol.", "reason", counters.drops)
        yield _counter(
            "browser_reports", "Breaches of its policy that browsers reported.", self._reports.count
        )


def _of_people(counters: Counters, seen: Look) -> Iterator[Metric]:
    yield _gauges("sessions", "Connections of those who are in, by protocol.", "protocol", seen.sessions)
    yield _gauge("sessions_at_the_door", "Connections that have yet to log in.", seen.at_the_door)
    yield _gauge("connections", "Connections that count against [limits] connections.", seen.connections)
    yield _gauges("users", "People in the house: guest, account, bot.", "kind", seen.users)
    yield _gauge("users_most", "As many were in the house at once.", seen.most_users)
    yield _gauge("rooms", "Rooms, hidden ones too.", seen.rooms)
    yield _counter("logins", "Times that someone came in, on any device.", counters.logins)


def _of_talk(counters: Counters, seen: Look) -> Iterator[Metric]:
    kinds = {kind.lower(): count for kind, count in counters.events.items()}
    yield _counters("events", "What happened in rooms and between people, by kind.", "kind", kinds)
    yield _counter("messages", "Lines that people have said, in rooms and in private.", counters.messages)
    yield _counter("deliveries", "Events in rooms times those who heard them.", counters.deliveries)
    yield _gauge("output_waiting_bytes", "What waits for slow readers.", seen.waiting_bytes)
    yield _counter("requests", "Requests over HTTP.", seen.requests)


def _of_uploads_and_push(counters: Counters) -> Iterator[Metric]:
    yield _counter("uploads", "Files that people brought and the house kept.", counters.uploads)
    yield _counter("uploaded_bytes", "What these files had, together.", counters.uploaded_bytes)
    yield _counters("push_messages", "Messages to push services, by outcome.", "outcome", counters.pushed)


def _of_the_store(counters: Counters, seen: Look) -> Iterator[Metric]:
    text = "From the end of a turn until the store has kept what it brought."
    yield _histogram("store_commit_seconds", text, counters.commits)
    yield _counter(
        "store_failures", "Times that the store could not keep something.", counters.store_failures
    )
    yield _gauge("store_waiting_turns", "Turns that wait for the store.", seen.waiting_turns)


def _of_the_process(seen: Look) -> Iterator[Metric]:
    p50, p99 = seen.lateness
    late = {"0.5": p50, "0.99": p99}
    yield _gauges("reactor_lateness_seconds", "Delay of a call, over five minutes.", "quantile", late)
    yield _gauge("memory_bytes", "Memory of the process.", seen.memory)
    yield _gauge("uptime_seconds", "Since the house was opened.", seen.uptime)


# ---- in the words of the library ---------------------------------------------------------------------------


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"{NAME}_{name}", text, value=value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{NAME}_{name}", text, value=value)


def _counters(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(f"{NAME}_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"{NAME}_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _histogram(name: str, text: str, took: Durations) -> Metric:
    counts = [sum(took.counts[: number + 1]) for number in range(len(took.counts))]
    bounds = [*map(str, BOUNDS), "+Inf"]
    family = HistogramMetricFamily(f"{NAME}_{name}", text)
    family.add_metric([], list(zip(bounds, counts, strict=True)), took.seconds)
    return family
