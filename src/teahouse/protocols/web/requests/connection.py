"""Coming in and going: login, register, logout, ping."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from teahouse.accounts import tokens
from teahouse.errors import ChatError, UsageError
from teahouse.protocols.web.requests.request import Request
from teahouse.protocols.web.requests.rooms import rooms_of_ones_own
from teahouse.store import StoreError

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession

LABEL = "web client"


class PasswordNeeded(ChatError):
    """The nick belongs to an account, and the client did not want to be asked for its password."""

    code = "password-needed"


async def login(  # noqa: PLR0913, PLR0917  as many as there are ways in
    session: WebSession,
    nick: str = "",
    password: str = "",
    token: str = "",
    remember: bool = False,
    ask: bool = True,
) -> dict[str, Any]:
    """Come in, as a guest or with an account."""
    _must_be_outside(session)
    if token:
        await _by_token(session, nick, token)
    else:
        session.server.check_name(nick)
        if not (ask or password):
            await _check_is_free(session, nick)
        await session.server.door.knock(session, nick, password)
    brings = await who_one_is(session)
    if remember:
        brings |= {"token": token or await _remembered(session)}
    return brings


async def _check_is_free(session: WebSession, nick: str) -> None:
    if await session.server.accounts.owner(nick) is not None:
        raise PasswordNeeded(
            f"{nick} belongs to an account. If it is yours, sign in; if not, choose another nick."
        )


async def register(session: WebSession, nick: str, password: str, remember: bool = False) -> dict[str, Any]:
    """Make an account, and come in."""
    _must_be_outside(session)
    if not password:
        raise UsageError('"register" needs a password.')
    waiting = session.server.door.register(session, nick, password)
    if waiting is not None:
        await waiting
    brings = await who_one_is(session)
    if remember:
        brings |= {"token": await _remembered(session)}
    return brings


def _must_be_outside(session: WebSession) -> None:
    if session.logged_in:
        raise UsageError("You are in the house already: logout first.")


async def _by_token(session: WebSession, nick: str, text: str) -> None:
    server = session.server
    account, token = await tokens.check(server, text, tokens.LOGIN)
    name = nick or account.name
    server.check_name(name)
    await server.accounts.check_free(name, account)
    await server.presence.come_in(session, account, name)
    session.token = token.id


async def _remembered(session: WebSession) -> str:
    """A token for the next login; "" for a guest."""
    account = session.user.account
    if account is None:
        return ""
    text, token = await tokens.create(session.server, account, (tokens.LOGIN,), LABEL)
    session.token = token.id
    return text


async def who_one_is(session: WebSession) -> dict[str, Any]:
    """What one is told of oneself."""
    user = session.user
    return {
        "nick": user.nick,
        "account": user.account.name if user.account is not None else "",
        "role": user.role,
        "rooms": await rooms_of_ones_own(session),
    }


def logout(session: WebSession, token: str = "") -> Awaitable[None] | None:
    """Leave the house on this device, which is remembered no longer."""
    if (token or session.token) and session.user.account is not None:
        return _forgotten(session, token)
    session.done(session.ref, None)
    session.leave()
    return None


async def _forgotten(session: WebSession, text: str) -> None:
    account, ref = session.user.account, session.ref
    try:
        if account is not None:
            await tokens.revoke(session.server, account, *await _ids(session, text))
    except (ChatError, StoreError) as error:
        session.server.runtime.log.warn("{nick}: {error}", nick=session.user.nick, error=error)
    session.done(ref, None)
    session.leave()


async def _ids(session: WebSession, text: str) -> set[str]:
    """The tokens that this device has: the one it names, and the one it came by."""
    own = {session.token} - {""}
    if not text:
        return own
    account, token = await tokens.check(session.server, text, tokens.LOGIN)
    return own | {token.id} if account.key == session.user.account_key else own


def ping(session: WebSession) -> None:
    """Nothing but the answer, after all that came before has been written to everyone."""
    session.server.fanout.barrier()


REQUESTS = {
    "login": Request(login, inside=False),
    "register": Request(register, inside=False),
    "logout": Request(logout, inside=False),
    "ping": Request(ping, inside=False),
}
