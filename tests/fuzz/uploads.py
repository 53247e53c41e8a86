"""A house that takes files, and clients that send heads, bodies and framings of every bad kind, several requests
over a connection, cut anywhere, and stop where they like. Rule: nothing fails, answers are HTTP, what is kept has
the size that is told, and nothing is left of the rest.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from random import Random

from fuzz import junk
from uploads_rig import HTML, PNG, Client, Rig, basic, opened

STEPS = 40
NAMES = (
    "tea.png",
    "",
    "..%2f..%2fx",
    "%00",
    "a%0d%0ab",
    "%E2%80%AEgnp.exe",
    "x" * 300,
    "%ff",
    "a/b",
    "é",
    ".htaccess",
)
SAID = (
    *(
        "attachment; filename=a.png",
        "filename*=undefined''x",
        'attachment; filename="' + "\\" * 99,
        ";;;;" * 99,
    ),
    *(
        "attachment; filename*=utf-8''%e2%82%ac",
        "attachment; filename*0*=a; filename*1=b",
        "x; filename=\x01\x7f",
    ),
)
BODIES = (
    PNG,
    HTML,
    b"tea",
    b"",
    b"\xff" * 3_000,
    "é".encode() * 700,
    b"GET /uploads HTTP/1.1\r\nHost: x\r\n\r\n",
    b"0\r\n\r\n",
)
HEADS = (
    *("Content-Length: 3", "Content-Length: 99999999999", "Content-Length: -1", "Content-Length: 3, 3"),
    *(
        "Content-Length: +3",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: x",
    ),
    *("Transfer-Encoding: chunked, chunked", "Expect: 100-continue", "Expect: x", "Connection: close"),
    *("Authorization: Basic !!", "Authorization: Bearer x", "Authorization: Bearer a.b", "Authorization: x"),
    *("Content-Type: multipart/form-data; boundary=x", "Content-Type: image/png", "Content-Type: \x7f/"),
    *(
        "Origin: https://evil.example",
        "Origin: http://here",
        "Range: bytes=0-",
        "Range: bytes=-0",
        "Range: bytes=9-1",
    ),
    *(
        "Range: bytes=1-2,3-4",
        "If-Range: x",
        "If-None-Match: *",
        "Accept: application/json",
        " folded: x",
        "bad",
    ),
    *(
        "X: \0",
        "X:" + "y" * 5_000,
        "Host: evil",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Accept-Encoding: gzip",
    ),
)
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class Life:
    """One house, and what is sent to it."""

    def __init__(self, random: Random, rig: Rig) -> None:
        self.random = random
        self.rig = rig
        self.clients: list[Client] = []
        self.paths: list[str] = []

    def live(self) -> None:
        for _ in range(STEPS):
            self.random.choice((self._request, self._request, self._request, self._wait, self._go))()
            self._check()
        for client in self.clients:
            client.lose()
        self.rig.house.passes(120)
        self._check()

    # ---- what happens --------------------------------------------------------------------------------------

    def _request(self) -> None:
        if not self.clients or self.random.random() < 0.4:
            self.clients.append(Client(self.rig, f"192.0.2.{self.random.randrange(9)}"))
        client = self.random.choice(self.clients)
        data = b"".join(self._bytes() for _ in range(self.random.choice((1, 1, 1, 2, 5))))
        if self.random.random() < 0.2:
            data = data[: self.random.randrange(len(data) + 1)]
        for piece in (
            junk.cut(self.random, data) if self.random.random() < 0.3 and len(data) < 3_000 else [data]
        ):
            if client.is_closed:
                break
            client.sends(piece)

    def _bytes(self) -> bytes:
        """A request: right, mostly, so that something is there to break."""
        random = self.random
        method = random.choice(
            ("PUT", "PUT", "PUT", "POST", "GET", "HEAD", "OPTIONS", "DELETE", "put", "TRACE")
        )
        path = f"/uploads/{random.choice(NAMES)}" if method == "PUT" else "/uploads"
        if method in {"GET", "HEAD"}:
            path = random.choice((*self.paths, "/uploads/" + "0" * 32 + "/x", "/uploads", "/"))
        body = random.choice(BODIES)
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: here",
            f"Authorization: {basic(random.choice(('amy', 'amy', 'eve')))}",
        ]
        if random.random() < 0.3:
            lines.append(f"Content-Disposition: {random.choice(SAID)}")
        lines += random.sample(HEADS, random.choice((0, 0, 0, 1, 2)))
        if random.random() < 0.3:
            lines.append("Transfer-Encoding: chunked")
            body = self._chunked(body)
        elif random.random() < 0.9:
            lines.append(f"Content-Length: {len(body) + random.choice((0, 0, 0, 0, -1, 1))}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _chunked(self, body: bytes) -> bytes:
        data = b""
        while body:
            size = self.random.choice((1, 7, 500, 4_000))
            data, body = data + b"%x\r\n%s\r\n" % (len(body[:size]), body[:size]), body[size:]
        ends = (
            b"0\r\n\r\n",
            b"0\r\n\r\n",
            b"0\r\n\r\n",
            b"",
            b"0\r\nX: y\r\n\r\n",
            b"-1\r\n",
            b"fffffffff\r\nx",
            b"0;" + b"x" * 3_000,
        )
        return data + self.random.choice(ends)

    def _wait(self) -> None:
        self.rig.house.passes(self.random.choice((0.25, 5.0, 61.0)))

    def _go(self) -> None:
        if self.clients:
            self.clients.pop(self.random.randrange(len(self.clients))).lose()

    # ---- what has to hold ----------------------------------------------------------------------------------

    def _check(self) -> None:
        assert not self.rig.house.log.errors, self.rig.house.log.errors
        for client in list(self.clients):
            assert not client.wire.written() or _STATUS.match(client.wire.written()), client.wire.written()[
                :99
            ]
            if client.is_closed:
                self.clients.remove(client)
                client.lose()
        found = self.rig.wait(self.rig.server.store.uploads(count=1_000))
        self.paths = [self.rig.server.uploads.path_of(each) for each in found]
        for each in found:
            data = (self.rig.directory / each.id).read_bytes()
            assert len(data) == each.size
        kept = {each.id for each in found}
        assert {name for name in self.rig.files if not name.endswith(".part")} <= kept
        assert len(self.rig.server.uploads.allowance.promised) <= 8


def run(random: Random) -> None:
    """One house."""
    most = random.choice((9_000, 1 << 20))
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder), file_bytes=4_000, account_bytes=most, files_per_hour=10_000) as rig,
    ):
        Life(random, rig).live()
