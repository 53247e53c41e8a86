"""What an IRC client can be shown. Rule: only what changes the bytes of an event that many are sent stands in a view,
so that clients of one kind stand in one group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from teahouse.view import View

SHAPING = frozenset(
    {
        "account-tag",
        "away-notify",
        "account-notify",
        "batch",
        "chghost",
        "draft/channel-rename",
        "draft/event-playback",
        "draft/message-edit",
        "draft/message-redaction",
        "draft/multiline",
        "draft/relaymsg",
        "echo-message",
        "extended-join",
        "invite-notify",
        "message-tags",
        "multi-prefix",
        "server-time",
        "setname",
        "znc.in/self-message",
    }
)
"""The capabilities that change how an event looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IrcView(View):
    """A client by the capabilities that shape what it is sent; `server` is the name under which the house speaks."""

    caps: frozenset[str] = frozenset()
    server: str = "teahouse"


@lru_cache(1024)
def with_caps(view: IrcView, caps: frozenset[str]) -> IrcView:
    """The same view with these capabilities; one object for all clients of a kind."""
    return replace(view, caps=caps)


@lru_cache(64)
def plain_view(server: str) -> IrcView:
    """The view of a client that has asked for nothing: the same for all of them."""
    return IrcView(server=server)
