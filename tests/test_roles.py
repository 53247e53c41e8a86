"""Who may do what: the table in docs/roles.md, cell by cell, as the house really answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house import PASSWORD, House, Peer
from teahouse.commands import ROLES, rank
from teahouse.rooms.chat import ChatRoom

DOC = Path(__file__).parent.parent / "docs" / "roles.md"
ROOM = "tea"
GIVEN_HERE = {"voice", "operator", "owner"}


def table() -> dict[str, dict[str, bool]]:
    """What the document says: command → role → whether it may be used."""
    rows = [
        line.strip("|").split("|") for line in DOC.read_text("utf-8").splitlines() if line.startswith("|")
    ]
    head, _, *body = [[cell.strip() for cell in row] for row in rows]
    return {
        row[0].strip("`/"): dict(zip(head[1:], (cell == "yes" for cell in row[1:]), strict=True))
        for row in body
    }


def test_every_command_stands_in_the_table_in_order() -> None:
    assert list(table()) == [each.name for each in ChatRoom.commands()]
    assert all(tuple(row) == ROLES for row in table().values())


@pytest.mark.parametrize("role", ROLES)
def test_cell_by_cell(role: str) -> None:
    for name, row in table().items():
        answer = "\n".join(someone(House(), role).say(f"/{name}"))
        refused = bool(
            re.search(rf"^Only \S+( and those above them)? may use /{name} here", answer, re.MULTILINE)
        )
        assert refused is not row[role], f"/{name} by {role}: {answer}"


def someone(house: House, role: str) -> Peer:
    """Someone with a role, in the room."""
    if role != "guest":
        house.add_account("amy", role if role in {"moderator", "admin"} else "member")
    amy = house.enter("amy", password="" if role == "guest" else PASSWORD)
    amy.say(f"/join {ROOM}")
    room, user = house.server.rooms[ROOM], amy.session.user
    room.policy.grant(user, role if role in GIVEN_HERE else "")
    assert rank(room.role_of(amy.session)) == rank(role)
    return amy
