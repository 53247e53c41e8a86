"""How the house opens and closes: signals, twistd, slow readers, clocks."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.epollreactor import EPollReactor

from processes import BIN, Guest, Process, run, until
from teahouse.running import process
from teahouse.running.listening import CannotOpen
from teahouse.service import CLOSING, TeahouseService
from teahouse.settings import Listen, Settings

TEAHOUSE, TWISTD = BIN / "teahouse", BIN / "twistd"
SERVE = (TEAHOUSE, "serve", "--line", "0")
RUN_TWISTD = (TWISTD, "-n", "teahouse", "--line", "0")


def with_grace(seconds: float, *options: str) -> list[str]:
    """The command line with less patience for slow readers."""
    code = f"import teahouse.service as s; s.GRACE = {seconds}; from teahouse.cli import main; main()"
    return [sys.executable, "-c", code, "serve", *options]


# ---- closing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [SERVE, RUN_TWISTD])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_house_in_good_order(
    tmp_path: Path, command: tuple[Any, ...], number: int
) -> None:
    with (
        Process(*command, cwd=tmp_path) as house,
        Guest(house.ports[0], "amy") as amy,
        Guest(house.ports[0]) as door,
    ):
        door.wait_for("login")
        house.signal(number)
        assert amy.rest().endswith(f"{CLOSING}\r\n")
        assert door.rest().endswith(f"{CLOSING}\r\n")
        assert house.status() == 0
        log = house.out.rest() + house.err.rest()
        assert "Traceback" not in log
        assert [line[26:] for line in log.splitlines()[-2:]] == [
            f"{signal.Signals(number).name}: the house is closing",
            "closed",
        ]
    assert not (tmp_path / "twistd.pid").exists()


def test_a_signal_at_the_first_moment_closes_it_too() -> None:
    with Process(*SERVE) as house:
        house.signal()
        assert house.status() == 0


def test_all_that_was_said_before_reaches_everyone(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text(
        "[limits]\nflood_lines = 0\nannounce_members = 5\n[listen]\nline = ['0']\ntelnet = []\n"
    )
    with ExitStack() as stack:
        house = stack.enter_context(Process(TEAHOUSE, "serve", "--config", "house.toml", cwd=tmp_path))
        guests = [stack.enter_context(Guest(house.ports[0], f"guest_{n}")) for n in range(30)]
        for number, guest in enumerate(guests):
            guest.say(*(f"line {n} of {number}." for n in range(20)))
        guests[0].wait_for(r"line 19 of 29\.")
        house.signal()
        for guest in guests:
            heard = guest.rest()
            assert len(set(re.findall(r"line \d+ of \d+\.", heard))) == 600
            assert heard.endswith(f"{CLOSING}\r\n")
            assert "left" not in heard
        assert house.status() == 0


@pytest.fixture
def slow_reader(tmp_path: Path) -> Callable[[ExitStack, float], Process]:
    """A house in which someone has stopped reading, with much still to be sent to them."""

    def make(stack: ExitStack, grace: float) -> Process:
        config = tmp_path / "house.toml"
        config.write_text(
            "[limits]\nflood_lines = 0\noutput_bytes = 100_000_000\n[listen]\nline = ['0']\ntelnet = []\n"
        )
        house = stack.enter_context(Process(*with_grace(grace, "--config", str(config))))
        slow = stack.enter_context(Guest(house.ports[0], "slow", buffer=4_096))
        amy = stack.enter_context(Guest(house.ports[0], "amy"))
        for n in range(20):
            amy.say(*["x" * 4_000] * 100, f"done {n}.")
            amy.wait_for(rf"done {n}\.")
            amy.text = ""
        assert slow.handle
        return house

    return make


def test_one_who_does_not_read_is_waited_for_only_so_long(
    slow_reader: Callable[[ExitStack, float], Process],
) -> None:
    with ExitStack() as stack:
        house = slow_reader(stack, 0.3)
        began = time.monotonic()
        house.signal()
        assert house.status() == 0
        assert 0.3 <= time.monotonic() - began < 5


def test_a_second_signal_ends_it_at_once(slow_reader: Callable[[ExitStack, float], Process]) -> None:
    with ExitStack() as stack:
        house = slow_reader(stack, 60)
        house.signal()
        house.err.wait_for("SIGTERM: the house is closing")
        began = time.monotonic()
        house.signal()
        assert house.status() == 128 + signal.SIGTERM
        assert time.monotonic() - began < 2


def test_a_house_that_closes_takes_nobody_in(slow_reader: Callable[[ExitStack, float], Process]) -> None:
    with ExitStack() as stack:
        house = slow_reader(stack, 60)
        house.signal()
        house.err.wait_for("SIGTERM: the house is closing")

        def refused() -> bool:
            try:
                socket.create_connection(("127.0.0.1", house.ports[0]), 1).close()
            except ConnectionRefusedError:
                return True
            return False

        until(refused, "the port to be closed")


# ---- twistd ---------------------------------------------------------------------------------------------------


def test_a_daemon_under_twistd(tmp_path: Path) -> None:
    status, out, err = run(TWISTD, "teahouse", "--line", "0", cwd=tmp_path)
    pid_file, log = tmp_path / "twistd.pid", tmp_path / "twistd.log"
    pid = int(pid_file.read_text())
    try:
        assert (status, out, err) == (0, "", "")
        until(lambda: "is open" in log.read_text(), "the house to open")
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        match = re.search(r"info  Teahouse is open: line nc localhost (\d+)\n", log.read_text())
        assert match
        with Guest(int(match[1]), "amy") as amy:
            os.kill(pid, signal.SIGTERM)
            assert amy.rest().endswith(f"{CLOSING}\r\n")
        until(lambda: not pid_file.exists(), "twistd to end")
        assert log.read_text().endswith("closed\n")
    finally:
        if pid_file.exists():
            os.kill(pid, signal.SIGKILL)


def test_the_log_of_the_configuration_holds_under_twistd(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("[log]\nfile = 'tea.log'\nformat = 'json'\n[listen]\nline = ['0']\n")
    command = (TWISTD, "-n", "teahouse", "--config", "house.toml", "--telnet", "0")
    with subprocess.Popen(command, cwd=tmp_path) as twistd:
        log = tmp_path / "tea.log"
        until(lambda: log.exists() and log.read_text().count("is open") == 2, "the house to open")
        twistd.send_signal(signal.SIGTERM)
        assert twistd.wait(15) == 0
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert records[0]["message"].startswith("Teahouse is open: telnet localhost ")
    assert records[-1]["message"] == "closed"


def test_the_plug_in_is_short() -> None:
    plugin = Path(__file__).parent.parent / "src/twisted/plugins/teahouse_plugin.py"
    assert len(plugin.read_text().splitlines()) <= 10


# ---- the process ----------------------------------------------------------------------------------------------


class Jumping(EPollReactor):
    """A reactor in a machine whose wall clock is never right."""

    at = 1e9

    def seconds(self) -> float:
        Jumping.at = -Jumping.at
        return Jumping.at


def make(kind: Any) -> Any:
    """A reactor that is not the process's."""
    return kind()


def run_for_one_timer(reactor: Any) -> float:
    began = time.monotonic()
    reactor.callLater(0.05, reactor.stop)
    reactor.run(installSignalHandlers=False)
    return time.monotonic() - began


def test_timers_go_by_a_clock_that_does_not_jump() -> None:
    reactor = make(Jumping)
    process.steady_clock(reactor)
    assert 0.05 <= run_for_one_timer(reactor) < 1


def test_timers_that_are_set_already_keep_their_clock() -> None:
    reactor = make(EPollReactor)
    call = reactor.callLater(0.01, int)
    process.steady_clock(reactor)
    assert abs(reactor.seconds() - time.time()) < 60
    assert run_for_one_timer(reactor) < 1
    assert call.called


def test_as_many_files_as_the_system_allows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    code = (
        "import resource as r; from teahouse.running.process import raise_file_limit;"
        f"r.setrlimit(r.RLIMIT_NOFILE, ({min(soft, 256)}, {hard})); raise_file_limit();"
        "print(r.getrlimit(r.RLIMIT_NOFILE))"
    )
    assert run(sys.executable, "-c", code) == (0, f"({hard}, {hard})\n", "")


# ---- inside another program -----------------------------------------------------------------------------------


def listening_at(**places: list[str]) -> Settings:
    return replace(Settings(), listen=Listen(**{"telnet": [], "irc": [], "web": [], **places}))


def test_a_house_inside_another_program() -> None:
    reactor = make(EPollReactor)
    ways: list[str] = []
    service = TeahouseService(listening_at(line=["0"]), reactor, ways.append)

    async def live() -> None:
        ((protocol, port),) = await service.open()
        assert ways == [f"line nc localhost {port.getHost().port}"]
        assert protocol == "line"
        await service.close()
        reactor.stop()

    failures: list[Any] = []
    reactor.callWhenRunning(lambda: Deferred.fromCoroutine(live()).addErrback(failures.append))
    reactor.callLater(10, reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert not failures
    assert not service.ports


def test_an_endpoint_that_fails_late_stops_the_house() -> None:
    reactor = make(EPollReactor)
    service = TeahouseService(listening_at(line=["0"]), reactor)

    class Late:
        def listen(self, _factory: object) -> Deferred[Any]:
            later: Deferred[Any] = Deferred()
            reactor.callLater(0.01, later.errback, OSError(98, "Address already in use"))
            return later

    service._places = [("line", "late:", Late())]
    service.startService()
    reactor.run(installSignalHandlers=False)
    assert isinstance(service.problem, CannotOpen)
    assert "Address already in use. Another program" in str(service.problem)


def test_a_protocol_that_the_house_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules["teahouse.service"].PROTOCOLS, "line")
    with pytest.raises(CannotOpen, match=r'for line at "0": this house has no such protocol'):
        TeahouseService(listening_at(line=["0"]), make(EPollReactor))
