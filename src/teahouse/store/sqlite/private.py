"""Private messages as rows: a copy for each account that has part in one, found by the one at the other end. Rule: no
question about rooms comes here, and none from here goes to rooms.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from teahouse.events import Event, to_dict
from teahouse.store.private import peer_of
from teahouse.store.spans import Span
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.rows import dump, revive

_KEEP = """INSERT OR IGNORE INTO inbox (account, id, event, peer)
  SELECT id, ?, ?, ? FROM accounts WHERE key = ?"""
_NICKS = "SELECT n.key FROM accounts AS a JOIN nicks AS n ON n.account = a.id WHERE a.key = ?"
_INBOX = """SELECT event FROM inbox WHERE account = (SELECT id FROM accounts WHERE key = ?) AND id > ?
  ORDER BY id LIMIT ?"""
_CONVERSATION = """SELECT event FROM inbox WHERE account = (SELECT id FROM accounts WHERE key = ?) AND peer = ?
  AND id > ? AND id < ? ORDER BY id"""
# From one peer to the next by the index: an account has far fewer of them than messages.
_CONVERSATIONS = """WITH RECURSIVE
  mine (account) AS (SELECT id FROM accounts WHERE key = :key),
  peers (account, peer) AS (
    SELECT account, (SELECT min(peer) FROM inbox WHERE inbox.account = mine.account) FROM mine
    UNION ALL
    SELECT account, (
      SELECT min(i.peer) FROM inbox AS i WHERE i.account = peers.account AND i.peer > peers.peer
    ) FROM peers WHERE peer IS NOT NULL
  )
  SELECT peer, (
    SELECT max(i.id) FROM inbox AS i WHERE i.account = peers.account AND i.peer = peers.peer
  ) AS last
  FROM peers WHERE peer IS NOT NULL AND last > :low AND last < :high ORDER BY last DESC LIMIT :count"""


def keep(desk: Desk, event: Event, owners: Collection[str]) -> None:
    """Keep a copy for each of these accounts."""
    text = dump(to_dict(event))
    for key in set(owners):
        nicks = {nick for (nick,) in desk.db.execute(_NICKS, (key,))}
        desk.db.execute(_KEEP, (event.id, text, peer_of(event, key, nicks), key))


def inbox(db: sqlite3.Connection, account: str, after: int, count: int) -> list[Event]:
    """An account's, oldest first."""
    return [revive(json.loads(text)) for (text,) in db.execute(_INBOX, (account, after, count))]


def conversation(db: sqlite3.Connection, account: str, peer: str, meant: Span) -> list[Event]:
    """Those with one peer that are meant, oldest first."""
    order = "" if meant.first else " DESC"
    values = (account, peer, meant.low, meant.high, meant.most)
    found = [revive(json.loads(text)) for (text,) in db.execute(f"{_CONVERSATION}{order} LIMIT ?", values)]
    return found if meant.first else found[::-1]


def conversations(db: sqlite3.Connection, account: str, meant: Span) -> list[tuple[str, int]]:
    """With whom there are some, and the id of the last one: the newest, newest last."""
    values = {"key": account, "low": meant.low, "high": meant.high, "count": meant.most}
    return db.execute(_CONVERSATIONS, values).fetchall()[::-1]
