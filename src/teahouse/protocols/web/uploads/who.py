"""Who uploads. Rule: every proof is one that the house takes elsewhere, and guesses are counted with all others; a
page of another site has nothing to send that would be one.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from http import HTTPStatus
from typing import TYPE_CHECKING

from teahouse.errors import WrongPassword
from teahouse.protocols.web.api.call import check_scope
from teahouse.protocols.web.api.statuses import CHALLENGE
from teahouse.protocols.web.exchange import HttpError, HttpRequest
from teahouse.protocols.web.keeping.desk import DeskSession

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.store import Account

SCOPE = "write"
"""What a token is for that uploads."""
BASIC = {"WWW-Authenticate": 'Basic realm="teahouse", charset="UTF-8"'}
WHO_ARE_YOU = (
    "Say who you are: your account's name and password (curl -u), or a token that may write (Bearer)."
)
USED = "That took too long to begin: please try again."


async def uploader(server: Server, request: HttpRequest) -> Account:
    """The account that uploads. Raises HttpError, WrongPassword, TooFast, Busy, and Banned for those whom the house
    does not let in."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        account = await _by_password(server, text.strip(), request.address)
    elif scheme.lower() == "bearer":
        account = await _by_token(server, text.strip(), request.address)
    else:
        raise HttpError(HTTPStatus.UNAUTHORIZED, WHO_ARE_YOU, code="account-needed", headers=BASIC)
    desk = DeskSession(server, account, request.address, secure=request.secure)
    server.order.check_login(desk.user, account.name, account)
    return account


async def _by_password(server: Server, text: str, address: str) -> Account:
    """RFC 7617: name and password in UTF-8, with a colon between."""
    try:
        name, colon, password = b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = colon = password = ""
    if not (name and colon):
        raise HttpError(HTTPStatus.UNAUTHORIZED, WHO_ARE_YOU, code="account-needed", headers=BASIC)
    try:
        return await server.accounts.authenticate(name, password, address)
    except WrongPassword as error:
        raise HttpError(HTTPStatus.UNAUTHORIZED, error.text, code=error.code, headers=BASIC) from error


async def _by_token(server: Server, text: str, address: str) -> Account:
    """A ticket of the house's own page, or an account's token."""
    if "." not in text:  # a token has one
        key = server.uploads.tickets.use(text)
        account = await server.store.account(key) if key else None
        if account is None or account.suspended:
            raise HttpError(HTTPStatus.UNAUTHORIZED, USED, code=WrongPassword.code, headers=CHALLENGE)
        return account
    account, token = await server.accounts.by_token(text, address)
    check_scope(token, SCOPE)
    return account
