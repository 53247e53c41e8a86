"""What a server sends, made safe for the terminal. Rule: a server is not trusted. Of all that a terminal would obey
only colours (SGR sequences) and tabs pass; colour ends with the line and is taken up again by the next one.
"""

from __future__ import annotations

import re

from teahouse.text import clean

RESET = "\x1b[0m"
BELL = "\a"
OPEN_LENGTH = 64
"""How much of colour that was never reset is carried from line to line."""

_SGR = re.compile(r"\x1b\[([0-9;:]{0,64})m")
_PARTS = re.compile(
    r"(\t|\x1b(?:\[[0-?]*[ -/]*[@-~]?"  # CSI: colour, cursor, modes
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS and their like: titles, clipboard, links
    r"|[ -/]*[0-~]?))"  # all other escapes
)
_INDEXED = re.compile(r"[345]8;(?:5;[0-9]*|2;[0-9]*;[0-9]*;[0-9]*)")


class Painter:
    """Cleans lines in their order and knows which colour is still on at the end of each."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open = ""

    def line(self, text: str) -> str:
        """The next line."""
        line, self._open = _painted(text, self._open)
        return line

    def unfinished(self, text: str) -> str:
        """What there is of a line that will come again when more of it has arrived."""
        return _painted(text, self._open)[0]


def plain(line: str) -> str:
    """A line of `Painter` without its colours."""
    return _SGR.sub("", line)


def rings(text: str) -> bool:
    """Whether a line as it was received rings the bell: a BEL of its own, not the end of an OSC."""
    return BELL in text and any(BELL in part for part in _PARTS.split(text)[::2])


def _painted(text: str, colour: str) -> tuple[str, str]:
    """The line, and the colour that is on after it."""
    if not colour and "\x1b" not in text and "\t" not in text:
        return clean(text), ""
    out = [colour]
    for i, part in enumerate(_PARTS.split(text)):
        if i % 2 == 0:
            out.append(clean(part))
        elif part == "\t":
            out.append(part)
        elif (sgr := _SGR.fullmatch(part)) and not _conceals(sgr[1]):
            out.append(part)
            colour = _after(colour, part, sgr[1])
    line = "".join(out)
    return (line + RESET if "\x1b" in line and not line.endswith(RESET) else line), colour


def _conceals(parameters: str) -> bool:
    """SGR 8: text that is copied but not seen."""
    return any(code.lstrip("0") == "8" for code in _INDEXED.sub("", parameters).split(";"))


def _after(colour: str, sequence: str, parameters: str) -> str:
    if parameters.strip("0;") == "" or parameters.endswith((";", ";0")):
        return ""
    if parameters.startswith(("0;", ";")) or len(colour) + len(sequence) > OPEN_LENGTH:
        return sequence if len(sequence) <= OPEN_LENGTH else ""
    return colour + sequence
