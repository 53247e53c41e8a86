"""What TinTin++ and TinyFugue can do beyond telnet: compression, GMCP, MSSP, terminal types of their own."""

from __future__ import annotations

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.programs import TF5, TINTIN, Program
from clients.screens import Screen, Terminals
from clients.waiting import until
from clients.wiretap import Wiretap

COMPRESSED = b"\xff\xfa\x56\xff\xf0"
GMCP_SCRIPT = r"""#event {IAC WILL GMCP} {#send {\xFF\xFD\xC9\};#send {\xFF\xFA\xC9%s\xFF\xF0\}}
#event {IAC SB GMCP Char.Login.Default IAC SE} {#send {\xFF\xFA\xC9%s\xFF\xF0\}}
#event {IAC SB GMCP Char.Login.Result IAC SE} {#showme {RESULT %%0}}
#event {IAC SB GMCP Comm.Channel.Text IAC SE} {#showme {CHANNEL %%0}}
#event {IAC SB GMCP Comm.Channel.Players IAC SE} {#showme {PLAYERS %%0}}
"""
SUPPORTS = r'Core.Supports.Set ["Comm.Channel 1"]'
CREDENTIALS = r'Char.Login.Credentials {"account": "amy", "password": ""\}'


def enter(program: Program, terminals: Terminals, house: OpenHouse, tap: Wiretap, *more: str) -> Screen:
    amy = program.open(terminals, house, *more, telnet=tap.port)
    amy.sees("Welcome to Teahouse.")
    amy.says("login amy")
    amy.sees("In this room:")
    return amy


@pytest.mark.parametrize("program", [TF5, TINTIN], ids=lambda program: program.name)
def test_compressed(
    program: Program, terminals: Terminals, house: OpenHouse, bea: Bystander, tap: Wiretap
) -> None:
    amy = enter(program, terminals, house, tap)
    tap.heard_from_house(COMPRESSED)
    for number in range(15):
        bea.says(f"the same again, number {number}")
    amy.sees(*(f"bea: the same again, number {number}" for number in range(15)))
    assert b"the same again" not in tap.heard.partition(COMPRESSED)[2]
    amy.says("I can read it")
    assert bea.sees("amy:") == "amy: I can read it"


def test_tintin_tells_what_it_is(
    terminals: Terminals, house: OpenHouse, bea: Bystander, tap: Wiretap
) -> None:
    amy = enter(TINTIN, terminals, house, tap)
    tap.heard_from_client(b"\xff\xfa\x18\x00TINTIN++\xff\xf0")
    tap.heard_from_client(b"\xff\xfa\x18\x00MTTS ")
    bea.says("in colour?")
    until(lambda: "\x1b[38;5;39m" in amy.coloured, lambda: amy.coloured)


def test_tintin_reads_the_particulars(terminals: Terminals, house: OpenHouse, bea: Bystander) -> None:
    """It asks for MSSP only while it shows what is negotiated."""
    debug = f"#config {{debug telnet}} {{on}};#session house 127.0.0.1 {house.telnet}"
    amy = Program("tt++", ("tt++", "-G", "-e", debug.replace("{", "{{").replace("}", "}}"))).open(
        terminals, house
    )
    amy.sees("RCVD IAC SB MSSP VAR NAME ", "VAL Teahouse", "INFO MCCP2 INITIALIZED")


def test_tintin_for_a_screen_reader(
    terminals: Terminals, house: OpenHouse, bea: Bystander, tap: Wiretap
) -> None:
    amy = enter(TINTIN, terminals, house, tap, "-s")
    amy.asks_until("/set screenreader", "screenreader, value on")
    bea.says("without colour?")
    amy.sees("bea: without colour?")
    assert "\x1b[38;5;" not in amy.coloured
    with Bystander(house.line, "eve") as eve:
        eve.says("and without noise?")
        amy.sees("eve: and without noise?")
    assert "eve has entered" not in amy.text


def test_tintin_with_gmcp(terminals: Terminals, house: OpenHouse, bea: Bystander) -> None:
    script = terminals.folder / "gmcp.tin"
    script.write_text(
        GMCP_SCRIPT % (SUPPORTS, CREDENTIALS) + f"#session house 127.0.0.1 {house.telnet}\n", "utf-8"
    )
    amy = Program("tt++", ("tt++", "-G", str(script)), stays=("#end", "Enter")).open(terminals, house)
    amy.sees("You are amy.", "RESULT {success}{true}", "PLAYERS ")
    bea.says("a channel, Łódź")
    amy.sees("CHANNEL {channel}{lobby}{talker}{bea}{text}{bea: a channel, Łódź}", "bea: a channel, Łódź")
    bea.says("/msg amy psst")
    amy.sees("CHANNEL {channel}{tell}{talker}{bea}{text}{bea to amy: psst}")
