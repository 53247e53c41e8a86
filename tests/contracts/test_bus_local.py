"""The bus of a house with one node."""

from __future__ import annotations

from contracts.bus_contract import BusContract
from teahouse.bus import Bus
from teahouse.bus.local import LocalBus


class TestLocalBus(BusContract):
    def buses(self) -> list[Bus]:
        return [LocalBus()]
