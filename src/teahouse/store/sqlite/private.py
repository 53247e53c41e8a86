"""Private messages as rows: a copy for each account that has part in one, found by the one at the other end. Rule: no
question about rooms comes here, and none from here goes to rooms.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from teahouse.events import Event, to_dict
from teahouse.store.private import peer_of
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.rows import dump, revive

_KEEP = """INSERT OR IGNORE INTO inbox (account, id, event, peer)
  SELECT id, ?, ?, ? FROM accounts WHERE key = ?"""
_NICKS = "SELECT n.key FROM accounts AS a JOIN nicks AS n ON n.account = a.id WHERE a.key = ?"
_INBOX = """SELECT event FROM inbox WHERE account = (SELECT id FROM accounts WHERE key = ?) AND id > ?
  ORDER BY id LIMIT ?"""


def keep(desk: Desk, event: Event, owners: Collection[str]) -> None:
    """Keep a copy for each of these accounts."""
    text = dump(to_dict(event))
    for key in set(owners):
        nicks = {nick for (nick,) in desk.db.execute(_NICKS, (key,))}
        desk.db.execute(_KEEP, (event.id, text, peer_of(event, key, nicks), key))


def inbox(db: sqlite3.Connection, account: str, after: int, count: int) -> list[Event]:
    """An account's, oldest first."""
    return [revive(json.loads(text)) for (text,) in db.execute(_INBOX, (account, after, count))]
