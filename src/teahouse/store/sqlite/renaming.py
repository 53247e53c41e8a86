"""Another name for a room. Rule: events name their place by number, so that none of them is touched, however many
there are, nor the index of words.
"""

from __future__ import annotations

from collections.abc import Mapping

from teahouse.store.records import Occupied
from teahouse.store.sqlite.acts import save_document
from teahouse.store.sqlite.desk import Desk
from teahouse.text import fold

_OCCUPIED = """SELECT EXISTS (SELECT 1 FROM events WHERE place = (SELECT id FROM places WHERE key = :after))
  OR EXISTS (SELECT 1 FROM rooms WHERE key = :after)"""


def rename_room(desk: Desk, key: str, name: str, documents: Mapping[str, str]) -> None:
    """See `Places.rename_room`; the documents are JSON already. Raises Occupied."""
    after = fold(name)
    if after != key:
        _move(desk, key, after)
    desk.db.execute("UPDATE rooms SET key = ?, name = ? WHERE key = ?", (after, name, key))
    for document, text in documents.items():
        save_document(desk, document, text)


def _move(desk: Desk, key: str, after: str) -> None:
    (occupied,) = desk.db.execute(_OCCUPIED, {"after": after}).fetchone()
    if occupied:
        raise Occupied(f"Something is kept of another room {after}.")
    desk.db.execute("DELETE FROM places WHERE key = ?", (after,))  # all that it had has been forgotten
    desk.db.execute("UPDATE places SET key = ? WHERE key = ?", (after, key))
    desk.db.execute("DELETE FROM markers WHERE room = ?", (after,))
    desk.db.execute("UPDATE markers SET room = ? WHERE room = ?", (after, key))
    desk.forget_numbers()
