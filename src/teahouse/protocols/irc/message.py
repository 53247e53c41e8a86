"""One IRC message: a line without its line end to a `Message`, and back. What goes out is always one line.

Lenient in, strict out: spaces, letter case and the number of parameters do not matter when a line is read; a
message that cannot be written so that it reads the same is a ValueError, never another message on the wire.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

_TEXTS = "PRIVMSG NOTICE TOPIC PART KICK QUIT AWAY SETNAME ERROR FAIL WARN NOTE WALLOPS CAP"
_NUMERICS = "257 258 259 301 302 303 311 312 314 319 322 332 352 353 371 372 705 706 730 731 732 761"
TEXTS = frozenset(f"{_TEXTS} {_NUMERICS}".split())
"""Commands that end in a text: it has its colon also where a word needs none, as naive clients expect."""
TEXT_ALONE = frozenset({"AWAY", "ERROR", "QUIT", "SETNAME"})
"""Those of them whose only parameter is one."""
_BEFORE_A_COMMAND = frozenset(("", " ", "@", ":"))
_UNESCAPED = {":": ";", "s": " ", "r": "\r", "n": "\n"}
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_ESCAPED = str.maketrans({";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n", "\0": None})
_TO_ESCAPE = re.compile(r"[; \\\r\n\0]")
_NOT_IN_A_KEY = re.compile("[ ;=\0\r\n]")
_DROPPED = str.maketrans("", "", "\0\r\n")
_SPACED = str.maketrans("\r\n", "  ", "\0")


@dataclass(frozen=True, slots=True)
class Message:
    """A command or numeric with its parameters. `source` is who it comes from, without the colon.

    Tag values are unescaped, and "" where there was none. `str` is the line, without CR LF.
    """

    command: str
    params: tuple[str, ...] = ()
    source: str = ""
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        line = _joined(self)
        if "\n" in line or "\r" in line or "\0" in line:
            line = _joined(_cleaned(self))
        return line


@dataclass(frozen=True, slots=True)
class Ready:
    """Whole lines as they go on the wire, in a place where messages stand: made at once, or once for many."""

    data: bytes


def parse(line: str) -> Message:
    """Read one line, which has no line end. ValueError if there is no command in it.

    The command is upper-cased if it is ASCII; whether it is known is not asked here. There may be any number
    of parameters; only the space separates them (modern.ircdocs.horse, "Message Format").
    """
    tags: dict[str, str] = {}
    source = ""
    if line[:1] in _BEFORE_A_COMMAND:
        tags, source, line = _before_the_command(line)
    head, colon, text = line.partition(" :")
    words = head.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if colon:
        words.append(text)
    command = words[0]
    return Message(command.upper() if command.isascii() else command, tuple(words[1:]), source, tags)


def parse_tags(section: str) -> dict[str, str]:
    """Read what stands between "@" and the space. Keys are opaque, and the last of equal ones wins.

    No key makes a line invalid (message-tags, "Rules for naming message tags"); a tag without a key is dropped.
    """
    tags: dict[str, str] = {}
    for tag in section.split(";"):
        key, _, value = tag.partition("=")
        if key:
            tags[key] = _ESCAPE.sub(_unescaped, value) if "\\" in value else value
    return tags


def encode(message: Message) -> bytes:
    """The message as it goes on the wire, with CR LF. ValueError for what no line can say.

    NUL, CR and LF are dropped, or spaces in the last parameter; a lone surrogate becomes "?". Length is not
    looked at: that is for whoever makes the message.
    """
    return f"{message}\r\n".encode("utf-8", "replace")


def middle(word: str) -> str:
    """The word as a parameter before the last one; "*" for what cannot stand there."""
    return word if word and " " not in word and word[0] != ":" else "*"


def _before_the_command(line: str) -> tuple[dict[str, str], str, str]:
    """The tags and the source of a line that does not begin with its command, and the rest, which does."""
    tags: dict[str, str] = {}
    source = ""
    line = line.lstrip(" ")
    if line[:1] == "@":
        section, _, line = line[1:].partition(" ")
        tags = parse_tags(section)
        line = line.lstrip(" ")
    if line[:1] == ":":
        source, _, line = line[1:].partition(" ")
        line = line.lstrip(" ")
    if line[:1] in _BEFORE_A_COMMAND:
        raise ValueError("a line without a command")
    return tags, source, line


def _unescaped(match: re.Match[str]) -> str:
    """The character that an escape stands for; one that has no meaning stands for itself."""
    return _UNESCAPED.get(match[1], match[1])


def _joined(message: Message) -> str:
    """The line, if it will be read as the same message; CR, LF and NUL are not looked for."""
    parts = [f"@{_tag_section(message.tags)}"] if message.tags else []
    if message.source:
        if " " in message.source:
            raise ValueError(f"a source with a space: {message.source!r}")
        parts.append(f":{message.source}")
    command = message.command
    if command[:1] in _BEFORE_A_COMMAND or " " in command:
        raise ValueError(f"no command: {command!r}")
    parts.append(command)
    if message.params:
        *middle, last = message.params
        for param in middle:
            if not param or " " in param or param[0] == ":":
                raise ValueError(f"only the last parameter can be {param!r}")
            parts.append(param)
        with_colon = (
            (command in TEXTS and (middle or command in TEXT_ALONE))
            or not last
            or " " in last
            or last[0] == ":"
        )
        parts.append(f":{last}" if with_colon else last)
    return " ".join(parts)


def _tag_section(tags: Mapping[str, str]) -> str:
    return ";".join(
        [f"{_checked(key)}={_escaped(value)}" if value else _checked(key) for key, value in tags.items()]
    )


def _escaped(value: str) -> str:
    # Most values need no escape, and to see that costs a fifth of a translation.
    return value.translate(_ESCAPED) if _TO_ESCAPE.search(value) else value


@lru_cache(256)
def _checked(key: str) -> str:
    if not key or _NOT_IN_A_KEY.search(key):
        raise ValueError(f"no key of a tag: {key!r}")
    return key


def _cleaned(message: Message) -> Message:
    *middle, last = message.params or ("",)
    params = (*(param.translate(_DROPPED) for param in middle), last.replace("\r\n", " ").translate(_SPACED))
    return replace(
        message,
        command=message.command.translate(_DROPPED),
        params=params if message.params else (),
        source=message.source.translate(_DROPPED),
    )
