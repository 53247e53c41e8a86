"""From an HTTP request to a WebSocket, or to the reason why not. No I/O. Rule: a page of someone else's cannot open
one in the name of whoever looks at it (RFC 6455, 10.2); a client that is no browser names no origin and may.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Mapping, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from wsproto.utilities import generate_accept_token

NOT_NAMED = (
    "Pages under this name may not connect: name their site in [web] origins, or the proxy before the house in "
    "[proxy] trusted."
)
VERSION = "13"
KEY_BYTES = 16
ANY = "*"
DEFAULT_PORTS = {"http": 80, "https": 443}
Headers = Callable[[str], Sequence[str]]
"""All values of a header."""


class NoUpgrade(Exception):
    """The request is answered with a page instead: its status, a sentence, and headers."""

    def __init__(self, status: HTTPStatus, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers or {}


class Upgrade(NamedTuple):
    """What is sent to say yes, and the subprotocol that was chosen ("" for none)."""

    head: bytes
    subprotocol: str


def upgrade(  # noqa: PLR0913  all that decides
    method: str,
    version: str,
    headers: Headers,
    subprotocols: Sequence[str],
    origins: Collection[str],
    *,
    is_local: bool = False,
) -> Upgrade:
    """The answer to a request (RFC 6455, 4.2); `is_local`: it comes from this machine itself. Raises NoUpgrade."""
    _check_origin(headers, origins, is_local=is_local)
    key = _checked_key(method, version, headers)
    chosen = next((each for each in _tokens(headers("Sec-WebSocket-Protocol")) if each in subprotocols), "")
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {generate_accept_token(key.encode()).decode()}",
        *([f"Sec-WebSocket-Protocol: {chosen}"] if chosen else []),
    ]
    return Upgrade("".join(f"{line}\r\n" for line in [*lines, ""]).encode(), chosen)


def _checked_key(method: str, version: str, headers: Headers) -> str:
    """The client's key, if all else is as RFC 6455, 4.2.1 wants it."""
    if "websocket" not in _words(headers("Upgrade")) or "upgrade" not in _words(headers("Connection")):
        hint = {"Upgrade": "websocket"}
        raise NoUpgrade(HTTPStatus.UPGRADE_REQUIRED, "Only WebSockets are answered here.", hint)
    if method != "GET" or version != "HTTP/1.1" or len(headers("Host")) != 1:
        raise NoUpgrade(HTTPStatus.BAD_REQUEST, "A WebSocket begins with GET, HTTP/1.1 and one Host.")
    if headers("Sec-WebSocket-Version") != [VERSION]:
        hint = {"Upgrade": "websocket", "Sec-WebSocket-Version": VERSION}
        text = f"Only version {VERSION} of WebSockets is spoken here."
        raise NoUpgrade(HTTPStatus.UPGRADE_REQUIRED, text, hint)
    keys = headers("Sec-WebSocket-Key")
    if len(keys) != 1 or not _is_key(keys[0]):
        raise NoUpgrade(HTTPStatus.BAD_REQUEST, "Sec-WebSocket-Key is 16 bytes in base64.")
    return keys[0]


def _is_key(text: str) -> bool:
    try:
        return len(b64decode(text, validate=True)) == KEY_BYTES
    except ValueError:
        return False


def _check_origin(headers: Headers, origins: Collection[str], *, is_local: bool) -> None:
    said, hosts = headers("Origin"), headers("Host")
    if not said or ANY in origins:
        return
    if len(said) != 1 or not is_welcome(said[0], hosts[0] if len(hosts) == 1 else "", origins):
        raise NoUpgrade(HTTPStatus.FORBIDDEN, "Pages of other sites may not connect to this house.")
    if is_local and not (is_welcome(said[0], "", origins) or _is_local(said[0])):
        raise NoUpgrade(HTTPStatus.FORBIDDEN, NOT_NAMED)


def _is_local(origin: str) -> bool:
    """Whether the host of a page can be no other machine's by another answer of the DNS: an address, or localhost
    (RFC 6761, 6.3). To a browser on this machine a page of anywhere may look like the house's own, when its name
    leads here since the page was loaded (DNS rebinding)."""
    host = urlsplit(origin.lower()).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_welcome(origin: str, host: str, origins: Collection[str]) -> bool:
    """Whether a page of that origin may ask the house for something: its own, and those that are named."""
    known = {each.lower() for each in origins}
    return ANY in known or origin.lower() in known or _is_own(origin, host)


def _is_own(origin: str, to: str) -> bool:
    """Whether a page is from where the request goes to. Behind a proxy the scheme is not known here."""
    try:
        page, host = urlsplit(origin.lower()), urlsplit(f"//{to.lower()}")
        default = DEFAULT_PORTS.get(page.scheme)
        return (
            bool(to)
            and default is not None
            and bool(page.hostname)
            and (page.hostname, page.port or default) == (host.hostname, host.port or default)
        )
    except ValueError:
        return False


def _tokens(values: Sequence[str]) -> list[str]:
    return [token.strip() for value in values for token in value.split(",")]


def _words(values: Sequence[str]) -> list[str]:
    return [token.lower() for token in _tokens(values)]
