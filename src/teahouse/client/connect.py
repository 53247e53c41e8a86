"""`teahouse connect`, put together. Rule: all that goes wrong ends here, as one sentence and an exit status."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

from teahouse.client.address import shown
from teahouse.client.codec import ClientCodec
from teahouse.client.failures import NotConnected, Status
from teahouse.client.pipe import Pipe
from teahouse.client.terminal import is_dumb, terminal
from teahouse.client.wire import End, Wire, connect, tls_context


def main(host: str, port: int, *, tls: bool, insecure: bool) -> int:
    """Connect, talk, and return the exit status."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it has nothing to say to the one who types
    if insecure:
        _tell(f"Whoever answers as {shown(host, port)} is believed: its certificate is not checked.")
    try:
        end = asyncio.run(_talk(host, port, tls=tls, insecure=insecure))
    except NotConnected as error:
        end = End(error.status, str(error))
    except KeyboardInterrupt:
        end = End(Status.INTERRUPTED)
    if end.words:
        _tell(end.words)
    return end.status


async def _talk(host: str, port: int, *, tls: bool, insecure: bool) -> End:
    codec = ClientCodec(terminal(sys.stdout, os.environ))
    wire = await connect(host, port, codec, tls=tls_context(insecure=insecure) if tls else None)
    try:
        if sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb(os.environ):
            return await _at_the_terminal(wire, shown(host, port))
        colours = terminal(sys.stdout, os.environ).colours > 0
        return await Pipe(wire, colours=colours).run()
    finally:
        wire.close()


async def _at_the_terminal(wire: Wire, place: str) -> End:
    from teahouse.client.screen import Screen  # noqa: PLC0415  pipes need no prompt_toolkit

    screen = Screen(wire, terminal(sys.stdout, os.environ))
    screen.say(f"Connected to {place}{' over TLS' if wire.secure else ''}. Ctrl-D leaves.")
    return await screen.run()


def _tell(words: str) -> None:
    print(f"teahouse: {words}", file=sys.stderr)  # noqa: T201
