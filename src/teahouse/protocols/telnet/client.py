"""What a client's own account of itself means for how things are shown to it. Rule: pure functions from a view and
something the client said to the next view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from teahouse.protocols.terminal.preferences import for_reader
from teahouse.protocols.terminal.view import TerminalView

# They wrap by themselves, and better than we can: they know what the user does with the window.
WRAP_BY_THEMSELVES = (
    "atlantis",
    "beip",
    "blowtorch",
    "cmud",
    "kildclient",
    "mudlet",
    "mudrammer",
    "mushclient",
    "potato",
    "tintin",
    "tinyfugue",
    "zmud",
)
OUR_OWN = "teahouse"
ANSI, UTF_8, COLOURS_256, SCREEN_READER, TRUECOLOUR = 1, 4, 8, 64, 256


@dataclass(frozen=True, slots=True, kw_only=True)
class TelnetView(TerminalView):
    """A terminal behind telnet."""

    gmcp: bool = False
    """Channel text is sent by GMCP too, for a client that shows it in a window of its own."""


def named(view: TerminalView, name: str) -> TerminalView:
    """After TTYPE (RFC 1091) or CLIENT_NAME: the client's or the terminal's name."""
    name = name.casefold()
    if name.startswith("tinyfugue"):
        # It strips the eighth bit, and 0x80 becomes a NUL that cuts the line.
        view = replace(view, ascii=True)
    if name.startswith(WRAP_BY_THEMSELVES):
        return replace(view, width=0)
    if view.reader or "mono" in name:
        return view
    if "256color" in name or "truecolor" in name:
        return replace(view, colours=256)
    if name.startswith(("xterm", "ansi", "linux", "screen", "tmux", "rxvt", "putty", "konsole", "cygwin")):
        return replace(view, colours=max(view.colours, 16))
    return view


def wraps_by_itself(names: tuple[str, ...], *, mtts: bool = False) -> bool:
    """Whether a client of these names breaks long lines between words on its own. Who sends MTTS is a MUD client,
    and does, but for our own: it leaves that to the house."""
    if mtts and not any(name.casefold() == OUR_OWN for name in names):
        return True
    return any(name.casefold().startswith(WRAP_BY_THEMSELVES) for name in names)


def with_mtts(view: TerminalView, bits: int) -> TerminalView:
    """After MTTS: the bits of tintin.mudhalla.net/protocols/mtts."""
    view = replace(view, width=0)
    if bits & SCREEN_READER:
        return for_reader(view)
    if bits & (COLOURS_256 | TRUECOLOUR):
        return replace(view, colours=256)
    return replace(view, colours=max(view.colours, 16)) if bits & ANSI else view
