"""MSSP in both its forms, with nothing in it that could end the frame."""

from __future__ import annotations

import pytest

from teahouse.protocols.telnet import mssp
from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.protocols.telnet.wire import MSSP, subnegotiation

VALUES = {"NAME": "Tea\1\2\0\n\xff", "PLAYERS": "5", "PORT": ["23", "6667"]}


def test_subnegotiation() -> None:
    payload = "\x01NAME\x02Teaÿ\x01PLAYERS\x025\x01PORT\x0223\x026667".encode()
    assert TelnetCodec().mssp(VALUES) == subnegotiation(MSSP, payload)


def test_text() -> None:
    assert mssp.text(VALUES).splitlines() == [
        "",
        "MSSP-REPLY-START",
        "NAME\tTeaÿ",
        "PLAYERS\t5",
        "PORT\t23\t6667",
        "MSSP-REPLY-END",
    ]


@pytest.mark.parametrize(
    ("line", "asked"),
    [("MSSP-REQUEST", True), ("mssp-request ", True), ("MSSP-REQUEST?", False), ("", False)],
)
def test_request(line: str, *, asked: bool) -> None:
    assert mssp.is_request(line) is asked
