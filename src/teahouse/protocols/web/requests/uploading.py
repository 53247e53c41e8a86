"""Uploading a file from a page: what lets it. Rule: the file itself comes over HTTP, with the ticket in its head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.protocols.web.requests.request import Request

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession


def upload(session: WebSession) -> dict[str, Any]:
    """A ticket for one file. Raises NotAllowed."""
    uploads, account = session.server.uploads, session.user.account
    uploads.check_may(account)
    return {"ticket": uploads.tickets.give(session.user.account_key)}


REQUESTS = {"upload": Request(upload)}
