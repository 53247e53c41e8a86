"""A script that sends its lines and then nothing more (`… | nc -N`) is answered in full before it is let go."""

from __future__ import annotations

import socket

from processes import BIN, PATIENCE, Process


def test_all_lines_of_a_script_are_run_and_answered() -> None:
    lines = ["login bob", *(f"line {n}" for n in range(30))]  # more than may come at once
    with (
        Process(BIN / "teahouse", "serve", "--line", "0") as house,
        socket.create_connection(("127.0.0.1", house.ports[0]), PATIENCE) as script,
    ):
        script.sendall("".join(f"{line}\n" for line in lines).encode())
        script.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: script.recv(65_536), b""))
    assert [line for line in said.decode().splitlines() if line.startswith("bob: ")] == [
        f"bob: line {n}" for n in range(30)
    ]
