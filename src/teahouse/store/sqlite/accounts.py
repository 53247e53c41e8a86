"""Accounts, nicks and registered rooms as rows. Rule: the UNIQUE columns of `nicks` decide who has a nick; what
is asked before only makes the answer polite.
"""
# ruff: noqa: S608  statements are joined from constants; what anybody typed is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from teahouse.store.records import Account, Missing, Nick, RoomRecord, Taken
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.rows import dump, micros, moment

_ACCOUNT = """SELECT id, key, name, look, password, role, created, seen, always_on, suspended, ssh_keys, settings
  FROM accounts WHERE """
_SET = "name, look, password, role, created, seen, always_on, suspended, ssh_keys, settings"
_MARK = """INSERT INTO markers SELECT id, ?, ? FROM accounts WHERE key = ?
  ON CONFLICT DO UPDATE SET id = max(id, excluded.id)"""
_UNMARK = "DELETE FROM markers WHERE room = ? AND account = (SELECT id FROM accounts WHERE key = ?)"
_ROOM = "key, name, topic, topic_by, founder, policy"


# ---- reading -----------------------------------------------------------------------------------------------


def by_key(db: sqlite3.Connection, key: str) -> Account | None:
    """The account of that name."""
    return _one(db, "key = ?", key)


def by_nick(db: sqlite3.Connection, key: str, look: str) -> Account | None:
    """The account to which a nick, or one that looks so, belongs."""
    found = _one(db, "id = (SELECT account FROM nicks WHERE key = ?)", key)
    if found is None and look:
        found = _one(db, "id = (SELECT account FROM nicks WHERE look = ?)", look)
    return found


def by_pattern(db: sqlite3.Connection, pattern: str, count: int) -> list[Account]:
    """Those whose key matches."""
    glob = pattern.replace("[", "[[]")  # in GLOB as in a shell a bracket would begin a set
    rows = db.execute(_ACCOUNT + "key GLOB ? ORDER BY key LIMIT ?", (glob, count)).fetchall()
    return [_account(db, row) for row in rows]


def markers(db: sqlite3.Connection, account: str) -> dict[str, int]:
    """How far an account has read, by room."""
    found = db.execute(
        "SELECT m.room, m.id FROM markers m JOIN accounts a ON a.id = m.account WHERE a.key = ?", (account,)
    )
    return dict(found.fetchall())


def rooms(db: sqlite3.Connection) -> list[RoomRecord]:
    """All registered ones."""
    return [
        RoomRecord(key=key, name=name, topic=topic, topic_by=by, founder=founder, policy=json.loads(policy))
        for key, name, topic, by, founder, policy in db.execute(f"SELECT {_ROOM} FROM rooms ORDER BY key")
    ]


def _one(db: sqlite3.Connection, where: str, value: str) -> Account | None:
    row = db.execute(_ACCOUNT + where, (value,)).fetchone()
    return None if row is None else _account(db, row)


def _account(db: sqlite3.Connection, row: tuple[object, ...]) -> Account:
    number, key, name, look, password, role, created, seen, always_on, suspended, ssh_keys, settings = row
    nicks = db.execute(
        "SELECT nick, key, look FROM nicks WHERE account = ? AND place > 0 ORDER BY place", (number,)
    )
    return Account(
        key=str(key),
        name=str(name),
        look=str(look),
        password=str(password),
        role=str(role),
        created=moment(int(str(created))),
        seen=moment(int(str(seen))),
        always_on=bool(always_on),
        suspended=bool(suspended),
        nicks=tuple(Nick(*nick) for nick in nicks),
        ssh_keys=tuple(json.loads(str(ssh_keys))),
        settings=json.loads(str(settings)),
    )


# ---- writing -----------------------------------------------------------------------------------------------


def add(desk: Desk, account: Account) -> None:
    """Keep a new one. Raises Taken."""
    if by_key(desk.db, account.key) is not None:
        raise Taken(account.key)
    marks = ",".join("?" * 11)
    desk.db.execute(f"INSERT INTO accounts (key, {_SET}) VALUES ({marks})", (account.key, *_values(account)))
    _own(desk.db, account)


def save(desk: Desk, account: Account) -> None:
    """Keep it as it is now. Raises Taken and Missing."""
    values = (*_values(account), account.key)
    if not desk.db.execute(
        f"UPDATE accounts SET ({_SET}) = (?,?,?,?,?,?,?,?,?,?) WHERE key = ?", values
    ).rowcount:
        raise Missing(f"There is no account {account.key}.")
    desk.db.execute(
        "DELETE FROM nicks WHERE account = (SELECT id FROM accounts WHERE key = ?)", (account.key,)
    )
    _own(desk.db, account)


def remove(desk: Desk, key: str) -> None:
    """Forget it and all that hangs on it. Raises Missing."""
    if not desk.db.execute("DELETE FROM accounts WHERE key = ?", (key,)).rowcount:
        raise Missing(f"There is no account {key}.")


def mark(desk: Desk, marks: Mapping[tuple[str, str], int]) -> None:
    """Note how far accounts have read (0: forget it); those that are gone have not."""
    desk.db.executemany(_MARK, [(room, id_, account) for (account, room), id_ in marks.items() if id_])
    desk.db.executemany(_UNMARK, [(room, account) for (account, room), id_ in marks.items() if not id_])


def save_room(desk: Desk, room: RoomRecord) -> None:
    """Keep a room as it is now."""
    row = (room.key, room.name, room.topic, room.topic_by, room.founder, dump(dict(room.policy)))
    desk.db.execute(f"INSERT OR REPLACE INTO rooms ({_ROOM}) VALUES (?,?,?,?,?,?)", row)


def remove_room(desk: Desk, key: str) -> None:
    """Forget a room. Raises Missing."""
    if not desk.db.execute("DELETE FROM rooms WHERE key = ?", (key,)).rowcount:
        raise Missing(f"There is no room {key}.")


def data_version(db: sqlite3.Connection) -> int:
    """A number that is another one once another connection has written."""
    (version,) = db.execute("PRAGMA data_version").fetchone()
    return int(version)


def _values(account: Account) -> Iterable[object]:
    return (
        account.name,
        account.look,
        account.password,
        account.role,
        micros(account.created),
        micros(account.seen),
        account.always_on,
        account.suspended,
        dump(account.ssh_keys),
        dump(dict(account.settings)),
    )


def _own(db: sqlite3.Connection, account: Account) -> None:
    (number,) = db.execute("SELECT id FROM accounts WHERE key = ?", (account.key,)).fetchone()
    for place, nick in enumerate(account.own):
        try:
            db.execute(
                "INSERT INTO nicks (key, look, nick, account, place) VALUES (?,?,?,?,?)",
                (nick.key, nick.look, nick.nick, number, place),
            )
        except sqlite3.IntegrityError as error:
            raise Taken(nick.key) from error
