"""WEBIRC: a gateway says for whom it connects (ircv3.net/specs/extensions/webirc). Rule: only from the addresses in
the settings, each with its own password, before anything else is said; from then on the connection is the client's:
its address is counted, banned and cloaked, and nothing that the gateway has shown of itself counts for the client.
"""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING

from teahouse.admission import within
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.link import StreamLink
from teahouse.protocols.peer import Peer

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

LOOPBACK = within(["127.0.0.0/8", "::1"])


def webirc(session: IrcSession, message: Message) -> None:
    """WEBIRC password gateway hostname ip [:options]. The host's name is not believed: nobody has checked it."""
    said, link = session.registration, session.link
    if said is None or said.nick or said.user:
        raise Refusal(n.ERR_ALREADYREGISTERED)
    assert isinstance(link, StreamLink)
    if link.is_relayed or not _knows(session, message.params[0]):
        session.drop("WEBIRC: you are no gateway of this house, or that is not your password.")
        return
    address = _address(message.params[3])
    if not address:
        session.drop("WEBIRC: that is no address.")
        return
    options = _options(message.params[4] if len(message.params) > 4 else "")
    secure = "secure" in options and (link.secure or LOOPBACK(link.address))
    port = options.get("remote-port", "")
    refusal = link.relay(Peer(address, int(port[:5]) if port.isdecimal() else 0, secure))
    session.host = session.user.host = session.server.order.cloaks.of(address)
    if refusal:
        session.drop(refusal)


def _knows(session: IrcSession, password: str) -> bool:
    """Whether this is a gateway's address and its password."""
    found = False
    for each in session.server.settings.irc.webirc:
        network, _, own = each.partition(" ")
        is_same = compare_digest(own.encode(), password.encode("utf-8", "surrogatepass"))
        found |= is_same and within([network])(session.address)
    return found


def _address(text: str) -> str:
    """The address; IPv6 may have a 0 before it, as a parameter cannot begin with a colon."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _options(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (each.partition("=") for each in text.split(" "))}


VERBS = {"WEBIRC": Verb(webirc, 4, before=True)}
