"""Every script in this folder, over sockets that are written to directly and over transports like TLS."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.conversation import parse, run

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("push", [False, True], ids=["direct", "push"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_conversation(script: Path, push: bool) -> None:
    run(script, push=push)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_says_why_it_exists(script: Path) -> None:
    assert script.read_text("utf-8").startswith("# ")


def test_line_that_is_no_step_is_named() -> None:
    with pytest.raises(ValueError, match=r"line 3 .* amy dances"):
        parse("# why\namy: line\namy dances")
