"""A MUD client that asks for Comm.Channel gets rooms, people and talk by GMCP too, whenever it asks."""

from __future__ import annotations

import json
import socket

from processes import BIN, PATIENCE, Process

GMCP = b"\xff\xfa\xc9"
END = b"\xff\xf0"


def hears(client: socket.socket, package: str) -> object:
    """The data of the next message of that name."""
    said = b""
    start = GMCP + package.encode() + b" "
    while start not in said or END not in said.partition(start)[2]:
        news = client.recv(65_536)
        assert news, said
        said += news
    return json.loads(said.partition(start)[2].partition(END)[0])


def test_channels_by_gmcp() -> None:
    with (
        Process(BIN / "teahouse", "serve", "--telnet", "0") as house,
        socket.create_connection(("127.0.0.1", house.ports[0]), PATIENCE) as client,
    ):
        client.sendall(b"login amy\r\n\xff\xfd\xc9")
        client.sendall(GMCP + b'Core.Supports.Set ["Comm.Channel 1"]' + END)
        assert hears(client, "Comm.Channel.List") == [
            {"name": "lobby", "caption": "lobby", "command": "/join lobby"}
        ]
        client.sendall(b"/look\r\n")
        assert hears(client, "Comm.Channel.Players") == [{"name": "amy", "channels": ["lobby"]}]
        client.sendall(b"hello\r\n")
        expected = {"channel": "lobby", "talker": "amy", "text": "amy: hello"}
        assert hears(client, "Comm.Channel.Text") == expected
