"""The page of the moderators, and what it asks. Rule: looking takes the role, and doing goes through the commands
that the rooms have; nothing here decides who may do what.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from teahouse.errors import ChatError, EndSession, UsageError
from teahouse.extensions.hooks import Response
from teahouse.protocols.web import files
from teahouse.protocols.web.api.callers import Callers
from teahouse.protocols.web.api.statuses import as_http
from teahouse.protocols.web.codec import loaded
from teahouse.protocols.web.exchange import JSON, HttpError, HttpRequest, as_json
from teahouse.protocols.web.keeping.desk import DeskSession
from teahouse.protocols.web.keeping.entry import Entry
from teahouse.protocols.web.keeping.shown import act, filters, overview, report, rooms, rules
from teahouse.protocols.web.routes import Route
from teahouse.store import Account, StoreError

if TYPE_CHECKING:
    from teahouse.server import Server

PAGE = "/admin.html"
BODY = 8_192
NO_STORE = {"Cache-Control": "no-store"}
PUTTING_OUT = {"houseban", "houseunban", "kill", "shun", "unshun"}
COMMANDS = PUTTING_OUT | {"announce", "housefilter", "houseunfilter", "lockdown", "settle"}
"""Those that the page has something for."""
REPORTS = 100
ACTS = 30
TOO_FAST = "Not so fast: try that again in a moment."
Asked = Callable[[Account, HttpRequest], Awaitable[Any]]


class Admin:
    """Answers the page."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._entry = Entry(server)
        self._callers = Callers(server)

    def routes(self) -> Iterator[Route]:
        """The page, and what stands behind it."""
        page = files.client_files().get(PAGE)
        if page is None:
            return
        yield Route("/admin", {"GET": page.answer})
        yield Route("/admin.json", {"GET": self._for_moderators(self._overview)})
        yield Route("/admin/audit.json", {"GET": self._for_moderators(self._audit)})
        yield Route("/admin/do.json", {"POST": self._for_moderators(self._do)}, body=BODY)
        yield Route("/admin/login.json", {"POST": self.sign_in}, body=BODY)
        yield Route("/admin/logout.json", {"POST": self.sign_out})

    # ---- coming and going ----------------------------------------------------------------------------------

    async def sign_in(self, request: HttpRequest) -> Response:
        """A token for a name and its password. Raises HttpError."""
        said = _body(request)
        name, password = _text(said, "name"), _text(said, "password")
        with _Errors():
            account, token = await self._entry.sign_in(name, password, request.address)
        return as_json({"token": token, "account": account.name, "role": account.role}, headers=NO_STORE)

    async def sign_out(self, request: HttpRequest) -> Response:
        """The token is forgotten. Raises HttpError."""
        with _Errors():
            await self._entry.sign_out(*await self._entry.who(request))
        return Response(b"", HTTPStatus.NO_CONTENT, NO_STORE)

    def _for_moderators(self, asked: Asked) -> Callable[[HttpRequest], Awaitable[Response]]:
        """Only who has the role is answered, and no faster than others who type."""

        async def answer(request: HttpRequest) -> Response:
            with _Errors():
                account, token = await self._entry.who(request)
                self._check_pace(f"{account.key} {token.id} {request.method}")
                return as_json(await asked(account, request), headers=NO_STORE)

        return answer

    def _check_pace(self, who: str) -> None:
        taken, headers = self._callers.take(who)
        if not taken:
            raise HttpError(HTTPStatus.TOO_MANY_REQUESTS, TOO_FAST, code="too-fast", headers=headers)

    # ---- looking -------------------------------------------------------------------------------------------

    async def _overview(self, account: Account, request: HttpRequest) -> dict[str, Any]:
        server, order = self._server, self._server.order
        desk = self._desk(account, request)
        found = await server.store.open_reports(REPORTS)
        return {
            **overview(server, account),
            "reports": [report(each) for each in found],
            "bans": rules(order.bans, order.now()),
            "shuns": rules(order.shuns, order.now()),
            "filters": filters(order.filters),
            "rooms": rooms(each for each in server.rooms.values() if each.is_seen_by(desk)),
        }

    async def _audit(self, account: Account, request: HttpRequest) -> dict[str, Any]:
        asked = request.query
        before = asked.get("before", "0")
        if not (before.isascii() and before.isdecimal() and len(before) < 18):
            raise UsageError("before is a number out of the list.")
        found = await self._server.store.acts(
            what=asked.get("what", "").strip().lower(),
            by=asked.get("by", "").strip(),
            about=asked.get("about", "").strip(),
            room=asked.get("room", "").strip().removeprefix("#"),
            before=int(before),
            count=ACTS + 1,
        )
        return {"acts": [act(each) for each in found[:ACTS]], "more": len(found) > ACTS}

    # ---- doing ---------------------------------------------------------------------------------------------

    async def _do(self, account: Account, request: HttpRequest) -> dict[str, Any]:
        said = _body(request)
        name, text = _text(said, "command"), _text(said, "text", "")
        if name not in COMMANDS:
            raise UsageError(f"This page has nothing for a command {name[:40]}.")
        desk = self._desk(account, request)
        lines = await desk.run_command(name, " ".join(text.split()))
        self._server.runtime.log.info("{name} did {command} at the page", name=account.name, command=name)
        return {"said": lines, "seen": await self._overview(account, request)}

    def _desk(self, account: Account, request: HttpRequest) -> DeskSession:
        return DeskSession(self._server, account, request.address, secure=request.secure)


class _Errors:
    """What goes wrong within is answered as HTTP has it."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ChatError | StoreError):
            raise as_http(error) from error
        if isinstance(error, EndSession):
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "The house is closing.") from error


def _body(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent. Raises HttpError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body is one JSON object, sent as {JSON}.")
    found = loaded(request.body.decode("utf-8", "replace"))
    if not isinstance(found, dict):
        raise HttpError(HTTPStatus.BAD_REQUEST, "The body is one JSON object.", code="usage")
    return found


def _text(said: dict[str, Any], name: str, default: str | None = None) -> str:
    value = said.get(name, default)
    if not isinstance(value, str):
        raise HttpError(HTTPStatus.BAD_REQUEST, f'"{name}" is a text.', code="usage")
    return value
