"""Between a client and the house: passes every byte on, and keeps it to be looked at."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from clients.waiting import PATIENCE, until


class Wiretap:
    """Stands at a port of its own for the house's. `said` is what the client sent, `heard` what the house sent."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.said = bytearray()
        self.heard = bytearray()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """After both ends have gone, or will go now."""
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def heard_from_client(self, data: bytes) -> None:
        """Wait until the client has sent this."""
        until(lambda: data in self.said, lambda: f"the client never sent {data!r}: {bytes(self.said)!r}")

    def heard_from_house(self, data: bytes) -> None:
        """Wait until the house has sent this."""
        until(lambda: data in self.heard, lambda: f"the house never sent {data!r}: {bytes(self.heard)!r}")

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        house = socket.create_connection(("127.0.0.1", self._port))
        other = threading.Thread(target=_pass_on, args=(house, client, self.heard), daemon=True)
        other.start()
        _pass_on(client, house, self.said)
        other.join(PATIENCE)
        client.close()
        house.close()


def _pass_on(here: socket.socket, there: socket.socket, record: bytearray) -> None:
    with suppress(OSError):
        while data := here.recv(65_536):
            record += data
            there.sendall(data)
    with suppress(OSError):
        there.shutdown(socket.SHUT_RDWR)
