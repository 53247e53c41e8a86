"""Coming in and going: login, register, logout, ping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.protocols.web.requests.request import Request

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession


async def login(session: WebSession, nick: str, password: str = "") -> dict[str, Any]:
    """Come in, as a guest or with an account."""
    session.server.check_name(nick)
    await session.server.door.knock(session, nick, password)
    return who_one_is(session)


def who_one_is(session: WebSession) -> dict[str, Any]:
    """What one is told of oneself."""
    user = session.user
    return {
        "nick": user.nick,
        "account": user.account.name if user.account is not None else "",
        "role": user.role,
        "rooms": [room.name for room in user.rooms.values()],
    }


def logout(session: WebSession) -> None:
    """Leave the house on this device."""
    session.leave()


def ping(session: WebSession) -> None:
    """Nothing but the answer, after all that came before has been written to everyone."""
    session.server.fanout.barrier()


REQUESTS = {
    "login": Request(login, inside=False),
    "logout": Request(logout, inside=False),
    "ping": Request(ping, inside=False),
}
