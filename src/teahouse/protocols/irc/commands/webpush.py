"""WEBPUSH (draft/webpush, soju.im/webpush): notifications to a client that is not connected. Rule: a subscription
belongs to the account, and says what its client would have been sent.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.errors import ChatError, UsageError
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message, parse_tags
from teahouse.protocols.irc.webpush import KIND, capabilities_of
from teahouse.push.subscriptions import Subscription

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

WEBPUSH = "WEBPUSH"
INVALID, INTERNAL = "INVALID_PARAMS", "INTERNAL_ERROR"


def webpush(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """WEBPUSH REGISTER endpoint keys; WEBPUSH UNREGISTER endpoint; WEBPUSH VAPIDPUBKEY."""
    subcommand, *params = message.params or ("*",)
    match subcommand.upper(), params:
        case "REGISTER", [endpoint, keys]:
            return _register(session, endpoint, parse_tags(keys))
        case "UNREGISTER", [endpoint]:
            return _unregister(session, endpoint)
        case "VAPIDPUBKEY", [] if session.server.push.key:  # as the draft had it before the token VAPID
            session.send(Message(WEBPUSH, ("VAPIDPUBKEY", session.server.push.key)))
            return None
    context = (subcommand, params[0] if params else "*")
    raise Fail(WEBPUSH, INVALID, *context, text="Use REGISTER <endpoint> <keys> or UNREGISTER <endpoint>.")


async def _register(session: IrcSession, endpoint: str, keys: dict[str, str]) -> None:
    given = Subscription(
        endpoint=endpoint,
        p256dh=keys.get("p256dh", ""),
        auth=keys.get("auth", ""),
        kind=KIND,
        caps=capabilities_of(session),
    )
    try:
        await session.server.push.subscribe(session.user, given)
    except ChatError as error:
        raise _failed("REGISTER", endpoint, error) from error
    session.send(Message(WEBPUSH, ("REGISTER", endpoint)))


async def _unregister(session: IrcSession, endpoint: str) -> None:
    try:
        await session.server.push.unsubscribe(session.user, endpoint)
    except ChatError as error:
        raise _failed("UNREGISTER", endpoint, error) from error
    session.send(Message(WEBPUSH, ("UNREGISTER", endpoint)))


def _failed(subcommand: str, endpoint: str, error: ChatError) -> Fail:
    """The two codes that the specification has."""
    code = INVALID if isinstance(error, UsageError) else INTERNAL
    return Fail(WEBPUSH, code, subcommand, endpoint, text=error.text)


VERBS = {WEBPUSH: Verb(webpush)}
