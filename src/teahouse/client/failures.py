"""How a connection ends, in an exit status and in words that say what to do. Rule: pure, and the only such words."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
from enum import IntEnum

from teahouse.client.address import shown


class Status(IntEnum):
    """What the command exits with; 2 (usage) is click's."""

    CLOSED = 0
    UNREACHABLE = 1
    TLS = 3
    BROKEN = 4
    INTERRUPTED = 130


class NotConnected(Exception):
    """There is no connection to talk over."""

    def __init__(self, status: Status, words: str) -> None:
        super().__init__(words)
        self.status = status


_UNREACHABLE = {
    errno.ECONNREFUSED: "Nothing listens at {place}. Is the port right? A house of your own opens with:"
    " teahouse serve",
    errno.ETIMEDOUT: "{place} does not answer. Is the host up, and does a firewall let you through?",
    errno.EHOSTUNREACH: "There is no way to {place} from here. Is the network up?",
    errno.ENETUNREACH: "There is no way to {place} from here. Is the network up?",
}
SPEAKS_TLS = "{place} speaks TLS: add --tls."
_ERRNO = re.compile(r"\[Errno (\d+)\]")


def not_connected(error: Exception, host: str, port: int, *, tls: bool) -> NotConnected:
    """Why connecting failed."""
    place = shown(host, port)
    if isinstance(error, socket.gaierror | UnicodeError):
        return NotConnected(Status.UNREACHABLE, f"There is no host {host}. Is it spelled right?")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotConnected(Status.TLS, _certificate(error, place))
    if isinstance(error, ssl.SSLError) or (
        tls and isinstance(error, ConnectionResetError | ConnectionAbortedError)
    ):
        why = getattr(error, "reason", None) or str(error)
        words = f"No TLS with {place} ({str(why).lower().replace('_', ' ')}). Without TLS, leave out --tls."
        return NotConnected(Status.TLS, words)
    code = errno.ETIMEDOUT if isinstance(error, TimeoutError) else _errno(error)
    words = _UNREACHABLE.get(code, "{place} cannot be reached: {why}.")
    why = os.strerror(code) if code else str(error)
    return NotConnected(Status.UNREACHABLE, words.format(place=place, why=why))


def broken(error: OSError, host: str) -> str:
    """The connection was there and broke."""
    why = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return f"The connection to {host} broke: {why}."


def _certificate(error: ssl.SSLCertVerificationError, place: str) -> str:
    return (
        f"The certificate of {place} is not to be trusted: {error.verify_message}."
        " If you know this server and its network, --insecure takes any certificate."
    )


def _errno(error: Exception) -> int:
    """Its number; asyncio hides those of several addresses in the words."""
    number = getattr(error, "errno", None)
    if number:
        return int(number)
    found = _ERRNO.findall(str(error))
    return int(found[-1]) if found else 0
