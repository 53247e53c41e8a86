"""What a client keeps on the account. Rule: an object of its own that the house neither reads nor shows to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.errors import AccountNeeded, TooLong
from teahouse.protocols.web.codec import write
from teahouse.protocols.web.requests.request import Request

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession

KEY = "web"
BYTES = 8_192


def kept(session: WebSession) -> dict[str, Any]:
    """What is kept; a guest has nothing."""
    account = session.user.account
    found = account.settings.get(KEY, {}) if account is not None else {}
    return {"settings": found if isinstance(found, dict) else {}}


async def settings(session: WebSession, set_: dict[str, Any] | None = None) -> dict[str, Any]:
    """See them, or put others in their place."""
    if set_ is None:
        return kept(session)
    account = session.user.account
    if account is None:
        raise AccountNeeded("You are here as a guest: settings are kept for those who have an account.")
    if len(write(set_)) > BYTES:
        raise TooLong(f"Settings have at most {BYTES:,} bytes.")
    await session.server.accounts.change(account, settings={KEY: set_})
    return {"settings": set_}


REQUESTS = {"settings": Request(settings)}
