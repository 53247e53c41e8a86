"""Who may come back: sessions by their secrets, and those whose connection is lost. Rule: bounded in number and in
time, with one timer for all; whoever is waited for longest goes first.
"""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse.protocols.web.post import Post
    from teahouse.server import Server

SECRET_BYTES = 32
LOST = "connection lost"


class Returning:
    """The web sessions of a house."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._posts: dict[str, Post] = {}
        self._lost: dict[Post, float] = {}
        self._is_timed = False

    def __len__(self) -> int:
        """How many are waited for."""
        return len(self._lost)

    def add(self, post: Post) -> str:
        """One that may come back, under this secret."""
        secret = token_urlsafe(SECRET_BYTES)
        self._posts[secret] = post
        return secret

    def find(self, secret: str) -> Post | None:
        """The one whose secret this is."""
        return self._posts.get(secret)

    def forget(self, post: Post) -> None:
        """It has ended."""
        self._posts.pop(post.secret, None)
        self._lost.pop(post, None)

    def lost(self, post: Post) -> None:
        """Its connection is lost: it is waited for."""
        limits = self._server.limits
        self._lost[post] = self._server.runtime.now() + limits.resume_seconds
        if len(self._lost) > limits.resumable:
            next(iter(self._lost)).give_up()
        self._time()

    def found(self, post: Post) -> None:
        """It has come back."""
        self._lost.pop(post, None)

    def _time(self) -> None:
        if self._lost and not self._is_timed:
            self._is_timed = True
            at = next(iter(self._lost.values()))
            self._server.runtime.later(max(0.0, at - self._server.runtime.now()), self._look)

    def _look(self) -> None:
        self._is_timed = False
        now = self._server.runtime.now()
        for post in [post for post, at in self._lost.items() if at <= now]:
            post.give_up()
        self._time()
