"""What browsers report of our pages (a Content-Security-Policy that was broken). Rule: counted, and so many a minute
logged; anyone can send one, so none is believed or kept.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from teahouse.extensions.hooks import Response
from teahouse.limits import Bucket
from teahouse.protocols.web.exchange import HttpRequest
from teahouse.protocols.web.headers import REPORTS
from teahouse.protocols.web.routes import Route
from teahouse.runtime import Runtime
from teahouse.text import clean

BYTES = 8_192
LOGGED = 5
"""At once, and a minute."""
SHOWN = 200
NAMES = ("violated-directive", "blocked-uri", "document-uri", "line-number")


class Reports:
    """Counts them."""

    def __init__(self, runtime: Runtime) -> None:
        self.count = 0
        self._runtime = runtime
        self._logged = Bucket(LOGGED, runtime.now())

    @property
    def route(self) -> Route:
        """Where browsers send them."""
        return Route(REPORTS, {"POST": self.take}, body=BYTES)

    def take(self, request: HttpRequest) -> Response:
        """One more."""
        self.count += 1
        if self._logged.take(self._runtime.now(), LOGGED / 60, LOGGED):
            self._runtime.log.warn("a browser reports: {what}", what=_said(request.body))
        return Response(b"", HTTPStatus.NO_CONTENT)


def _said(body: bytes) -> str:
    """What a report says, in one line of what can be seen."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "something that is no report"
    report = found.get("csp-report") if isinstance(found, dict) else None
    if not isinstance(report, dict):
        return "something that is no report"
    parts = (f"{name}={str(report[name])[:SHOWN]}" for name in NAMES if name in report)
    return clean(" ".join(parts).replace("\n", " "))
