"""The terminal. Rule: one line at the bottom belongs to the one who types, and everything else is printed above it,
whole lines at a time, in one write.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.clipboard import InMemoryClipboard
from prompt_toolkit.data_structures import Size
from prompt_toolkit.filters import Condition, is_searching
from prompt_toolkit.formatted_text import ANSI, FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.vt100 import Vt100_Output

from teahouse.client.codec import Asked, Hidden, Line, News, Prompt
from teahouse.client.echo import PATIENCE, LocalEcho
from teahouse.client.history import LineHistory, state_file
from teahouse.client.safe import plain
from teahouse.client.terminal import Terminal
from teahouse.client.wire import GRACE_SECONDS, End, Wire
from teahouse.text import clean

PROMPT_LENGTH = 500
"""A longer unfinished line is not shown as a prompt: it is text still on its way."""
BELL_SECONDS = 1.0
AGAIN = "Ctrl-C once more leaves"


class Screen:
    """Someone at a terminal."""

    def __init__(self, wire: Wire, terminal: Terminal) -> None:
        self._wire = wire
        self._colours = terminal.colours > 0
        self._loop = asyncio.get_running_loop()
        self._echo = LocalEcho()
        self._prompt = ""
        self._rang_at = 0.0
        self._going = False  # Ctrl-C was pressed once
        self._killed = 0
        # Without cursor position requests: their answers come in between what is typed.
        self._output = Vt100_Output(sys.stdout, _size, terminal.name, enable_cpr=False)
        self._session: PromptSession[str] = PromptSession(
            message=lambda: ANSI(self._prompt),
            history=LineHistory(state_file(os.environ), self._is_hidden),
            is_password=Condition(self._is_hidden),
            placeholder=lambda: FormattedText([("class:placeholder", AGAIN if self._going else "")]),
            key_bindings=self._keys(),
            output=self._output,
            enable_suspend=True,
            erase_when_done=True,
        )
        self._session.default_buffer.accept_handler = self._accept
        self._session.default_buffer.on_text_changed += self._typing
        self._session.app.after_render += self._rendered

    async def run(self) -> End:
        """Until either side leaves."""
        listening = asyncio.create_task(self._wire.listen(self._show))
        listening.add_done_callback(self._exit)
        for number in (signal.SIGTERM, signal.SIGHUP):
            self._loop.add_signal_handler(number, self._kill, number)
        if not listening.done():
            await self._session.prompt_async(handle_sigint=True)
        if self._killed:
            return End(128 + self._killed)
        if not listening.done():
            self._wire.leave()
            await self._wire.quiet(listening, GRACE_SECONDS)
        self._print([self._echo.due()])
        return listening.result() if listening.done() else End(0)

    def say(self, text: str) -> None:
        """A line of our own."""
        self._print([f"\x1b[2m{text}\x1b[0m"])

    # ---- what the server says ------------------------------------------------------------------------------

    def _show(self, news: list[News]) -> None:
        lines: list[str] = []
        for each in news:
            if isinstance(each, Line):
                lines += [self._echo.before(each.text), each.text or " "]
                self._ring(each)
            elif isinstance(each, Asked):
                lines.append(self._echo.due())
            elif isinstance(each, Hidden):
                self._hide()
            elif isinstance(each, Prompt):
                self._prompt = each.text if len(each.text) <= PROMPT_LENGTH else ""
        self._print(lines)
        self._session.app.invalidate()

    def _print(self, lines: list[str]) -> None:
        """Write lines above the one being typed; the empty ones are none."""
        text = "".join(f"{line if self._colours else plain(line)}\r\n" for line in lines if line)
        if not text:
            return
        app = self._session.app
        if app.is_running:
            app.renderer.erase()
        self._output.write_raw(text)
        self._output.flush()
        app.invalidate()

    def _ring(self, line: Line) -> None:
        now = self._loop.time()
        if line.bell and now - self._rang_at > BELL_SECONDS:
            self._rang_at = now
            self._output.bell()

    def _hide(self) -> None:
        """Typing is hidden or shown from now on. What was typed hidden is forgotten before it could be shown."""
        if not self._is_hidden():
            self._session.default_buffer.reset()
            self._session.clipboard = InMemoryClipboard()

    # ---- what is typed -------------------------------------------------------------------------------------

    def _accept(self, buffer: Buffer) -> bool:
        hidden, prompt, text = self._is_hidden(), self._prompt, buffer.text
        self._wire.say(text)
        self._prompt = ""
        shown = "" if hidden else "\r\n".join(clean(line) for line in text.split("\n"))
        line = f"{prompt}\x1b[2m{shown}\x1b[0m" if shown else prompt
        if prompt:
            self._print([self._echo.due(), line])
        else:
            self._print([self._echo.typed(text, line)])
            self._loop.call_later(PATIENCE, self._show_echo)
        return False  # the line is empty again

    def _show_echo(self) -> None:
        self._print([self._echo.due()])

    def _typing(self, _: Any) -> None:
        self._going = False

    def _is_hidden(self) -> bool:
        return self._wire.codec.hidden

    def _rendered(self, _: Any) -> None:
        """Every change of the window's size makes the library draw anew."""
        size = self._output.get_size()
        self._wire.resized(size.columns, size.rows)

    # ---- leaving -------------------------------------------------------------------------------------------

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        empty = Condition(lambda: not self._session.default_buffer.text)
        keys.add("c-c", filter=~is_searching)(self._interrupt)  # while searching it ends the search
        keys.add("<sigint>")(self._interrupt)
        keys.add("c-d", filter=empty)(self._exit)
        for key in ("up", "down", "c-p", "c-n", "c-r", "c-s"):
            keys.add(key, filter=Condition(self._is_hidden))(_nothing)
        return keys

    def _interrupt(self, _: KeyPressEvent) -> None:
        if self._going:
            self._exit()
        self._session.default_buffer.reset()
        self._going = True

    def _exit(self, _: Any = None) -> None:
        app = self._session.app
        if app.is_running and not app.is_done:
            app.exit(result="")

    def _kill(self, number: int) -> None:
        self._killed = number
        self._exit()


def _nothing(_: KeyPressEvent) -> None:
    """A key that would only come between a password and its line."""


def _size() -> Size:
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return Size(rows=rows or 24, columns=columns or 80)
