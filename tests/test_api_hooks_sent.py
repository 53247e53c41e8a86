"""A house in a process of its own sends to webhooks: over real sockets, and never where it may not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from processes import BIN, Guest, Process
from test_api_document import keeper

SETTINGS = """
test_mode = true
[listen]
telnet = []
irc = []
web = []
line = ["0"]
[data]
directory = "{directory}"
[rooms.tea]
operators = ["amy"]
[web]
hooks_to_private = {may}
"""


class Receiver(HTTPServer):
    """Takes what is sent, and answers with a redirection: nobody is to follow it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, bytes, Any]] = []
        self.connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, body, self.headers))
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.shutdown()
    thread.join()
    receiver.server_close()


def settings(tmp_path: Path, may: str) -> Path:
    path = tmp_path / "teahouse.toml"
    path.write_text(SETTINGS.format(directory=tmp_path / "data", may=may))
    keeper(path, "account", "add", "amy", stdin="two lumps, please\n")
    return path


def talk(house: Process, url: str) -> None:
    (port,) = house.ports
    with Guest(port) as amy:
        amy.say("login amy two lumps, please", "/join tea", f"/hook out {url}")
        amy.wait_for("only now: ")
        amy.say("hello")
        amy.wait_for("amy: hello")


def test_it_arrives_and_redirections_are_not_followed(tmp_path: Path, receiver: Receiver) -> None:
    config = settings(tmp_path, "true")
    with Process(BIN / "teahouse", "serve", "--config", config) as house:
        talk(house, f"http://localhost:{receiver.server_port}/hook?a=1")
        house.err.wait_for("given up, status 307")
    ((path, body, headers),) = receiver.got
    assert path == "/hook?a=1"
    assert json.loads(body)["event"]["text"] == "hello"
    assert headers["X-Teahouse-Signature"].startswith("sha256=")
    assert headers["Host"] == f"localhost:{receiver.server_port}"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0177.0.0.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_nothing_is_sent_into_private_networks(tmp_path: Path, receiver: Receiver, host: str) -> None:
    config = settings(tmp_path, "false")
    with Process(BIN / "teahouse", "serve", "--config", config) as house:
        talk(house, f"http://{host}:{receiver.server_port}/hook")
        house.err.wait_for("private network")
    assert receiver.connections == 0
