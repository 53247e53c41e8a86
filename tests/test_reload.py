"""The configuration read again while the house is open: by a real SIGHUP, with certificates; and what of it holds."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Self

import pytest

from client_peer import certificate
from house import PASSWORD, House, settings
from processes import BIN, PATIENCE, Guest, Process
from teahouse.errors import BadConfiguration
from teahouse.limits import Limits
from teahouse.reconfiguring import Merged
from teahouse.settings import RoomSettings, Settings

CONFIG = """
test_mode = true
[house]
motd = "one"
[listen]
line = ["0", "ssl:0:interface=127.0.0.1:privateKey=house.pem:certKey=house.pem"]
[data]
directory = ":memory:"
[log]
level = "info"
"""
SERVE = ("teahouse", "serve", "--config", "house.toml")
TWISTD = ("twistd", "-n", "teahouse", "--config", "house.toml")


class Encrypted:
    """Someone who talks over TLS, whoever the house says it is."""

    def __init__(self, port: int) -> None:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self.sock = trusting.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE))
        self._lines = self.sock.makefile("rw", encoding="utf-8", newline="\r\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self.sock.close()

    @property
    def certificate(self) -> bytes | None:
        return self.sock.getpeercert(binary_form=True)

    def asks(self, line: str, answer: str) -> None:
        self._lines.write(f"{line}\r\n")
        self._lines.flush()
        assert any(answer in each for each in self._lines)


def shown(port: int) -> bytes | None:
    """The certificate that a new connection gets."""
    with Encrypted(port) as peer:
        return peer.certificate


@contextmanager
def opened(folder: Path, command: tuple[str, ...]) -> Iterator[Process]:
    certificate(folder)
    (folder / "house.toml").write_text(CONFIG)
    with Process(BIN / command[0], *command[1:], cwd=folder, listeners=2) as house:
        yield house
        assert "Traceback" not in house.out.text + house.err.text


def hangup(house: Process, config: Path, text: str, said: str) -> str:
    """SIGHUP with another file; what the log says."""
    config.write_text(text)
    log = house.err if "serve" in house.process.args else house.out  # type: ignore[operator]  # a list here
    log.text = ""
    house.signal(signal.SIGHUP)
    log.wait_for(said)
    return log.text


def ports(house: Process) -> tuple[int, int]:
    plain, encrypted = sorted(house.ways, key=lambda way: "TLS" in way)
    return tuple(int(re.findall(r"\d+", way)[-1]) for way in (plain, encrypted))  # type: ignore[return-value]


@pytest.mark.parametrize("command", [SERVE, TWISTD], ids=["serve", "twistd"])
def test_sighup(tmp_path: Path, command: tuple[str, ...]) -> None:
    config = tmp_path / "house.toml"
    with opened(tmp_path, command) as house:
        plain, encrypted = ports(house)
        with Guest(plain, "amy") as amy, Encrypted(encrypted) as eve:
            eve.asks("login eve", "You are eve.")
            before = eve.certificate

            wrong = CONFIG.replace("motd", "mtod").replace('"info"', '"loud"')
            log = hangup(house, config, wrong, "the house goes on as it was")
            assert "house.toml, line 4: house.mtod: there is no such key; did you mean motd?" in log
            assert "house.toml, line 10: log.level: must be debug or " in log
            amy.say("/motd")
            amy.wait_for("one")

            certificate(tmp_path)
            right = CONFIG.replace('"one"', '"two"').replace('["0", ', '["0", "0", ').replace("info", "debug")
            log = hangup(house, config, right, "Needs a restart: .*")
            assert "The configuration is read; what changed: house.motd, log.level." in log
            assert "Needs a restart: listen.line." in log
            amy.say("/motd")
            amy.wait_for("two")
            eve.asks("/motd", "two")
            with Encrypted(encrypted) as new:
                new.asks("login new", "You are new.")
                assert new.certificate not in {before, None}

            log = hangup(
                house, config, right.replace("debug", "warn"), "in, from"
            )  # the last that debug tells
            house.signal()
            assert house.status() == 0


def test_a_certificate_that_cannot_be_used_changes_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    certificate(other)
    with opened(tmp_path, SERVE) as house:
        _, encrypted = ports(house)
        before = shown(encrypted)
        good = (tmp_path / "house.pem").read_text()
        key, _, _ = good.partition("-----BEGIN CERTIFICATE")
        _, mark, mismatch = (other / "house.pem").read_text().partition("-----BEGIN CERTIFICATE")
        (tmp_path / "house.pem").write_text(key + mark + mismatch)
        log = hangup(house, tmp_path / "house.toml", CONFIG.replace('"one"', '"two"'), "goes on as it was")
        assert "house.toml, line 6: listen.line: " in log
        assert shown(encrypted) == before
        (tmp_path / "house.pem").unlink()
        log = hangup(house, tmp_path / "house.toml", CONFIG, "goes on as it was")
        assert "house.toml, line 6: listen.line: " in log
        without = CONFIG.replace(', "ssl:0:interface=127.0.0.1:privateKey=house.pem:certKey=house.pem"', "")
        log = hangup(house, tmp_path / "house.toml", without, "goes on as it was")
        assert re.search(r"the certificate of line at .* cannot be used: .*No such file", log)
        shutil.copy(other / "house.pem", tmp_path)
        hangup(house, tmp_path / "house.toml", CONFIG, "The configuration is read")
        assert shown(encrypted) not in {before, None}


# ---- what of it holds -------------------------------------------------------------------------------------------


def keys(table: Any) -> Iterator[tuple[Any, str]]:
    """Each key of the configuration, with the table that it stands in."""
    for each in fields(table):
        value = getattr(table, each.name)
        if is_dataclass(value):
            yield from keys(value)
        elif not isinstance(value, dict):
            yield table, each.name


def other(value: Any) -> Any:
    """Another value of that type."""
    if isinstance(value, bool):
        return not value
    return value + (["x"] if isinstance(value, list) else "x" if isinstance(value, str) else 1)


@pytest.mark.parametrize(("table", "name"), list(keys(Settings())), ids=lambda value: str(value)[:30])
def test_each_key_is_taken_or_named(table: Any, name: str) -> None:
    changed = replace(table, **{name: other(getattr(table, name))})
    section = next((each.name for each in fields(Settings) if getattr(Settings(), each.name) == table), "")
    after = replace(Settings(), **{section: changed}) if section else changed
    merged = Merged(Settings())
    merged.take(after)
    key = ".".join(filter(None, (section, name)))
    assert merged.changed + merged.later == [key]
    assert merged.settings == (after if merged.changed else Settings())


def test_what_is_gone_from_the_file_stays_until_a_restart() -> None:
    before = replace(
        Settings(), extensions=["one", "two"], rooms={"tea": RoomSettings(), "den": RoomSettings()}
    )
    merged = Merged(before)
    merged.take(
        replace(before, extensions=["two", "six"], rooms={"den": RoomSettings(), "hut": RoomSettings()})
    )
    assert (merged.changed, merged.later) == (["extensions", "rooms.hut"], ["extensions", "rooms.tea"])
    assert merged.settings.extensions == ["one", "two", "six"]
    assert set(merged.settings.rooms) == {"tea", "den", "hut"}


def reload(house: House, **sections: Any) -> None:
    """The configuration is another one, and a keeper says so."""
    house.server.reconfiguring.read = lambda: replace(settings(**sections), test_mode=True)
    house.server.reconfiguring.reload()


def test_what_is_wrong_is_told_to_the_one_who_asked_and_to_the_log() -> None:
    house = House()
    house.add_account("boss", "admin")
    boss = house.enter("boss", password=PASSWORD)
    boss.shown()
    problems = ["house.toml, line 2: house.nmae: there is no such key.", "house.toml, line 9: no."]

    def wrong() -> Settings:
        raise BadConfiguration(problems)

    house.server.reconfiguring.read = wrong
    told = [*problems, "The configuration has 2 errors: the house goes on as it was."]
    assert boss.say("/reload") == told
    assert house.log.lines[-2:] == problems
    irc = house.connect("irc")
    irc.enter("boss", PASSWORD)
    irc.shown()
    assert [line.partition(" :")[2] for line in irc.say("REHASH")] == ["", *told]


def test_who_is_exempt_is_counted_all_the_same() -> None:
    house = House(settings(limits={"exempt_addresses": ["192.0.2.0/24"], "connections_per_address": 2}))
    here = [house.connect(address="192.0.2.1") for _ in range(3)]
    reload(house, limits={"exempt_addresses": [], "connections_per_address": 3})
    assert house.connect(address="192.0.2.1").gone
    here[0].wire.end()
    house.pump()
    assert not house.connect(address="192.0.2.1").gone
    reload(house, limits={"exempt_addresses": ["192.0.2.0/24"]})
    for peer in here[1:]:
        peer.wire.end()
    house.pump()
    assert house.server.admission.total == 1


def test_lists_hold_what_the_limits_say() -> None:
    house = House()
    house.add_account("boss", "admin")
    boss = house.enter("boss", password=PASSWORD)
    boss.say("/join tea", "/ban x*", "/ban y*")
    reload(house, limits={"rules_per_room": 2, "filters_per_room": 0, "rules_of_house": 0})
    assert "full (2)" in boss.say("/ban z*")[-1]
    assert "no more fit" in boss.say("/filter refuse casino")[-1]
    assert "full (0)" in boss.say("/houseban z*")[-1]
    assert house.server.limits == replace(Limits(), rules_per_room=2, filters_per_room=0, rules_of_house=0)


def test_a_proxy_is_believed_from_now_on() -> None:
    house = House()
    trusts = house.server.admission.trusts
    assert not trusts("192.0.2.1")
    reload(house, proxy={"trusted": ["192.0.2.0/24"]})
    assert trusts("192.0.2.1")
    assert not house.server.admission.key("192.0.2.1")
