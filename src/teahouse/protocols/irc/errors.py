"""An error in IRC's words. Rule: one table from the house's error codes to numerics, with what belongs to each as
parameters; what has no numeric is a FAIL for clients that know standard replies, and a NOTICE for others; a `Fail` is
what it says for everyone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from teahouse.errors import ChatError
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Fail, Refusal
from teahouse.protocols.irc.message import Message, middle
from teahouse.protocols.irc.names import is_channel

Params = Callable[[Message], tuple[str, ...]]


def _channel(message: Message) -> tuple[str, ...]:
    """The channel that a message is about."""
    return (middle(next((word for word in message.params if is_channel(word)), "*")),)


def _nick(message: Message) -> tuple[str, ...]:
    """The nick that a message is about."""
    words = [word for word in message.params[:2] if not is_channel(word)]
    return (middle(words[0]) if words else "*",)


def _nick_and_channel(message: Message) -> tuple[str, ...]:
    return (*_nick(message), *_channel(message))


def _command(message: Message) -> tuple[str, ...]:
    return (message.command or "*",)


def _first(message: Message) -> tuple[str, ...]:
    return (middle(message.params[0]) if message.params else "*",)


def _nothing(message: Message) -> tuple[str, ...]:
    return ()


NUMERICS: dict[str, tuple[str, Params]] = {
    "usage": (n.ERR_NEEDMOREPARAMS, _command),
    "unknown-command": (n.ERR_UNKNOWNCOMMAND, _command),
    "no-such-nick": (n.ERR_NOSUCHNICK, _nick),
    "no-such-room": (n.ERR_NOSUCHCHANNEL, _channel),
    "nick-in-use": (n.ERR_NICKNAMEINUSE, _first),
    "bad-name": (n.ERR_ERRONEUSNICKNAME, _first),
    "not-in-room": (n.ERR_NOTONCHANNEL, _channel),
    "too-many": (n.ERR_TOOMANYCHANNELS, _channel),
    "not-allowed": (n.ERR_CHANOPRIVSNEEDED, _channel),
    "banned": (n.ERR_BANNEDFROMCHAN, _channel),
    "invite-only": (n.ERR_INVITEONLYCHAN, _channel),
    "room-full": (n.ERR_CHANNELISFULL, _channel),
    "wrong-room-password": (n.ERR_BADCHANNELKEY, _channel),
    "account-needed": (n.ERR_NEEDREGGEDNICK, _channel),
    "cannot-talk": (n.ERR_CANNOTSENDTOCHAN, _channel),
    "already-there": (n.ERR_USERONCHANNEL, _nick_and_channel),
    "wrong-password": (n.ERR_PASSWDMISMATCH, _nothing),
    "too-fast": (n.RPL_TRYAGAIN, _command),
    "busy": (n.RPL_TRYAGAIN, _command),
}
OF_A_LINE = {"usage", "unknown-command"}
"""What is wrong with a command that was said into a channel; with PRIVMSG itself there is nothing wrong."""
ABOUT_A_CHANNEL = {_channel, _nick_and_channel}
OTHERWISE = {"not-allowed": (n.ERR_NOPRIVILEGES, _nothing), "bad-name": (n.ERR_NOSUCHCHANNEL, _channel)}
OTHERWISE["account-needed"] = (n.ERR_NEEDREGGEDNICK, _first)
"""In place of the former where the message is about no channel, or (a bad name) about one."""


def explained(error: ChatError, message: Message, nick: str, caps: Collection[str]) -> tuple[Message, ...]:
    """What a client is told of an error."""
    if isinstance(error, Refusal):
        text = (error.text,) if error.text else ()
        return (Message(error.numeric, (nick, *map(middle, error.params), *text)),)
    if isinstance(error, Fail):
        return (_fail(error),)
    found = NUMERICS.get(error.code)
    about_channel = any(is_channel(word) for word in message.params)
    if message.command == "PRIVMSG" and about_channel and error.code in OF_A_LINE:
        found = NUMERICS["cannot-talk"]
    if error.code in OTHERWISE and about_channel == (error.code == "bad-name"):
        found = OTHERWISE[error.code]
    elif found is not None and found[1] in ABOUT_A_CHANNEL and not about_channel:
        found = None
    if found is None:
        code = error.code.upper().replace("-", "_")
        return (_standard(Fail(message.command or "*", code, text=error.text), nick, caps),)
    code, params = found
    return tuple(Message(code, (nick, *params(message), line)) for line in error.text.splitlines()[:1])


def _standard(fail: Fail, nick: str, caps: Collection[str]) -> Message:
    if "standard-replies" in caps:
        return _fail(fail)
    return Message("NOTICE", (nick, fail.text.replace("\n", " ")))


def _fail(fail: Fail) -> Message:
    """Where a specification has its errors in this form, a client that uses it knows them without asking for it."""
    text = fail.text.replace("\n", " ")
    return Message("FAIL", (fail.command, fail.reason, *map(middle, fail.context), text))
