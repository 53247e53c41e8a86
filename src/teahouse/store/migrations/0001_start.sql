-- The first version of the file. DO NOT EDIT: houses have it on their disks. What changes is a new file.

-- What the house keeps about this file itself: `indexed` is the last event that `words` has, `disordered` is 1
-- once an event was stored after a younger one, `scrub` is 1 while erased words wait to leave the index.
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('indexed', 0), ('disordered', 0), ('scrub', 0);

-- Rooms and nicks are written once and meant by number: an event is shorter so, and found by integers.
CREATE TABLE places (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE authors (id INTEGER PRIMARY KEY, nick TEXT NOT NULL UNIQUE, key TEXT NOT NULL);
CREATE INDEX authors_by_key ON authors (key);

-- `seq` counts without gaps to speak of, where `id` leaps: the word index is a third as large over it.
-- `at` is in microseconds since 1970. `rest` is what a kind has besides `who` and `text`, as JSON.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  author INTEGER,
  at INTEGER NOT NULL,
  text TEXT,
  rest TEXT
);
CREATE INDEX events_by_place ON events (place, id);

-- Folded text, and a token of three private characters for the place and one for the author (see words.py).
CREATE VIRTUAL TABLE words USING fts5 (
  text, place, author, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
-- Merging is done in small steps while nobody waits (see upkeep.py), never inside somebody's commit.
INSERT INTO words (words, rank) VALUES ('automerge', 0);
CREATE VIRTUAL TABLE terms USING fts5vocab (words, instance);

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  look TEXT NOT NULL,
  password TEXT NOT NULL,
  role TEXT NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  always_on INTEGER NOT NULL,
  suspended INTEGER NOT NULL,
  ssh_keys TEXT NOT NULL,
  settings TEXT NOT NULL
);

-- Every nick that belongs to somebody; the account's own name is one of them, at place 0.
CREATE TABLE nicks (
  key TEXT PRIMARY KEY,
  look TEXT NOT NULL UNIQUE,
  nick TEXT NOT NULL,
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  place INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX nicks_by_account ON nicks (account, place);

CREATE TABLE markers (
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  room TEXT NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY (account, room)
) WITHOUT ROWID;

-- Private messages: a copy for each account that has part in one, so that each may lose its own.
CREATE TABLE inbox (
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE INDEX inbox_by_id ON inbox (id);

CREATE TABLE rooms (
  key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  topic_by TEXT NOT NULL,
  founder TEXT NOT NULL,
  policy TEXT NOT NULL
) WITHOUT ROWID;
