-- Files that accounts have put into the house. DO NOT EDIT: houses have it on their disks. What changes is a new file.

-- The file itself lies beside this one, in uploads/, under its `id`.
CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX uploads_by_account ON uploads (account, at);
CREATE INDEX uploads_by_at ON uploads (at);
