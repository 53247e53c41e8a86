"""Real IRC clients, each with someone in front of it. Rule: whatever the client, the same verbs drive it; what it
shows is what it shows a person (a screen or its own log), or what its library tells a program.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from clients.screens import Screen, Terminals
from clients.waiting import PATIENCE, until

HERE = Path(__file__).parent
NODE_MODULES = Path(os.environ.get("TEAHOUSE_NODE_MODULES", HERE.parent / "web" / "node_modules"))


class IrcPerson:
    """Someone with an IRC client. `does` is a line as it is typed in most of them: `/join #tea`."""

    name = ""
    welcome = "Welcome to Teahouse"
    """What it shows once it is in."""

    def __init__(self, nick: str) -> None:
        self.nick = nick

    @property
    def text(self) -> str:
        """All that was shown."""
        raise NotImplementedError

    def does(self, line: str, channel: str = "") -> None:
        """A command with its slash, or something to say in a channel."""
        raise NotImplementedError

    def ends(self) -> None:
        """The client is closed."""
        raise NotImplementedError

    def sees(self, *texts: str) -> None:
        """Wait until all of these were shown."""
        until(
            lambda: all(text in self.text for text in texts),
            lambda: f"{self.name}: no {texts} in:\n{self.text}",
        )


class Irssi(IrcPerson):
    """irssi in a terminal."""

    name = "irssi"

    def __init__(self, nick: str, port: int, terminals: Terminals, folder: Path) -> None:
        super().__init__(nick)
        if shutil.which("irssi") is None:
            pytest.skip("irssi is not installed")
        home = folder / f"irssi-{nick}"
        home.mkdir(parents=True)
        (home / "config").write_text(
            f'servers = ({{ address = "127.0.0.1"; chatnet = "t"; port = "{port}"; autoconnect = "yes"; }});\n'
            'chatnets = { t = { type = "IRC"; }; };\n'
            'settings = { "fe-common/core" = { autocreate_windows = "no"; autocreate_query_level = "NONE"; }; '
            f'core = {{ real_name = "{nick}"; user_name = "{nick}"; nick = "{nick}"; }}; }};\n',
            "utf-8",
        )
        self.screen: Screen = terminals.open("irssi", f"--home={home}", columns=140, rows=50)

    @property
    def text(self) -> str:
        return self.screen.text

    def does(self, line: str, channel: str = "") -> None:
        """All of it in one window, where everything is to be seen."""
        if line.startswith("/me "):
            line = f"/action {channel} {line[4:]}"
        self.screen.says(line if line.startswith("/") else f"/msg {channel} {line}")

    def ends(self) -> None:
        self.screen.says("/quit bye")
        self.screen.ends()


class Puppet(IrcPerson):
    """A client in a process of its own that takes lines and writes down what it is told."""

    def __init__(self, nick: str, command: list[str], folder: Path, **environ: str) -> None:
        super().__init__(nick)
        folder.mkdir(parents=True, exist_ok=True)
        self.shown = folder / f"{self.name}-{nick}.txt"
        with self.shown.open("wb") as shown:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=shown,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=os.environ | environ,
            )

    @property
    def text(self) -> str:
        return self.shown.read_text("utf-8", "replace")

    @property
    def keys(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def does(self, line: str, channel: str = "") -> None:
        self.keys.write(f"{channel}\t{line}\n".encode())
        self.keys.flush()

    def ends(self) -> None:
        self.does("/quit bye")
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            self.keys.close()


class WeeChat(Puppet):
    """weechat-headless: typed to by its FIFO, read by its log files."""

    name = "weechat"

    def __init__(self, nick: str, port: int, folder: Path) -> None:
        if shutil.which("weechat-headless") is None:
            pytest.skip("weechat-headless is not installed")
        self.home = folder / f"weechat-{nick}"
        commands = (
            "/set fifo.file.path ${weechat_data_dir}/ctl",
            "/fifo enable",
            "/set logger.file.flush_delay 0",
            f"/server add t 127.0.0.1/{port}",
            "/set irc.server.t.ssl off",
            f"/set irc.server.t.nicks {nick}",
            '/set irc.server.t.capabilities "*"',
            "/connect t",
        )
        words = [word for each in commands for word in ("-r", each)]
        super().__init__(nick, ["weechat-headless", "-d", str(self.home), *words], folder)
        until((self.home / "ctl").exists, lambda: super(WeeChat, self).text)

    @property
    def text(self) -> str:
        logs = sorted((self.home / "logs").glob("*.weechatlog"))
        return "\n".join(log.read_text("utf-8", "replace") for log in logs)

    def does(self, line: str, channel: str = "") -> None:
        buffer = f"irc.t.{channel}" if channel else "irc.server.t"
        with (self.home / "ctl").open("w", encoding="utf-8") as ctl:
            ctl.write(f"{buffer} *{line}\n")

    def ends(self) -> None:
        with (self.home / "ctl").open("w", encoding="utf-8") as ctl:
            ctl.write("core.weechat */quit\n")
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            self.keys.close()


class Framework(Puppet):
    """irc-framework, the library of The Lounge and Kiwi."""

    name = "irc-framework"
    welcome = "registered"

    def __init__(self, nick: str, port: int, folder: Path) -> None:
        if not (NODE_MODULES / "irc-framework").exists():
            pytest.skip("irc-framework is not installed: npm ci --prefix tests/web")
        program = str(HERE / "irc_framework.mjs")
        super().__init__(nick, ["node", program, nick, str(port), str(NODE_MODULES)], folder)


class Library(Puppet):
    """A library of Python's."""

    def __init__(self, nick: str, port: int, folder: Path) -> None:
        if importlib.util.find_spec(self.name) is None:
            pytest.skip(f"{self.name} is not installed")
        program = str(HERE / f"irc_by_{self.name}.py")
        super().__init__(nick, [sys.executable, "-u", program, nick, str(port)], folder)


class Pydle(Library):
    """pydle."""

    name = "pydle"


class Irc(Library):
    """The library `irc`."""

    name = "irc"


Make = Callable[[str, int, Terminals, Path], IrcPerson]
KINDS: dict[str, Make] = {
    "irssi": Irssi,
    "weechat": lambda nick, port, _, folder: WeeChat(nick, port, folder),
    "irc-framework": lambda nick, port, _, folder: Framework(nick, port, folder),
    "pydle": lambda nick, port, _, folder: Pydle(nick, port, folder),
    "irc": lambda nick, port, _, folder: Irc(nick, port, folder),
}
