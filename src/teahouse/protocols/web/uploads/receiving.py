"""Taking files in: POST as in soju's filehost specification, PUT for `curl -T`. Rule: whoever may not upload is told
so before the file is read; what can go wrong is an answer that says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from teahouse.errors import ChatError
from teahouse.extensions.hooks import Response
from teahouse.protocols.web.api.statuses import as_http
from teahouse.protocols.web.exchange import TEXT, HttpError, HttpRequest, as_json
from teahouse.protocols.web.uploads.who import uploader
from teahouse.protocols.websocket.handshake import is_welcome
from teahouse.store import StoreError, Upload
from teahouse.uploads.uploads import OFF, Coming

if TYPE_CHECKING:
    from teahouse.server import Server

FORM = "multipart/form-data"
NO_FORM = "Send the file itself as the body, and not a form: curl -T, or curl --data-binary @file."
ELSEWHERE = "Pages of other sites may not upload here: [web] origins names those that may."
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?", re.ASCII | re.IGNORECASE)

_EXTENDED = re.compile(r"; *filename\* *= *(utf-8|iso-8859-1)'[^';]*'([^\s;]*)", re.IGNORECASE)
"""RFC 8187, section 3.2.1: the character sets that there are."""
_NAME = re.compile(r'; *filename *= *(?:"((?:[^"\\]|\\.)*)|([^\s;]+))', re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")


class Receiving:
    """Answers POST, PUT and OPTIONS."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def options(self, request: HttpRequest) -> Response:
        """What may be uploaded here, and from whose pages (the Fetch standard's preflight). Raises HttpError."""
        self._check_on()
        allowed = "PUT, OPTIONS" if "name" in request.places else "POST, OPTIONS"
        headers = {"Allow": allowed, "Accept-Post": ", ".join(self._server.settings.uploads.kinds)}
        if "access-control-request-method" in request.headers:
            headers |= {
                "Access-Control-Allow-Methods": allowed,
                "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Disposition",
                "Access-Control-Max-Age": "86400",
            }
        return Response(b"", 204, headers | self._origin(request))

    async def receive(self, request: HttpRequest) -> Response:
        """Take a file in. Raises HttpError."""
        self._check_on()
        origin = self._origin(request)
        try:
            return await self._receive(request, origin)
        except (ChatError, StoreError) as error:
            found = as_http(error)
            found.headers = {**found.headers, **origin}
            raise found from error
        except HttpError as error:
            error.headers = {**error.headers, **origin}
            raise

    async def _receive(self, request: HttpRequest, origin: Mapping[str, str]) -> Response:
        assert request.incoming is not None
        account = await uploader(self._server, request)
        content_type = request.headers.get("content-type", "")
        if content_type.lower().startswith(FORM):
            raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NO_FORM, code="wrong-kind")
        coming = Coming(_name_of(request), content_type, request.incoming.length)
        upload = await self._server.uploads.take(account, coming, request.incoming)
        return self._created(request, upload, origin)

    def _created(self, request: HttpRequest, upload: Upload, origin: Mapping[str, str]) -> Response:
        url = self._site(request) + self._server.uploads.path_of(upload)
        headers = {"Location": url, **origin}
        if request.wants_json:
            shown = {"url": url, "name": upload.name, "type": upload.type, "size": upload.size}
            return as_json(shown, HTTPStatus.CREATED, headers)
        return Response(f"{url}\n", HTTPStatus.CREATED, {"Content-Type": TEXT, **headers})

    def _check_on(self) -> None:
        if not self._server.uploads.is_on:
            raise HttpError(HTTPStatus.NOT_FOUND, OFF)

    def _origin(self, request: HttpRequest) -> dict[str, str]:
        """What a page of another site needs to read the answer. Raises HttpError for one that may not ask."""
        origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
        if not origin:
            return {}
        if not is_welcome(origin, host, self._server.settings.web.origins):
            raise HttpError(HTTPStatus.FORBIDDEN, ELSEWHERE)
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Location",
            "Vary": "Origin",
        }

    def _site(self, request: HttpRequest) -> str:
        """The site as it is told; where nobody has set that, as the one who asks has it ("" for what is no host)."""
        told, host = self._server.settings.web.url.rstrip("/"), request.headers.get("host", "")
        if told or not _HOST.fullmatch(host):
            return told
        return f"{'https' if request.secure else 'http'}://{host}"


def _name_of(request: HttpRequest) -> str:
    """What the client calls the file: in the path, or in Content-Disposition (RFC 6266); "" where it does not."""
    if "name" in request.places:
        return request.places["name"]
    said = request.headers.get("content-disposition", "")
    if found := _EXTENDED.search(said):
        return unquote_to_bytes(found[2]).decode(found[1], "replace")
    found = _NAME.search(said)
    name = (_ESCAPED.sub(r"\1", found[1]) if found[1] is not None else found[2]) if found else ""
    try:
        return name.encode("latin-1").decode()  # some send it in UTF-8 as it is
    except UnicodeError:
        return name


def disposition(how: str, name: str) -> str:
    """The value of Content-Disposition for a name: for all clients, and (RFC 8187) as it really is."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
