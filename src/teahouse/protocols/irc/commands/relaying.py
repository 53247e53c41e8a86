"""RELAYMSG (draft/relaymsg): a bridge says in a channel what someone elsewhere has said, under that one's name. Rule:
only for those who keep order there; and the name is that of nobody here, since none of the house's has a slash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import CannotTalk
from teahouse.events import Emoted, Said
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.capabilities import SLASH
from teahouse.protocols.irc.commands.channels import own_room
from teahouse.protocols.irc.commands.talk import ACTION
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.making import CTCP
from teahouse.protocols.irc.message import Message
from teahouse.text import clean, valid_name

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

RELAYMSG = "RELAYMSG"


def relaymsg(session: IrcSession, message: Message) -> None:
    """RELAYMSG #channel name/network :text, from clients without the capability too."""
    target, nick, text = message.params[:3]
    room, user = own_room(session, target), session.user
    if rank(room.role_of(session)) < rank("operator"):
        raise Fail(RELAYMSG, "PRIVS_NEEDED", text="Only operators of a channel relay into it.")
    who = _name(session, nick)
    is_action = text.startswith(ACTION)
    if is_action:
        text = text[len(ACTION) :].strip(CTCP).strip()
    if not clean(text).strip() or text[:1] == CTCP:
        raise Fail(RELAYMSG, "BLANK_MSG", text="There is nothing in it that anyone could see.")
    room.check_manner("emote" if is_action else "notice")
    kind = Emoted if is_action else Said
    room.speak(user, kind(who, text, relay=user.nick))


def _name(session: IrcSession, nick: str) -> str:
    """Someone's name elsewhere, and after a slash where that is. Raises Fail."""
    name, _, place = nick.partition(SLASH)
    most = session.server.limits.nick_length
    try:
        who = SLASH.join([valid_name(name, max_length=most), valid_name(place, max_length=most)])
        session.server.order.check_words(session.user, who)
    except (ValueError, CannotTalk) as error:
        text = f"{error} A relayed nick is like amy/network."
        raise Fail(RELAYMSG, "INVALID_NICK", text=text) from error
    return who


VERBS = {RELAYMSG: Verb(relaymsg, 3)}
