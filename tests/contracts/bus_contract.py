"""What every bus keeps to. Inherit it, and say in `buses` how two nodes of yours come by their ends of it."""

from __future__ import annotations

from teahouse.bus import Bus
from teahouse.events import Event, Said

ONE, TWO = Said("amy", "one", room="tea", id=1), Said("amy", "two", room="tea", id=2)


class BusContract:
    """Two ends of a bus; a bus for one node has one end and nobody to tell."""

    def buses(self) -> list[Bus]:
        """The ends, connected."""
        raise NotImplementedError

    def settle(self) -> None:
        """Wait until what was published has arrived."""

    def test_tells_the_other_nodes_in_order(self) -> None:
        here, *others = self.buses()
        heard: list[list[Event]] = [[] for _ in others]
        for events, other in zip(heard, others, strict=True):
            other.subscribe(events.extend)
        here.publish([ONE])
        here.publish([TWO])
        self.settle()
        assert heard == [[ONE, TWO] for _ in others]

    def test_does_not_tell_the_node_that_publishes(self) -> None:
        here, *_ = self.buses()
        heard: list[Event] = []
        here.subscribe(heard.extend)
        here.publish([ONE])
        self.settle()
        assert not heard

    def test_nothing_is_received_after_closing(self) -> None:
        here, *others = self.buses()
        heard: list[Event] = []
        for other in others:
            other.subscribe(heard.extend)
            other.close()
        here.publish([ONE])
        self.settle()
        assert not heard

    def test_publishing_nothing_and_to_nobody_is_fine(self) -> None:
        here, *_ = self.buses()
        here.publish([])
        here.publish([ONE, TWO])
        here.close()
