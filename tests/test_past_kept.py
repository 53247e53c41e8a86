"""What was said, corrected and taken back, over the real store and a restart."""

from __future__ import annotations

from pathlib import Path

from processes import BIN, Guest, Process


def house(directory: Path) -> Process:
    return Process(BIN / "teahouse", "serve", "--data", directory, "--line", "0")


def test_the_past_is_the_same_after_a_restart(tmp_path: Path) -> None:
    with house(tmp_path) as first, Guest(first.ports[-1], "amy") as amy:
        amy.say("the kettel is on", "nobody should know", "cake!")
        amy.say("/edit -3 the kettle is on", "/delete 2")
        amy.wait_for(r"amy corrected: the kettle is on\r?\namy took back a line\.\r?\n")
        amy.say("/search kettle", "/search nobody", "/history")
        amy.wait_for(r"Found: 1\r?\n.*\r?\n\d\d:\d\d \[lobby\] amy: the kettle is on\r?\nAnd now:")
        amy.wait_for(r"Nothing was found\.")
        amy.wait_for(
            r"Said in lobby:\r?\n.*\r?\n\d\d:\d\d amy: the kettle is on\r?\n\d\d:\d\d amy: cake!\r?\nAnd now:"
        )
        first.signal()
        assert first.status() == 0
    with house(tmp_path) as second, Guest(second.ports[-1], "bob") as bob:
        bob.wait_for("Said here before:")
        bob.say("/search kett", "/search nobody from:amy", "/edit -1 mine now")
        bob.wait_for("said nothing here lately")
        assert bob.text.count("the kettle is on") == 2
        assert "nobody should know" not in bob.text
        assert "kettel" not in bob.text
