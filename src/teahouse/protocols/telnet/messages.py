"""What a telnet or line codec reports. A complete line is a plain `str`; everything else is one of these.

All are frozen and carry only what was on the wire, already bounded: names and values are printable and short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class TooLong:
    """A line passed the limit. Reported at once; the rest of that line is dropped, the next one is fine."""

    limit: int


@dataclass(frozen=True, slots=True)
class BadEncoding:
    """The next line was not UTF-8 and is read as Windows-1252. Reported once per connection."""


@dataclass(frozen=True, slots=True)
class AreYouThere:
    """IAC AYT: the peer wants visible proof that the server is alive (RFC 854)."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """IAC IP: Ctrl-C. The unfinished input line is already dropped."""


@dataclass(frozen=True, slots=True)
class AbortOutput:
    """IAC AO: the peer does not want to see the output that is still queued."""


@dataclass(frozen=True, slots=True)
class WindowSize:
    """NAWS (RFC 1073): the peer's window, within sensible bounds; comes again with each resize."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TerminalType:
    """One more name from TTYPE (RFC 1091). `names` has all so far; MUD clients say their own name first."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mtts:
    """What a MUD client says it can do: the bits of the Mud Terminal Type Standard."""

    bits: int


@dataclass(frozen=True, slots=True)
class Environ:
    """A NEW-ENVIRON variable that was asked for: CLIENT_NAME or CHARSET (RFC 1572). MTTS comes as `Mtts`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Charset:
    """CHARSET (RFC 2066) was agreed: "UTF-8" or "US-ASCII"."""

    name: str


@dataclass(frozen=True, slots=True)
class Gmcp:
    """A GMCP message. `data` is the parsed JSON, None when there was none. Core.Supports.* and Core.Ping
    are dealt with in the codec and do not show up."""

    package: str
    data: object


@dataclass(frozen=True, slots=True)
class GmcpWanted:
    """The peer agreed to GMCP: `gmcp()` sends from now on."""


@dataclass(frozen=True, slots=True)
class MsspWanted:
    """The peer asks for the server's MSSP variables: answer with `mssp(...)`."""


@dataclass(frozen=True, slots=True)
class CompressionWanted:
    """The peer agreed to MCCP2: send `take()`, then `start_compression()`, then everything through zlib."""


@dataclass(frozen=True, slots=True)
class CompressionUnwanted:
    """The peer took back its MCCP2 agreement: finish the zlib stream and go on in plain."""


@dataclass(frozen=True, slots=True)
class InputHidden:
    """The peer's answer to `hide_input`: with `hidden` False what is typed shows on the peer's screen."""

    hidden: bool


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The peer went on past the telnet budgets. Reported once, and nothing is read after it."""


Message: TypeAlias = (
    str
    | TooLong
    | BadEncoding
    | AreYouThere
    | Interrupt
    | AbortOutput
    | WindowSize
    | TerminalType
    | Mtts
    | Environ
    | Charset
    | Gmcp
    | GmcpWanted
    | MsspWanted
    | CompressionWanted
    | CompressionUnwanted
    | InputHidden
    | TooMuch
)
