"""The way of a call: who asks, how often, with which values; then its function. Rule: every error is JSON with a code
of the house, and no token is ever repeated or logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from teahouse.accounts.tokens import Token
from teahouse.errors import ChatError, EndSession, NotFound, UsageError
from teahouse.extensions.hooks import Response
from teahouse.protocols.web.api.call import Call, check_scope
from teahouse.protocols.web.api.callers import Callers
from teahouse.protocols.web.api.endpoint import PREFIX, Endpoint
from teahouse.protocols.web.api.openapi import document
from teahouse.protocols.web.api.statuses import CHALLENGE, as_http
from teahouse.protocols.web.api.streams import Streams
from teahouse.protocols.web.api.table import TABLE
from teahouse.protocols.web.api.values import bound
from teahouse.protocols.web.codec import loaded
from teahouse.protocols.web.exchange import JSON, Answer, HttpError, HttpRequest, Stream, as_json
from teahouse.protocols.web.routes import Route
from teahouse.server import Server
from teahouse.store import Account, StoreError

BODY = 65_536
"""Bytes that a call may bring."""
NO_STORE = {"Cache-Control": "no-store"}
BROKEN = "Something went wrong here. The keepers have been told."
NO_HOOK = "There is no such webhook."
TOO_FAST = "Not so fast: your account may ask that again in a moment."
WHO_ARE_YOU = "Say who you are: Authorization: Bearer <token>. /token add makes one for your account."


class Api:
    """Answers calls."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.callers = Callers(server)
        self.streams = Streams(server)

    def routes(self) -> Iterator[Route]:
        """Where it answers: a route for each path."""
        yield Route(f"{PREFIX}/openapi.json", {"GET": self._document})
        for path in dict.fromkeys(each.path for each in TABLE):
            of_path = {each.method: each for each in TABLE if each.path == path}
            body = BODY if any(each.takes_body for each in of_path.values()) else 0
            handlers = {method: partial(self.answer, each) for method, each in of_path.items()}
            yield Route(PREFIX + path, handlers, body=body)

    def _document(self, request: HttpRequest) -> Response:
        return as_json(document(TABLE))

    async def answer(self, endpoint: Endpoint, request: HttpRequest) -> Answer:
        """What a call is answered. Raises HttpError."""
        said: dict[str, str] = {**NO_STORE}
        try:
            return _finished(await self._answer(endpoint, request, said), endpoint, said)
        except HttpError as error:
            error.headers = {**said, **error.headers}
            raise
        except (ChatError, StoreError) as error:
            found = as_http(error)
            found.headers = {**said, **found.headers}
            raise found from error
        except EndSession:
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "The house is closing.", headers=said) from None
        except Exception as error:  # the site would log the path, and in it may stand what opens a webhook
            self.server.runtime.log.failure("the API failed at {path}", path=endpoint.path)
            raise HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN, code="internal") from error

    async def _answer(self, endpoint: Endpoint, request: HttpRequest, said: dict[str, str]) -> Any:
        account, token = await self._who(endpoint, request)
        if endpoint.scope:
            check_scope(token, endpoint.scope)
        # All tokens of an account together; each webhook by itself, for it leads into one room.
        taken, limits = self.callers.take(account.key if endpoint.scope else f"{account.key} {token.id}")
        said |= limits
        if not taken:
            raise HttpError(HTTPStatus.TOO_MANY_REQUESTS, TOO_FAST, code="too-fast")
        said.pop("Retry-After", None)
        values = values_of(endpoint, request)
        with self.callers.session(account, request.address, secure=request.secure) as session:
            call = Call(self.callers, self.streams, session, account, token, request)
            return await endpoint.function(call, **values)

    async def _who(self, endpoint: Endpoint, request: HttpRequest) -> tuple[Account, Token]:
        """Whose token it is; where none is asked for, whose webhook. Raises HttpError, ChatError."""
        if not endpoint.scope:
            return await self._whose_hook(request.places["hook"])
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise HttpError(HTTPStatus.UNAUTHORIZED, WHO_ARE_YOU, code="token-needed", headers=CHALLENGE)
        return await self.server.accounts.by_token(text.strip(), request.address)

    async def _whose_hook(self, secret: str) -> tuple[Account, Token]:
        """The account that has made a webhook, and the hook in place of a token. Raises NotFound."""
        hook = self.server.hooks.find(secret)
        account = await self.server.store.account(hook.account)
        if account is None or account.suspended:
            raise NotFound(NO_HOOK)
        return account, Token(hook.id, hook.secret, (), hook.name, account.created)


def values_of(endpoint: Endpoint, request: HttpRequest) -> dict[str, Any]:
    """The arguments for its function. Raises UsageError, HttpError."""
    found = bound(endpoint.places, request.places, texts=True)
    if endpoint.takes_body:
        if request.query:
            raise UsageError("This takes its values in the body, and nothing in the URL.")
        return found | bound(endpoint.values, _body(request), texts=False)
    return found | bound(endpoint.values, request.query, texts=True)


def _body(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent. No page of another site can send this type without being asked for its origin."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body is one JSON object, sent as {JSON}.")
    try:
        found = loaded(request.body.decode())
    except UnicodeDecodeError:
        found = None
    if not isinstance(found, dict):
        raise UsageError("The body is one JSON object, in UTF-8.")
    return found


def _finished(result: Any, endpoint: Endpoint, said: dict[str, str]) -> Answer:
    if isinstance(result, Stream):
        return Stream(result.start, {**said, **result.headers}, result.status)
    if isinstance(result, Response):
        return Response(result.body, result.status, {**said, **result.headers})
    if result is None:
        return Response(b"", endpoint.status, said)
    return as_json(result, endpoint.status, said)
