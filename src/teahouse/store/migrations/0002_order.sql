-- What keeping order needs, who spoke from where, and private messages by the one at the other end. DO NOT EDIT:
-- houses have it on their disks. What changes is a new file.

-- How those who spoke have signed: account, `ident@cloak`, whether it is a program; for each of their nicks, and gone
-- when the nick goes. An event has the number: null where nobody signed it.
CREATE TABLE origins (
  id INTEGER PRIMARY KEY,
  author INTEGER NOT NULL,
  account TEXT NOT NULL,
  userhost TEXT NOT NULL,
  bot INTEGER NOT NULL,
  UNIQUE (author, account, userhost, bot)
);
ALTER TABLE events ADD COLUMN origin INTEGER;

-- The folded nick at the other end (see private.py). `folded` is the house's own function; nothing was signed
-- before, so the sender is known by the nicks of the account.
ALTER TABLE inbox ADD COLUMN peer TEXT NOT NULL DEFAULT '';
UPDATE inbox SET peer = folded(coalesce(
  CASE
    WHEN EXISTS (
      SELECT 1 FROM nicks
      WHERE nicks.account = inbox.account AND nicks.key = folded(json_extract(inbox.event, '$.who'))
    ) THEN json_extract(event, '$.to')
  END,
  json_extract(event, '$.who'),
  ''
));
CREATE INDEX inbox_by_peer ON inbox (account, peer, id);

-- The audit log. `*_key` are folded, for those who look. The file itself refuses to change or remove an act.
CREATE TABLE acts (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  by TEXT NOT NULL,
  account TEXT NOT NULL,
  about TEXT NOT NULL,
  room TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  address TEXT NOT NULL,
  settles INTEGER NOT NULL,
  what_key TEXT NOT NULL,
  by_key TEXT NOT NULL,
  about_key TEXT NOT NULL,
  room_key TEXT NOT NULL
);
CREATE INDEX acts_by_what ON acts (what_key);
CREATE INDEX acts_by_by ON acts (by_key);
CREATE INDEX acts_by_about ON acts (about_key);
CREATE INDEX acts_by_room ON acts (room_key);
CREATE INDEX acts_by_settles ON acts (settles) WHERE settles > 0;

CREATE TRIGGER acts_are_not_changed BEFORE UPDATE ON acts BEGIN
  SELECT RAISE(ABORT, 'acts are only ever added');
END;
CREATE TRIGGER acts_are_not_removed BEFORE DELETE ON acts BEGIN
  SELECT RAISE(ABORT, 'acts are only ever added');
END;
-- REPLACE would remove the one before without asking the trigger for that.
CREATE TRIGGER acts_are_not_replaced BEFORE INSERT ON acts
WHEN EXISTS (SELECT 1 FROM acts WHERE number = new.number) BEGIN
  SELECT RAISE(ABORT, 'acts are only ever added');
END;

-- Small values that the house as a whole has decided, as JSON.
CREATE TABLE documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
