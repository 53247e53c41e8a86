"""Sending files out. Rule: nothing in a file runs in the name of the house: a browser shows what is known for
harmless, in a sandbox, and saves the rest; a file is read as fast as the client reads, and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from teahouse.errors import ChatError
from teahouse.extensions.hooks import Response
from teahouse.protocols.web.api.statuses import as_http
from teahouse.protocols.web.exchange import Answer, Flow, HttpError, HttpRequest, Stream
from teahouse.protocols.web.files import matches
from teahouse.protocols.web.uploads.receiving import disposition
from teahouse.store import StoreError, Upload
from teahouse.uploads.kinds import is_shown
from teahouse.uploads.uploads import NO_FILE

if TYPE_CHECKING:
    from teahouse.server import Server

BLOCK = 65_536
"""Bytes that are read at once."""
SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}
"""Whoever has the address may show it anywhere; only caches of one's own keep it, for it may be taken away."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Sending:
    """Answers GET and HEAD."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._uploads = server.uploads

    async def send(self, request: HttpRequest) -> Answer:
        """The file, or a part of it. Raises HttpError."""
        try:
            return await self._answer(request)
        except (ChatError, StoreError) as error:
            raise as_http(error) from error

    async def _answer(self, request: HttpRequest) -> Answer:
        upload = await self._uploads.find(request.places["id"])
        if request.places["name"] != upload.name:
            raise HttpError(HTTPStatus.NOT_FOUND, NO_FILE)
        headers = _head_of(upload)
        if matches(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(b"", HTTPStatus.NOT_MODIFIED, headers)
        part = _part(request.headers, upload, headers["ETag"])
        start, end = part or (0, upload.size)
        first = await self._uploads.read(upload, start, min(BLOCK, end - start))
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{upload.size}"
        headers["Content-Length"] = str(end - start)
        status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
        return Stream(partial(self._begin, upload, first, start, end), headers, status)

    def _begin(self, upload: Upload, first: bytes, start: int, end: int, flow: Flow) -> Callable[[], object]:
        self._server.runtime.spawn(self._pour(upload, first, start, end, flow))
        return lambda: None  # `drained` tells when the client is gone

    async def _pour(self, upload: Upload, data: bytes, at: int, end: int, flow: Flow) -> None:
        while data:
            flow.write(data)
            at += len(data)
            if not await flow.drained():
                return
            try:
                data = await self._uploads.read(upload, at, min(BLOCK, end - at)) if at < end else b""
            except ChatError:
                break
        if at < end:
            flow.break_off()  # it was removed meanwhile, and so many bytes were promised
        else:
            flow.close()


def _head_of(upload: Upload) -> dict[str, str]:
    how = "inline" if is_shown(upload.type) else "attachment"
    return {
        **SAFE,
        "Content-Type": upload.type,
        "Content-Disposition": disposition(how, upload.name),
        "ETag": f'"{upload.id}"',
    }


def _part(headers: Mapping[str, str], upload: Upload, tag: str) -> tuple[int, int] | None:
    """From where to where (RFC 9110, 14.2): one part, as players of videos ask for; several are no parts. Raises
    HttpError where there is nothing."""
    match = _RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or match[0] == "bytes=-" or headers.get("if-range", tag).strip() != tag:
        return None
    first, last = match[1], match[2]
    start = int(first) if first else max(0, upload.size - int(last))
    end = min(int(last) + 1, upload.size) if first and last else upload.size
    if first and last and int(last) < start:
        return None
    if start >= end:
        raise HttpError(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "There is no such part of the file.",
            headers={"Content-Range": f"bytes */{upload.size}"},
        )
    return start, end
