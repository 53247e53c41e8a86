"""The clients that people use, and what is peculiar to each."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import pytest

from clients.open_house import OpenHouse
from clients.screens import Screen, Terminals

PATHS = "/usr/bin:/bin:/usr/games"


@dataclass(frozen=True)
class Program:
    """A client. In `command`, {telnet} and {line} are the house's ports and {folder} is where its files lie."""

    name: str
    command: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    ascii: bool = False
    """It shows and sends seven bits only."""
    slash: str = "/"
    """What to type for a slash at the beginning of a line."""
    stays: tuple[str, ...] = ()
    """The keys that end the program once the house has closed the connection; none: it ends by itself."""

    def open(
        self,
        terminals: Terminals,
        house: OpenHouse,
        *more: str,
        columns: int = 100,
        term: str = "",
        telnet: int = 0,
    ) -> Screen:
        """Start it, connected to the house (or to `telnet`); skip the test where it is not installed."""
        program, *arguments = self.command
        if shutil.which(program, path=PATHS) is None:
            pytest.skip(f"{program} is not installed")
        for name, text in self.files:
            (terminals.folder / name).write_text(text, "utf-8")
        ports = {"telnet": telnet or house.telnet, "line": house.line}
        arguments = [word.format(folder=terminals.folder, **ports) for word in arguments]
        return terminals.open(program, *more, *arguments, columns=columns, term=term)


TELNET = Program("telnet", ("telnet", "127.0.0.1", "{telnet}"))
NC = Program("nc", ("nc", "127.0.0.1", "{line}"), stays=("C-d",))
TF5 = Program(
    "tf5",
    ("tf5", "-n", "-f{folder}/tfrc", "127.0.0.1", "{telnet}"),
    files=(("tfrc", "/set warn_5keys=off\n/set warn_status=off\n"),),
    ascii=True,
    slash="/send /",
    stays=("/quit -y", "Enter"),
)
TINTIN = Program(
    "tt++",
    ("tt++", "-G", "-e", "#session house 127.0.0.1 {telnet}"),
    stays=("#end", "Enter"),
)
PLINK_TELNET = Program("plink -telnet", ("plink", "-telnet", "-P", "{telnet}", "127.0.0.1"))
PLINK_RAW = Program("plink -raw", ("plink", "-raw", "-P", "{line}", "127.0.0.1"), stays=("C-d",))
ALL = (TELNET, NC, TF5, TINTIN, PLINK_TELNET, PLINK_RAW)
