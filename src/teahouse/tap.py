"""`twistd teahouse`: the same house, run by Twisted's own program (daemon, pid file, chroot, uid). Rule: options and
assembly only; the house does not know who runs it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any

from twisted.logger import ILogObserver, Logger
from twisted.python import usage

from teahouse import settings
from teahouse.config import ConfigError
from teahouse.config.choosing import Choice, choose
from teahouse.config.rules import endpoint
from teahouse.running import logs, process
from teahouse.running.again import Again
from teahouse.service import TROUBLE, TeahouseService

log = Logger(namespace="teahouse.tap")


class Options(usage.Options):
    """The options of `teahouse serve`."""

    synopsis = "[options]"
    longdesc = "Teahouse, a chat house. Where to listen is a port on localhost or a Twisted endpoint."
    optParameters = (  # noqa: N815
        ("config", "c", None, "A configuration file; see `teahouse example-config`."),
        ("data", "d", "", 'Where the house keeps what it keeps, or ":memory:" for nowhere.'),
        ("entry", None, "", "An extension whose first room greets each new connection: a module or a file."),
    )
    choice: Choice

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Twisted's gap
        self._places: dict[str, list[str]] = {"telnet": [], "irc": [], "line": [], "web": []}

    def opt_telnet(self, place: str) -> None:
        """Where telnet and MUD clients come in; may be repeated."""
        self._add("telnet", place)

    def opt_irc(self, place: str) -> None:
        """Where IRC clients come in; may be repeated."""
        self._add("irc", place)

    def opt_line(self, place: str) -> None:
        """Where nc and scripts come in; may be repeated."""
        self._add("line", place)

    def opt_web(self, place: str) -> None:
        """Where browsers come in, for what extensions offer there; may be repeated."""
        self._add("web", place)

    def postOptions(self) -> None:  # noqa: N802  Twisted's name
        """Read the configuration; twistd's own way to report errors would print all of its help too."""
        try:
            single = {name: [self[name]] for name in ("entry", "data") if self[name]}
            self.choice = choose(self["config"], self._places | single)
        except ConfigError as error:
            sys.exit("\n".join(f"Error: {each}" for each in error.problems))

    def _add(self, protocol: str, place: str) -> None:
        try:
            endpoint(place)
        except ValueError as error:
            sys.exit(f'Error: --{protocol} "{place}": {error}')
        self._places[protocol].append(place)


class House(TeahouseService):
    """The house as twistd starts it: with a log of ours in place of twistd's."""

    observer: logs.LineObserver | None = None

    def setServiceParent(self, parent: Any) -> None:  # noqa: N802  Twisted's name
        """See `IService.setServiceParent`: the parent is twistd's application, which can be given an observer."""
        if self.observer is not None:
            parent.setComponent(ILogObserver, self.observer)
        super().setServiceParent(parent)  # type: ignore[no-untyped-call]  # Twisted's gap


def makeService(options: Options) -> House:  # noqa: N802  Twisted's name
    """What twistd runs."""
    from twisted.internet import reactor  # noqa: PLC0415  twistd has to have chosen one first

    process.prepare(reactor)
    twistd: Any = getattr(options, "parent", None) or {}
    try:
        house = House(options.choice.settings, reactor)
        if not (twistd.get("logger") or twistd.get("syslog")):
            house.observer = _observer(house.settings.log, twistd)
    except TROUBLE as error:
        sys.exit(f"Error: {options.choice.explain(error)}")
    Again(options.choice, house, house.observer)
    process.on_hangup(reactor, house.server.reconfiguring.hangup)
    sys.excepthook = partial(_say_plainly, options.choice)
    return house


def _observer(log: settings.Log, twistd: Any) -> logs.LineObserver:
    """Writes where twistd would: its --logfile, twistd.log for a daemon, else the screen. Its own way of writing lets
    a nick with a line end in it forge a line."""
    path = twistd.get("logfile")
    if not (log.file or path == "-" or (twistd.get("nodaemon") and not path)):
        log = replace(log, file=path or "twistd.log")
    return logs.observer(log, sys.stdout)


def _say_plainly(
    choice: Choice, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """twistd lets what stops it from starting go up as a traceback; a port that is taken does not deserve one."""
    if not isinstance(error, TROUBLE):
        sys.__excepthook__(kind, error, trace)
        return
    text = choice.explain(error)
    log.critical("{error}", error=text)
    print(f"Error: {text}", file=sys.__stderr__)  # twistd has redirected the other one
