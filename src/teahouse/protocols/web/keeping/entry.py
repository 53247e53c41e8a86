"""Who may look at the page of the moderators. Rule: whoever has the role, each time anew; the token is in the header
and in no cookie, opens the page for half a day, and an account has but a few of them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from teahouse.accounts import tokens
from teahouse.commands import rank
from teahouse.protocols.web.api.call import check_scope
from teahouse.protocols.web.api.statuses import CHALLENGE
from teahouse.protocols.web.exchange import HttpError, HttpRequest

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.store import Account

SCOPE = "moderate"
ROLE = "moderator"
LABEL = "moderators' page"
LASTS = timedelta(hours=12)
MOST = 4
"""Pages that an account has open; the oldest is closed for a new one."""
NOT_YOU = "This page is for moderators and admins of the house, and your account is neither."
SIGN_IN = "Please sign in."
OVER = "You have been signed in for half a day: please sign in again."


class Entry:
    """Lets people in."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def sign_in(self, name: str, password: str, address: str) -> tuple[Account, str]:
        """The account, and a token for this page. Raises HttpError, WrongPassword, TooFast, ChatError."""
        account = await self._server.accounts.authenticate(name, password, address)
        _check_role(account)
        await self._close_old(account)
        # A login's, too: it is gone with the password that it was made for.
        text, _ = await tokens.create(self._server, account, (tokens.LOGIN, SCOPE), LABEL)
        return account, text

    async def who(self, request: HttpRequest) -> tuple[Account, tokens.Token]:
        """Who asks. Raises HttpError, WrongPassword, TooFast."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise HttpError(HTTPStatus.UNAUTHORIZED, SIGN_IN, code="token-needed", headers=CHALLENGE)
        account, token = await self._server.accounts.by_token(text.strip(), request.address)
        check_scope(token, SCOPE)
        if token.label == LABEL and _is_over(token):
            raise HttpError(HTTPStatus.UNAUTHORIZED, OVER, code="token-needed", headers=CHALLENGE)
        _check_role(account)
        return account, token

    async def sign_out(self, account: Account, token: tokens.Token) -> None:
        """The token opens nothing any more, if it was made here; a program's is its own."""
        if token.label == LABEL:
            await tokens.revoke(self._server, account, token.id)

    async def _close_old(self, account: Account) -> None:
        made_here = [each for each in tokens.tokens_of(account) if each.label == LABEL]
        old = [each.id for each in made_here if _is_over(each)]
        left = [each.id for each in made_here if each.id not in old]
        gone = old + left[: max(0, len(left) - MOST + 1)]
        if gone:
            await tokens.revoke(self._server, account, *gone)


def _is_over(token: tokens.Token) -> bool:
    return datetime.now(UTC) - token.created > LASTS


def _check_role(account: Account) -> None:
    if rank(account.role) < rank(ROLE):
        raise HttpError(HTTPStatus.FORBIDDEN, NOT_YOU, code="not-allowed")
