"""`echo hi | teahouse connect …`: text in, text out, for scripts and for terminals too dumb to edit on. Rule: only
text is written, in colour only to a terminal; the end of the input ends the connection, but not before the server
had time to answer.

Many servers drop a connection whose other half is closed, and with it the answers they still had to give. So the
half is only closed when the server has been quiet for a while.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import io
import os
import sys
import termios
import threading

from teahouse.client.codec import Asked, Hidden, Line, News
from teahouse.client.safe import plain
from teahouse.client.wire import CHUNK, GRACE_SECONDS, End, Wire
from teahouse.protocols.telnet.wire import escaped


class Pipe:
    """Standard input to the server, what it says to standard output."""

    def __init__(self, wire: Wire, *, colours: bool) -> None:
        self._wire = wire
        self._colours = colours
        self._loop = asyncio.get_running_loop()
        self._done = asyncio.Event()
        self._decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), True)
        self._whole = True  # what was sent so far ends with a line end

    async def run(self) -> End:
        """Until the server closes, or the input has ended and the server is quiet."""
        listening = asyncio.create_task(self._wire.listen(self._show))
        listening.add_done_callback(lambda _: self._done.set())
        threading.Thread(target=self._read, name="stdin", daemon=True).start()
        try:
            await self._done.wait()
            await self._wire.quiet(listening, GRACE_SECONDS / 2)
            if not listening.done():
                self._wire.leave()
                await self._wire.quiet(listening, GRACE_SECONDS / 2)
            rest = self._wire.codec.unfinished()
            self._write([rest] if rest else [])
        except BrokenPipeError:
            listening.cancel()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return End(0)
        finally:
            _type_hidden(False)
        return listening.result() if listening.done() else End(0)

    def _read(self) -> None:
        """In a thread of its own, which may hang in `read` for ever: files, terminals and pipes read alike."""
        data = b"more"
        # The connection may be gone, or the program be ending; then nobody answers, or the loop is closed.
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            while data:
                data = os.read(sys.stdin.fileno(), CHUNK)
                sent = threading.Event()
                self._loop.call_soon_threadsafe(self._begin_sending, data, sent)
                sent.wait()

    def _begin_sending(self, data: bytes, sent: threading.Event) -> None:
        # The coroutine is made here and not in the thread: a loop that ends would leave it unawaited.
        self._sending = self._loop.create_task(self._send(data))
        self._sending.add_done_callback(
            lambda task: None if task.cancelled() or task.exception() else sent.set()
        )

    async def _send(self, data: bytes) -> None:
        text = self._decoder.decode(data, final=not data)
        if text:
            self._whole = text.endswith("\n")
        elif not data and not self._whole:
            text = "\n"
        await self._wire.pour(escaped(text.replace("\n", "\r\n").encode("utf-8", "replace")))
        if not data:
            self._done.set()

    def _show(self, news: list[News]) -> None:
        lines = []
        for each in news:
            if isinstance(each, Hidden):
                _type_hidden(each.on)
            elif isinstance(each, Line | Asked):
                lines.append(each.text)
        self._write(lines)

    def _write(self, lines: list[str]) -> None:
        text = "".join(f"{line if self._colours else plain(line)}\n" for line in lines)
        sys.stdout.write(text)
        sys.stdout.flush()


def _type_hidden(on: bool) -> None:
    """For someone who does type here: only the output goes elsewhere, or the terminal is dumb."""
    with contextlib.suppress(termios.error, OSError, ValueError):
        attributes = termios.tcgetattr(sys.stdin.fileno())
        attributes[3] = attributes[3] & ~termios.ECHO if on else attributes[3] | termios.ECHO
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, attributes)
