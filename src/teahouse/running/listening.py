"""Where the house listens: endpoints as keepers write them. Rule: what is wrong with one is said in a sentence that
names what to do, and never by a traceback.
"""

from __future__ import annotations

import errno
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.endpoints import TCP4ServerEndpoint, serverFromString
from twisted.internet.error import CannotListenError

BACKLOG = 4096
"""Connections that may wait to be accepted; Twisted's 50 overflow in a rush, and each overflow costs seconds."""
WITH_BACKLOG = ("tcp:", "tcp6:", "ssl:")
PROXIED = "proxy:"
"""Before an endpoint: its connections begin with a PROXY header."""
ENCRYPTED = ("ssl:", "tls:", "le:", "lets:")
FORMS = 'write a port, "tcp:4242:interface=0.0.0.0", "ssl:4243:privateKey=key.pem:certKey=cert.pem" or "unix:path"'
REMEDIES = {
    errno.EADDRINUSE: "Another program listens there: stop it, or choose another port.",
    errno.EACCES: "Ports below 1024 need privileges: choose a higher one, or start as root with twistd --uid.",
    errno.ENOENT: "It needs this file; in a chroot, Twisted needs dev/null, which may be an empty file.",
    errno.EADDRNOTAVAIL: "This machine does not have that address: see `ip address`.",
}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  recognised here, not listened on
LOCAL = {"127.0.0.1", "::1", *EVERYWHERE}
PAGES = {"web": "/", "metrics": "/metrics"}
"""Protocols that a browser speaks, and the page to look at."""


class CannotOpen(Exception):
    """The house cannot listen at an endpoint."""

    def __init__(self, protocol: str, endpoint: str, error: Exception) -> None:
        cause: Any = getattr(error, "socketError", error)
        reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        if getattr(cause, "filename", None):
            reason = f"{cause.filename}: {reason}"
        remedy = REMEDIES.get(getattr(cause, "errno", 0), "Choose another endpoint.")
        super().__init__(f'cannot listen for {protocol} at "{endpoint}": {reason}. {remedy}')
        self.protocol = protocol
        self.endpoint = endpoint


def make_endpoint(reactor: Any, text: str) -> Any:
    """A place to listen: a port number is on localhost, anything else a Twisted endpoint. Raises ValueError."""
    if text.startswith(PROXIED):
        text = text.removeprefix(PROXIED)
        if text.startswith(ENCRYPTED):
            raise ValueError(
                "a PROXY header comes before TLS: let the proxy do TLS, and listen without it here."
            )
    if text.startswith("haproxy:"):
        raise ValueError('write "proxy:" for it, and say in [proxy] whom to trust.')
    if text.isascii() and text.isdecimal():
        return TCP4ServerEndpoint(reactor, int(text), BACKLOG, "127.0.0.1")  # type: ignore[no-untyped-call]
    if text.startswith(WITH_BACKLOG) and ":backlog=" not in text:
        text += f":backlog={BACKLOG}"
    try:
        return serverFromString(reactor, text)  # type: ignore[no-untyped-call]  # Twisted's gap
    except OSError as error:
        raise ValueError(f"{error.filename} cannot be read: {error.strerror}.") from error
    except Exception as error:  # each kind of endpoint raises what it likes
        raise ValueError(f"{_reason(error)}; {FORMS}.") from error


def check_endpoint(text: str) -> None:
    """Raise ValueError unless it says where to listen; what it names (certificates) has to be there."""
    place = make_endpoint(None, text)
    port = getattr(place, "_port", 0)  # no endpoint of Twisted checks this before it listens
    if isinstance(port, int) and not 0 <= port <= 65_535:
        raise ValueError("a port is a number from 0 to 65535; 0 is any that is free.")


async def listen(reactor: Any, protocol: str, text: str, place: Any, factory: Any) -> Any:
    """Begin to listen. Raises CannotOpen."""
    try:
        return await place.listen(factory)
    except (CannotListenError, OSError, OverflowError) as error:
        raise CannotOpen(protocol, text, error) from None


def way_in(protocol: str, text: str, port: Any) -> str:
    """How people come in there, in the words of the client to use."""
    host = port.getHost()
    client = "nc" if protocol == "line" else protocol
    if isinstance(host, UNIXAddress):
        name = host.name.decode("utf-8", "replace") if host.name else "?"
        return f"line nc -U {name}" if protocol == "line" else f"{protocol} unix:{name}"
    if not isinstance(host, (IPv4Address, IPv6Address)):
        return f"{protocol} {text}"
    name = "localhost" if host.host in LOCAL else host.host
    if text.startswith(PROXIED):
        return f"{protocol}, for proxies, {name} {host.port}"
    if text.startswith(ENCRYPTED):
        client += " over TLS,"
    if protocol in PAGES:
        scheme = "https" if text.startswith(ENCRYPTED) else "http"
        return f"{protocol} {scheme}://{name}:{host.port}{PAGES[protocol]}"
    prefix = "line " if protocol == "line" else ""
    rest = ", from other machines by this one's name" if host.host in EVERYWHERE else ""
    return f"{prefix}{client} {name} {host.port}{rest}"


def local_site(text: str, port: Any) -> str:
    """The address of a web site that is reached from this machine alone, and so by the same name from everywhere that
    it is reached from; "" for others."""
    host = port.getHost()
    if not isinstance(host, (IPv4Address, IPv6Address)) or host.host not in LOCAL - EVERYWHERE:
        return ""
    return f"{'https' if text.startswith(ENCRYPTED) else 'http'}://localhost:{host.port}"


def _reason(error: Exception) -> str:
    text = str(error).rstrip(".")
    if isinstance(error, TypeError):
        return "it has too few, too many or unknown parts"
    return text if isinstance(error, ValueError) else f"{type(error).__name__}: {text}"
