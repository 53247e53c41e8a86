"""What the house needs of the process that it runs in: signals, a steady clock, files. Rule: only `cli.py` and
`tap.py` call this; a house inside another program leaves that program's process as it is.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from twisted.logger import Logger

log = Logger(namespace="teahouse.process")


def prepare(reactor: Any) -> None:
    """Before anything is scheduled or opened."""
    steady_clock(reactor)
    raise_file_limit()
    modules_from_here()
    reactor.callWhenRunning(catch_signals, reactor)
    reactor.callWhenRunning(gc.freeze)  # with 1,000 sessions, the longest collection takes 6 ms and not 45


def steady_clock(reactor: Any) -> None:
    """Let timers go by a clock that never jumps.

    Twisted's go by the wall clock: set back an hour, nothing would happen for an hour. A reactor reads
    `self.seconds` wherever it asks for the time and gives it to each of its calls, so it can be replaced as long
    as nothing has been scheduled by the old one.
    """
    if reactor.getDelayedCalls():
        log.warn("timers were set before the house began: they, and those of the house, go by the wall clock")
        return
    reactor.seconds = time.monotonic


def raise_file_limit() -> None:
    """Each connection is an open file, and many systems allow 1,024 unless asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def catch_signals(reactor: Any) -> None:
    """Ctrl-C and SIGTERM close the house in good order; a second one ends the process at once.

    In place of the reactor's own handlers, which remember the signal, so that twistd would end by it and not
    with status 0.
    """
    closing = False

    def caught(number: int, _frame: FrameType | None) -> None:
        nonlocal closing
        if closing:
            os._exit(128 + number)
        closing = True
        reactor.callFromThread(_stop, reactor, signal.Signals(number).name)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, caught)


def on_hangup(reactor: Any, call: Callable[[], object]) -> None:
    """Have this called when SIGHUP comes, once the reactor runs."""

    def catch() -> None:
        signal.signal(signal.SIGHUP, lambda *_: reactor.callFromThread(call))

    reactor.callWhenRunning(catch)


def modules_from_here() -> None:
    """Let extensions stand in the current directory; looked for there last, so that they hide nothing."""
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))


def _stop(reactor: Any, name: str) -> None:
    log.info("{signal}: the house is closing", signal=name)
    if reactor.running:
        reactor.stop()
