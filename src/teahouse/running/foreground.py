"""`teahouse serve`: the house in the foreground. Rule: from here on Twisted is imported; `cli.py` does without."""

from __future__ import annotations

import sys
from typing import Any

from twisted.internet import reactor as _reactor
from twisted.logger import Logger

from teahouse.config.choosing import Choice
from teahouse.running import logs, process
from teahouse.running.again import Again
from teahouse.service import TROUBLE, TeahouseService

reactor: Any = _reactor  # its interfaces are modules of functions to mypy
log = Logger(namespace="teahouse")


def run(choice: Choice) -> str:
    """Keep the house open until it is told to close; what went wrong, "" if nothing did."""
    settings = choice.settings
    process.prepare(reactor)
    try:
        observer = logs.observer(settings.log)
        logs.begin(observer)
        service = TeahouseService(settings, reactor, _announce)
        service.privilegedStartService()
        service.startService()
    except TROUBLE as error:
        return choice.explain(error)
    Again(choice, service, observer)
    process.on_hangup(reactor, service.server.reconfiguring.hangup)
    reactor.addSystemEventTrigger("before", "shutdown", service.stopService)
    reactor.run()
    return choice.explain(service.problem) if service.problem else ""


def _announce(way: str) -> None:
    sys.stdout.write(f"Teahouse is open: {way}\n")
    sys.stdout.flush()
    log.debug("open: {way}", way=way)
