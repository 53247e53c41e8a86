"""The protocols of the house, each against the contract."""

from __future__ import annotations

from contracts.link_contract import LinkContract


class TestLine(LinkContract):
    protocol = "line"


class TestTelnet(LinkContract):
    protocol = "telnet"
