"""Certificates that are renewed while the house is open. Rule: connections that are there keep theirs, and new ones
get the new one; one that cannot be used changes nothing.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IOpenSSLContextFactory
from zope.interface import implementer


@implementer(IOpenSSLContextFactory)
class Certificates:
    """What an `ssl:` endpoint shows to those who connect: key, certificate and chain, from the files it names."""

    def __init__(self, endpoint: str, options: Any) -> None:
        self._endpoint = endpoint
        self._options = options

    def getContext(self) -> Any:  # noqa: N802  Twisted's name
        """For one more connection."""
        return self._options.getContext()

    def renewed(self) -> Any:
        """What the files hold now, for `take`. Raises what OpenSSL and the disk may."""
        options = _options_of(serverFromString(None, self._endpoint))  # type: ignore[no-untyped-call]  # Twisted's gap
        options.getContext()  # a key and a certificate that are not of one pair are found out here
        return options

    def take(self, options: Any) -> None:
        """Show these from now on."""
        self._options = options


def renewable(text: str, place: Any) -> Certificates | None:
    """Let an endpoint show others later; None for one that has none, or sees to it by itself (`le:`)."""
    if not text.startswith("ssl:"):
        return None
    certificates = place._sslContextFactory = Certificates(text, _options_of(place))  # noqa: SLF001  no public way
    return certificates


def _options_of(place: Any) -> Any:
    return place._sslContextFactory  # noqa: SLF001  Twisted has no public name for it
