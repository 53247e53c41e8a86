"""A house in a process of its own sends to a push service on this machine, and where it may not, nowhere: over real
sockets, from REGISTER to the device that reads it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from processes import BIN, PATIENCE, Guest, Process
from push_device import Device, claims_of
from test_api_document import keeper

SETTINGS = """
test_mode = true
[listen]
telnet = []
irc = ["0"]
web = []
[data]
directory = "{directory}"
[push]
contact = "mailto:keeper@tea.example"
delay_seconds = 0
to_private = {may}
"""
SECRET = "two lumps, please"
Sent = tuple[str, bytes, Any]


class Service(ThreadingHTTPServer):
    """A push service: takes what is sent, and answers as it is told, or 201."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: Queue[Sent] = Queue()
        self.answers: list[int] = []
        self.connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def device(self) -> Device:
        return Device(f"http://127.0.0.1:{self.server_port}/device/1")

    def next(self) -> Sent:
        return self.got.get(timeout=PATIENCE)


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 201)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.got.put((self.path, body, self.headers))

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield service
    service.shutdown()
    thread.join()
    service.server_close()


def settings(tmp_path: Path, may: str) -> Path:
    path = tmp_path / "teahouse.toml"
    path.write_text(SETTINGS.format(directory=tmp_path / "data", may=may))
    for name in ("amy", "bea"):
        keeper(path, "account", "add", name, stdin=f"{SECRET}\n")
    return path


def irc(port: int, nick: str) -> Guest:
    guest = Guest(port)
    guest.say(
        "CAP REQ :draft/webpush message-tags", f"PASS :{SECRET}", f"NICK {nick}", f"USER {nick} 0 * :{nick}"
    )
    guest.say("CAP END", "JOIN #lobby")
    guest.wait_for(" 366 ")
    return guest


def test_from_register_to_the_device(tmp_path: Path, service: Service) -> None:
    config, device = settings(tmp_path, "true"), service.device()
    with Process(BIN / "teahouse", "serve", "--config", config) as house:
        (port,) = house.ports
        with irc(port, "bea") as bea, irc(port, "amy") as amy:
            bea.say("VERSION")
            key = bea.wait_for(r"VAPID=\S+ ").strip().removeprefix("VAPID=")
            bea.say(f"WEBPUSH REGISTER {device.endpoint} {device.keys}")
            bea.wait_for(f"WEBPUSH REGISTER {re.escape(device.endpoint)}")
            _, body, _ = service.next()
            assert " NOTE WEBPUSH REGISTERED :" in device.read(body)
            bea.say("QUIT")
            amy.say("PRIVMSG #lobby :bea: hello")
            path, body, headers = service.next()
            assert path == "/device/1"
            assert re.fullmatch(r"@msgid=\d+ :amy!\S+ PRIVMSG #lobby :bea: hello", device.read(body))
            claims = claims_of(headers["Authorization"], key)
            assert claims["aud"] == f"http://127.0.0.1:{service.server_port}"
            assert (headers["Urgency"], headers["Content-Encoding"]) == ("high", "aes128gcm")
            amy.say("PRIVMSG bea :are you there?")
            assert device.read(service.next()[1]).endswith(":are you there?")
    assert service.got.empty()
    mode = (tmp_path / "data" / "teahouse.db").stat().st_mode
    assert not mode & 0o077  # the house's private key is in it


def test_redirections_are_not_followed(tmp_path: Path, service: Service) -> None:
    config, device = settings(tmp_path, "true"), service.device()
    service.answers.append(307)
    with Process(BIN / "teahouse", "serve", "--config", config) as house:
        (port,) = house.ports
        with irc(port, "bea") as bea:
            bea.say(f"WEBPUSH REGISTER {device.endpoint} {device.keys}")
            bea.wait_for("FAIL WEBPUSH INVALID_PARAMS REGISTER")
    assert service.next()[0] == "/device/1"
    assert service.got.empty()


@pytest.mark.parametrize(
    "place",
    [
        "https://localhost",
        "https://127.0.0.1",
        "https://2130706433",
        "https://[::ffff:127.0.0.1]",
        "http://127.0.0.1",
    ],
)
def test_nothing_is_sent_into_private_networks(tmp_path: Path, service: Service, place: str) -> None:
    config, device = settings(tmp_path, "false"), service.device()
    with Process(BIN / "teahouse", "serve", "--config", config) as house:
        (port,) = house.ports
        with irc(port, "bea") as bea:
            bea.say(f"WEBPUSH REGISTER {place}:{service.server_port}/device/1 {device.keys}")
            bea.wait_for("FAIL WEBPUSH INVALID_PARAMS REGISTER")
    assert service.connections == 0
