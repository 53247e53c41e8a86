"""A house, terminals and a bystander for each module here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.screens import Terminals
from clients.wiretap import Wiretap


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Terminals]:
    terminals = Terminals(tmp_path / "terminals")
    yield terminals
    terminals.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """The house as it is by default, but that newcomers are not shown what was said in the test before."""
    house = OpenHouse(tmp_path_factory.mktemp("house"), "[house]\nhistory_lines = 0\n")
    yield house
    assert house.close() == 0
    assert "Traceback" not in house.log


@pytest.fixture
def bea(house: OpenHouse) -> Iterator[Bystander]:
    """Bea is in the lobby already."""
    with Bystander(house.line, "bea") as bea:
        yield bea
        bea.says("/quit")
        bea.sees_the_end()


@pytest.fixture
def tap(house: OpenHouse, terminals: Terminals) -> Iterator[Wiretap]:
    """Listens in on one telnet client."""
    tap = Wiretap(house.telnet)
    yield tap
    terminals.close()
    tap.close()
