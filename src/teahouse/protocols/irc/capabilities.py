"""What a client can ask the house for (IRCv3 capability negotiation). Rule: one table has every capability that there
is; code asks for one by the name in the table's last column, whichever of its names the client knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from teahouse import sasl
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.settings import Settings

LINE = 510
"""Bytes of a line without its line end."""
SLASH = "/"
VALUES = 302
"""The version from which on a client takes values, several lines, and news (section "CAP LS Version Features")."""
Value = Callable[["IrcSession"], str | None]


def _plain(session: IrcSession) -> str:
    return ""


class Offer(NamedTuple):
    """A capability: its value for one client ("" for none, None where it is not offered just now), whether it can be
    asked for, and the name by which the house knows it, if that is another."""

    value: Value = _plain
    can_be_asked_for: bool = True
    known_as: str = ""


def _sasl(session: IrcSession) -> str:
    return ",".join(sasl.offered(session.link.certificate))


def registers_outside(settings: Settings) -> bool:
    """Whether REGISTER works before 001: only where that is no way around the password of the house."""
    return settings.irc.register_before_connect and not settings.house.password


def _registration(session: IrcSession) -> str | None:
    """account-registration: only while people may register by themselves."""
    settings = session.server.settings
    if not settings.house.registration or session.server.order.lockdown:
        return None
    return "before-connect,custom-account-name" if registers_outside(settings) else "custom-account-name"


def _sts(session: IrcSession) -> str | None:
    """sts: where the keeper wants it and IRC is listened for over TLS; `port` is for plain connections, `duration`
    for encrypted ones."""
    server, irc = session.server, session.server.settings.irc
    if not irc.sts or not any(way.startswith("irc ") for way in server.encrypted_ways):
        return None
    return f"duration={irc.sts_days * 86_400}" if session.link.secure else f"port={irc.sts_port}"


def _multiline(session: IrcSession) -> str:
    limits = session.server.limits
    return f"max-bytes={limits.multiline_bytes},max-lines={limits.multiline_lines}"


def _relaymsg(session: IrcSession) -> str:
    """relaymsg: the sign that stands in relayed nicks, and in no others."""
    return SLASH


def _metadata(session: IrcSession) -> str:
    limits = session.server.limits
    return (
        f"before-connect,max-subs={limits.metadata_subscriptions},max-keys={limits.metadata_keys},"
        f"max-key-bytes={limits.metadata_key_bytes},max-value-bytes={limits.metadata_value_bytes}"
    )


def _webpush(session: IrcSession) -> str | None:
    return "" if session.server.push.key else None


OFFERS: dict[str, Offer] = {
    "account-notify": Offer(),
    "account-tag": Offer(),
    "away-notify": Offer(),
    "batch": Offer(),
    "cap-notify": Offer(),
    "chghost": Offer(),
    "echo-message": Offer(),
    "extended-join": Offer(),
    "extended-monitor": Offer(),
    "invite-notify": Offer(),
    "labeled-response": Offer(),
    "message-tags": Offer(),
    "multi-prefix": Offer(),
    "sasl": Offer(_sasl),
    "server-time": Offer(),
    "setname": Offer(),
    "standard-replies": Offer(),
    "sts": Offer(_sts, can_be_asked_for=False),
    "userhost-in-names": Offer(),
    "draft/account-registration": Offer(_registration),
    "draft/channel-rename": Offer(),
    "draft/chathistory": Offer(),
    "draft/event-playback": Offer(),
    "draft/extended-isupport": Offer(),
    "draft/extended-monitor": Offer(known_as="extended-monitor"),
    "draft/message-edit": Offer(),
    "draft/message-redaction": Offer(),
    "draft/metadata-2": Offer(_metadata),
    "draft/metadata-3": Offer(_metadata),
    "draft/multiline": Offer(_multiline),
    "draft/no-implicit-names": Offer(),
    "draft/pre-away": Offer(),
    "draft/read-marker": Offer(),
    "draft/relaymsg": Offer(_relaymsg),
    "draft/search": Offer(),
    "draft/webpush": Offer(_webpush),
    "no-implicit-names": Offer(known_as="draft/no-implicit-names"),
    "soju.im/search": Offer(),
    "soju.im/no-implicit-names": Offer(known_as="draft/no-implicit-names"),
    "soju.im/webpush": Offer(_webpush, known_as="draft/webpush"),
    "znc.in/playback": Offer(),
    "znc.in/self-message": Offer(),
}
"""Every capability. Those that old clients know stand first: what is told them must fit into one line."""
FOR_EVER = frozenset({"sts"})
"""Never taken back by CAP DEL (sts, "Mechanism")."""


@lru_cache(1024)
def one(names: frozenset[str]) -> frozenset[str]:
    """The same set for the same names: most clients of one kind ask for the same."""
    return names


def offered(session: IrcSession) -> dict[str, str]:
    """What this client can have just now, with values."""
    found = {name: offer.value(session) for name, offer in OFFERS.items()}
    return {name: value for name, value in found.items() if value is not None}


def can_be_asked_for(session: IrcSession, name: str) -> bool:
    """Whether a CAP REQ for it, or for the end of it (`-name`), is granted."""
    wanted = name.removeprefix("-")
    offer = OFFERS.get(wanted)
    if offer is None or not offer.can_be_asked_for:
        return False
    if name[:1] == "-":  # section "cap-notify": not from a client that knows version 302
        return not (wanted == "cap-notify" and session.cap_version >= VALUES)
    return offer.value(session) is not None


def clash(session: IrcSession, names: Iterable[str]) -> bool:
    """Whether a client would have two drafts of metadata at once, which metadata-3 forbids."""
    gone = {name[1:] for name in names if name[:1] == "-"}
    return {"draft/metadata-2", "draft/metadata-3"} <= (session.asked | set(names)) - gone


def known(names: Iterable[str]) -> set[str]:
    """Capabilities by the names that the house knows them by."""
    return {OFFERS[name].known_as or name for name in names if name in OFFERS}


def words(found: dict[str, str], *, values: bool) -> list[str]:
    """As they are listed."""
    return [f"{name}={value}" if value and values else name for name, value in found.items()]


def lines(session: IrcSession, subcommand: str, names: Iterable[str], *, several: bool) -> list[Message]:
    """A list of capabilities as CAP messages: in as many as need be, all but the last with an asterisk; or in one,
    with as many as fit."""
    nick = session.nick
    room = LINE - len(f":{session.server_name} CAP {nick} {subcommand} * :".encode())
    pieces = join_lists(names, room) or [""]
    if not several:
        return [Message("CAP", (nick, subcommand, pieces[0]))]
    *others, last = pieces
    return [
        *(Message("CAP", (nick, subcommand, "*", piece)) for piece in others),
        Message("CAP", (nick, subcommand, last)),
    ]


# ---- when it changes ------------------------------------------------------------------------------------------


def note_offered(session: IrcSession) -> None:
    """The client knows what is offered now."""
    session.state["offered"] = one(frozenset(words(offered(session), values=True)))


def announce(session: IrcSession) -> None:
    """Tell a client that wants to know (cap-notify) what is offered anew, with another value, or no more."""
    before: frozenset[str] | None = session.state.get("offered")
    if before is None or not session.has("cap-notify"):
        return
    now = offered(session)
    note_offered(session)
    names = {word.partition("=")[0] for word in before}
    fresh = {n: v for n, v in now.items() if not {f"{n}={v}" if v else n} & before}
    gone = sorted(names - now.keys() - FOR_EVER)
    if gone:
        session.ask_for(f"-{name}" for name in gone)
        session.send(*_news(session, "DEL", gone))
    if fresh:
        session.send(*_news(session, "NEW", words(fresh, values=session.cap_version >= VALUES)))


def _news(session: IrcSession, subcommand: str, names: Iterable[str]) -> list[Message]:
    """NEW and DEL have no form for several lines: each is one of its own."""
    room = LINE - len(f":{session.server_name} CAP {session.nick} {subcommand} :".encode())
    return [Message("CAP", (session.nick, subcommand, piece)) for piece in join_lists(names, room)]
