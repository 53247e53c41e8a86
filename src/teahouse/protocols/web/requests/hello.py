"""The first thing that is said: which version, and whether one comes back. Rule: a session is known by its secret
alone, and who comes back finds it as it was, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.commands import rank
from teahouse.errors import ChatError, UsageError
from teahouse.protocols.web.answers import Done
from teahouse.protocols.web.ids import meant
from teahouse.protocols.web.render import render
from teahouse.protocols.web.requests.request import Request
from teahouse.protocols.web.resume import prepared
from teahouse.protocols.web.returning import LOST

if TYPE_CHECKING:
    from teahouse.protocols.web.post import Post
    from teahouse.protocols.web.session import WebSession
    from teahouse.server import Server

VERSION = 1


class WrongVersion(ChatError):
    """The client is of another time than the house."""

    code = "version"


def hello(session: WebSession, version: int, resume: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """Begin, or go on where the connection was lost."""
    if session.greeted:
        raise UsageError("You have said hello already.")
    if version != VERSION:
        raise WrongVersion(f"This house speaks version {VERSION}: reload the page, or get a newer client.")
    if resume is not None and _come_back(session, resume):
        return None  # answered there, in its place before what was missed
    session.greeted = True
    session.link.open()
    return _welcome(session.server, session.link, resumed=False)


def _welcome(server: Server, post: Post, *, resumed: bool) -> dict[str, Any]:
    return {"house": about(server), "session": post.secret, "resumed": resumed}


def about(server: Server) -> dict[str, Any]:
    """What a client is told of the house."""
    house, limits = server.settings.house, server.limits
    return {
        "name": house.name,
        "lobby": server.entry_room or house.lobby,
        "motd": house.motd,
        "guests": house.guests and not server.order.lockdown,
        "registration": house.registration and not server.order.lockdown,
        "password": bool(house.password),
        "push": server.push.key,
        "uploads": uploads_of(server),
        "limits": {
            "line": limits.line_bytes,
            "nick": limits.nick_length,
            "room": limits.room_length,
            "topic": limits.topic_length,
            "away": limits.away_length,
            "rooms": limits.rooms_per_user,
            "resume": limits.resume_seconds,
        },
    }


def uploads_of(server: Server) -> dict[str, Any] | None:
    """What a client is told of uploads; None where there are none."""
    settings = server.settings.uploads
    if not server.uploads.is_on:
        return None
    return {
        "role": settings.role,
        "bytes": settings.file_bytes,
        "kinds": settings.kinds,
        "site": server.settings.web.url,
    }


def _come_back(session: WebSession, resume: dict[str, Any]) -> bool:
    secret, last = resume.get("session"), resume.get("last", 0)
    if not isinstance(secret, str) or type(last) is not int or last < 0:
        raise UsageError('"resume" of "hello" is an object with "session" and "last".')
    post, connection = session.link.returning.find(secret), session.link.connection
    if post is None or post.session.ended or connection is None:
        return False
    missed = post.sent.since(last)
    if missed is None or _is_banned(post.session, connection.address):
        post.session.leave_lost(LOST)  # a guest's nick is free for the login that comes now
        return False
    session.link.connection = None
    session.leave_lost("")
    done = Done(session.ref, _welcome(session.server, post, resumed=True), id=meant(last))
    answer = [prepared(render(done, session.view)).frame] if session.ref is not None else []
    post.resume_on(connection, [*answer, *missed])
    return True


def _is_banned(session: WebSession, address: str) -> bool:
    """Whether it comes from where it may not: else a ban could be stepped around."""
    order, user = session.server.order, session.user
    session.host = order.cloaks.of(address)
    return rank(user.role) < rank("moderator") and order.bans.about(user, order.now()) is not None


REQUESTS = {"hello": Request(hello, inside=False)}
