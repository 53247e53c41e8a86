"""The files of the client. Rule: read once, when the house is put together, and served from memory under the names
they have there: what is not in the package is not on the site.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from teahouse.extensions.hooks import Response
from teahouse.protocols.web.exchange import HttpRequest
from teahouse.protocols.web.routes import Route

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "png": "image/png",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}
PACKED = {"png", "woff2", "mp3"}
"""Types that do not get smaller."""
SMALL = 1_000
"""Bytes up to which it is not worth it."""
INDEX = "index.html"


class File(NamedTuple):
    """A file as it is sent: whole, and for those who can unpack it packed (b"" if that is no gain)."""

    body: bytes
    packed: bytes
    type: str
    tag: str

    def answer(self, request: HttpRequest) -> Response:
        """The file, or that the client has it already."""
        packed = self.packed and "gzip" in request.headers.get("accept-encoding", "")
        tag = f'"{self.tag}{"-gz" if packed else ""}"'
        headers = {"Content-Type": self.type, "Cache-Control": "no-cache", "ETag": tag}
        if self.packed:
            headers["Vary"] = "Accept-Encoding"
        if matches(request.headers.get("if-none-match", ""), tag):
            return Response(b"", 304, headers)
        if packed:
            return Response(self.packed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(self.body, headers=headers)


def routes() -> Iterator[Route]:
    """A route for each file; `index.html` is what stands at the path of its folder."""
    for path, file in client_files().items():
        shown = path.removesuffix(INDEX) if path.endswith(f"/{INDEX}") else path
        yield Route(shown, {"GET": file.answer})


@cache
def client_files() -> dict[str, File]:
    """The client's files by path. The same for all houses of a process."""
    folder = files("teahouse.protocols.web") / "static"
    return dict(_under(folder, "")) if folder.is_dir() else {}


def _under(folder: Traversable, path: str) -> Iterator[tuple[str, File]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{path}/{each.name}"
        if each.is_dir():
            yield from _under(each, name)
            continue
        ending = each.name.rpartition(".")[2]
        if ending in TYPES:
            yield name, made(each.read_bytes(), ending)


def made(body: bytes, ending: str) -> File:
    """A file with this content, whose name ends so."""
    packed = b"" if ending in PACKED or len(body) <= SMALL else gzip.compress(body, mtime=0)
    return File(
        body, packed if len(packed) < len(body) else b"", TYPES[ending], sha256(body).hexdigest()[:20]
    )


def matches(given: str, tag: str) -> bool:
    """Whether If-None-Match says that the client has it (RFC 9110, 13.1.2): by the weak comparison, for a proxy may
    have made it weak."""
    return given.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in given.split(",")}
