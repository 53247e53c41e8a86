"""The real house in a process of its own, as `teahouse serve` opens it. Rule: its ports were free, and are
read from what it prints, and ended by its process id.
"""

from __future__ import annotations

import atexit
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from clients.waiting import PATIENCE, until

TEAHOUSE = Path(sys.executable).with_name("teahouse")
_WAY = re.compile(r"Teahouse is open: (?P<way>.*?)[ :](?P<port>[0-9]+)/?$", re.MULTILINE)

NOWHERE = "[listen]\ntelnet = []\nirc = []\nweb = []\n"
"""No ports but those that a test asks for."""


class OpenHouse:
    """A house that is open. `ports` by the way in, as it prints it: "telnet localhost", "line nc localhost", …"""

    def __init__(self, folder: Path, config: str = "", *endpoints: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._said, self._logged = folder / "said.txt", folder / "log.txt"
        (folder / "house.toml").write_text(config if "[listen]" in config else NOWHERE + config, "utf-8")
        ways = endpoints or ("--telnet", "0", "--line", "0")
        command = [str(TEAHOUSE), "serve", "--config", str(folder / "house.toml"), *ways]
        with self._said.open("wb") as said, self._logged.open("wb") as logged:
            self.process = subprocess.Popen(
                command,
                stdout=said,
                stderr=logged,
                cwd=folder,
                env=os.environ | {"TEAHOUSE_DATA": str(folder / "data")},
            )
        atexit.register(self.process.kill)  # a test that fails does not come to its `close`
        count = sum(each.startswith("--") for each in ways)
        until(lambda: len(self.ports) == count or self.process.poll() is not None, lambda: self.log)
        assert self.process.poll() is None, self.log

    @property
    def ports(self) -> dict[str, int]:
        """Where it listens."""
        found = _WAY.finditer(self._said.read_text("utf-8"))
        return {match["way"]: int(match["port"]) for match in found}

    @property
    def telnet(self) -> int:
        return self.ports["telnet localhost"]

    @property
    def line(self) -> int:
        return self.ports["line nc localhost"]

    @property
    def log(self) -> str:
        return self._logged.read_text("utf-8")

    def close(self) -> int:
        """SIGTERM, as an init system does it; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
