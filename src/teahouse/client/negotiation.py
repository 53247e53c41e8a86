"""What a chat client agrees to in telnet's negotiation. Rule: it begins nothing and answers by RFC 1143; an option
that is not here is refused.
"""

from __future__ import annotations

from teahouse.client.terminal import Terminal
from teahouse.protocols.telnet import payloads, wire
from teahouse.protocols.telnet.options import ANSWERS, Change, Options, Side

NAME = "TEAHOUSE"
OURS = frozenset({wire.TTYPE, wire.NAWS, wire.CHARSET})
THEIRS = frozenset({wire.ECHO, wire.EOR, wire.CHARSET})


class PatientOptions(Options):
    """Options whose budget comes back with each line that a person sends: no loop of machines has those."""

    __slots__ = ()

    def renew(self) -> None:
        """The person has sent a line."""
        self._answers_left = ANSWERS


class Negotiation:
    """The telnet side of one connection."""

    __slots__ = ("_asked", "_names", "_size", "options", "out")

    def __init__(self, terminal: Terminal) -> None:
        self.options = PatientOptions()
        self.out = bytearray()  # answers for the server
        self._size = terminal.size
        # RFC 1091: from the best to the least; MUD servers take the first for the client's own name.
        self._names = (NAME, terminal.name.upper(), f"MTTS {terminal.mtts}")
        self._asked = 0

    @property
    def hidden(self) -> bool:
        """The server has promised to echo what is typed, and will not: a password."""
        return self.options.is_on(Side.THEIRS, wire.ECHO)

    def heard(self, verb: int, option: int) -> None:
        """WILL, WONT, DO or DONT."""
        ours = verb in (wire.DO, wire.DONT)
        agree = option in (OURS if ours else THEIRS) and (option != wire.NAWS or self._size is not None)
        reply, change = self.options.hear(verb, option, agree=agree)
        self.out += reply
        if ours and option == wire.NAWS and change is Change.ON:
            self._tell_size()

    def resized(self, columns: int, rows: int) -> None:
        """The window has another size now."""
        if self._size != (columns, rows):
            self._size = (columns, rows)
            self._tell_size()

    def subnegotiated(self, payload: bytes) -> None:
        """The server asks for something that was agreed to."""
        option, request, data = payload[0], payload[1:2], payload[1:]
        if not any(self.options.is_on(side, option) for side in Side):
            return
        if option == wire.TTYPE and request == bytes((payloads.SEND,)):
            self._tell_type()
        elif option == wire.CHARSET and request == bytes((payloads.REQUEST,)):
            self._choose_charset(data)

    def _tell_size(self) -> None:
        if self._size and self.options.is_on(Side.OURS, wire.NAWS):
            window = b"".join(min(cells, 0xFFFF).to_bytes(2, "big") for cells in self._size)
            self.out += wire.subnegotiation(wire.NAWS, window)

    def _tell_type(self) -> None:
        """RFC 1091: the last name twice says that there are no more; then it begins again."""
        name = self._names[min(self._asked, len(self._names) - 1)]
        self._asked = (self._asked + 1) % (len(self._names) + 1)
        self.out += wire.subnegotiation(wire.TTYPE, bytes((payloads.IS,)) + name.encode("ascii", "replace"))

    def _choose_charset(self, data: bytes) -> None:
        name, answer = payloads.charset_chosen(data)
        if name != "UTF-8":
            answer = bytes((payloads.REJECTED,))
        self.out += wire.subnegotiation(wire.CHARSET, answer)
