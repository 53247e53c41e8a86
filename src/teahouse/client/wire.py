"""The connection. Rule: bytes go to the codec, news to whoever shows them, and nothing is shown here."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from teahouse.client.address import shown
from teahouse.client.codec import Babble, ClientCodec, News
from teahouse.client.failures import SPEAKS_TLS, Status, broken, not_connected

CONNECT_SECONDS = 20
GRACE_SECONDS = 2.0
"""How long a server may say nothing after we are done."""
CHUNK = 64 * 1024
TLS_ALERT = b"\x15\x03"
"""What a TLS server sends to one who did not begin with TLS."""


@dataclass(frozen=True, slots=True)
class End:
    """How it ended, and what there is to say about it."""

    status: int
    words: str = ""


class Wire:
    """One connection to a server."""

    def __init__(
        self,
        host: str,
        port: int,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        codec: ClientCodec,
    ) -> None:
        self.host = host
        self.codec = codec
        self._place = shown(host, port)
        self._reader, self._writer = streams
        self._leaving = False
        self._heard_at = 0.0

    @property
    def secure(self) -> bool:
        """Whether nobody on the way can read along."""
        return self._writer.get_extra_info("ssl_object") is not None

    async def listen(self, show: Callable[[list[News]], None]) -> End:
        """Read to the end."""
        first = True
        try:
            while data := await self._reader.read(CHUNK):
                if first and data.startswith(TLS_ALERT):
                    return End(Status.TLS, SPEAKS_TLS.format(place=self._place))
                first = False
                self._heard_at = asyncio.get_running_loop().time()
                news = self.codec.receive(data)
                self._answer()
                show(news)
                if any(isinstance(each, Babble) for each in news):
                    return End(Status.BROKEN, f"{self.host} never stops negotiating.")
        except OSError as error:
            return End(Status.CLOSED) if self._leaving else End(Status.BROKEN, broken(error, self.host))
        if self._leaving:
            return End(Status.CLOSED)
        hint = " It never said anything: does it want --tls?" if first and not self.secure else ""
        return End(Status.CLOSED, f"Connection closed by {self.host}.{hint}")

    def say(self, text: str) -> None:
        """Send what was typed."""
        self._writer.write(self.codec.send(text))

    async def pour(self, data: bytes) -> None:
        """Send bytes as they are, and wait while the server does not take them."""
        self._writer.write(data)
        await self._writer.drain()

    def resized(self, columns: int, rows: int) -> None:
        """The window has another size now."""
        self.codec.resized(columns, rows)
        self._answer()

    def leave(self) -> None:
        """Nothing more will be said by us. TLS cannot be closed half, so there the server must be patient."""
        self._leaving = True
        if self._writer.can_write_eof() and not self._writer.is_closing():
            self._writer.write_eof()

    async def quiet(self, listening: asyncio.Task[End], seconds: float) -> None:
        """Wait until the server has closed, or has said nothing for so long, from now on."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while not listening.done() and (left := max(since, self._heard_at) + seconds - loop.time()) > 0:
            await asyncio.wait({listening}, timeout=left)

    def close(self) -> None:
        """Close both halves; what the system has taken is still sent."""
        self._writer.close()

    def _answer(self) -> None:
        answer = self.codec.take()
        if answer and not self._writer.is_closing():
            self._writer.write(answer)


async def connect(host: str, port: int, codec: ClientCodec, *, tls: ssl.SSLContext | None) -> Wire:
    """Raises NotConnected."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            streams = await asyncio.open_connection(
                host,
                port,
                ssl=tls,
                ssl_handshake_timeout=CONNECT_SECONDS / 2 if tls else None,
                happy_eyeballs_delay=0.25,  # RFC 8305
            )
    except (OSError, UnicodeError) as error:
        raise not_connected(error, host, port, tls=tls is not None) from error
    streams[1].get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return Wire(host, port, streams, codec)


def tls_context(*, insecure: bool) -> ssl.SSLContext:
    """The system's authorities decide, or nobody does."""
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
