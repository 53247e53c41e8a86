"""What is measured, and what we aim at. Rule: a case is one call of the load generator; its figures are read from the
JSON that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number of a run: where it stands, how it is shown, and what would be good."""

    key: str
    title: str
    unit: str
    aim: float = 0.0
    more_is_better: bool = False
    scale: float = 1.0

    def meets(self, value: float) -> bool:
        """Whether the (scaled) value is as good as we want it."""
        return value >= self.aim if self.more_is_better else value <= self.aim


@dataclass(frozen=True)
class Case:
    """One call: a mode and its options."""

    name: str
    words: str
    figures: tuple[Figure, ...]
    at_once: int = 200


def _rate(title: str, aim: float) -> tuple[Figure, ...]:
    return (
        Figure("per_second", title, "M deliveries/s", aim, more_is_better=True, scale=1e-6),
        Figure("server_cpu_us_each", f"{title}: CPU", "µs/delivery"),
        Figure("p99_ms", f"{title}: 99 % have it within", "ms"),
    )


CASES = (
    Case(
        "paced",
        "fan --clients 1000 --senders 20 --rate 100",
        (
            Figure("server_cpu_us_each", "100 messages/s into a room of 1,000: CPU", "µs/delivery"),
            Figure(
                "of_floor", "100 messages/s into a room of 1,000: CPU of a bundle", "times a bare send", 1.25
            ),
            Figure("last_p50_ms", "the same: the last of 1,000 has it within", "ms"),
        ),
    ),
    Case(
        "light",
        "fan --clients 1000 --senders 1 --rate 5",
        (
            Figure("p50_ms", "5 messages/s into a room of 1,000: half have it within", "ms"),
            Figure("last_p50_ms", "the same: the last one has it within", "ms"),
        ),
    ),
    Case(
        "room1000",
        "fan --clients 1000 --senders 20 --window 4",
        _rate("One room of 1,000, saturated", 4.0),
    ),
    Case(
        "room100",
        "fan --clients 100 --senders 20 --window 4",
        _rate("One room of 100, saturated", 4.0),
    ),
    Case(
        "rooms50",
        "fan --clients 1000 --rooms 50 --senders 50 --window 4",
        _rate("50 rooms of 20, saturated", 0.5),
    ),
    Case(
        "idle",
        "idle --clients 5000 --join ",
        (
            Figure("kib_each", "Memory of an idle session, 5,000 in the house", "KiB", 5.0),
            Figure("server_cpu_us_each", "CPU of a login, up to 5,000 in the house", "µs", 150.0),
        ),
        500,
    ),
    Case(
        "register",
        "idle --clients 3000 --join  --settle 0",
        (
            Figure("server_cpu_us_each", "CPU from connecting to the last line of the greeting", "µs", 300.0),
            Figure("per_cpu_second", "The same", "per second of CPU", more_is_better=True),
        ),
        500,
    ),
    Case(
        "churn",
        "churn --rooms 50",
        (Figure("server_cpu_us_each", "CPU to connect, log in, enter a room, leave", "µs"),),
        64,
    ),
)
START = Case("start", "", (Figure("start_seconds", "From the command to the first open port", "s", 0.5),))
