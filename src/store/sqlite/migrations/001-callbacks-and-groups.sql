-- A callback of the authenticated sender, as received, and what became of it.
CREATE TABLE callbacks (
  id          INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of arrival; never used twice, so that a page can follow it
  sdk_app_id  INTEGER NOT NULL,
  status      TEXT    NOT NULL CHECK (status IN ('accepted', 'unknown', 'rejected')),
  command     TEXT    NOT NULL,
  group_id    TEXT,
  event_time  INTEGER,                           -- milliseconds since 1970
  received_at INTEGER NOT NULL,                  -- milliseconds since 1970
  arrival     TEXT    NOT NULL,                  -- UUID
  once_key    BLOB    NOT NULL,                  -- SHA-256 of the body; without an event time, of the arrival
  repeats     INTEGER NOT NULL DEFAULT 0,
  reason      TEXT,
  query       TEXT    NOT NULL,
  body        BLOB    NOT NULL
) STRICT;

-- What makes a callback stored once. A rejected body does not stand in the way of the same body when it is accepted.
CREATE UNIQUE INDEX callbacks_once ON callbacks (sdk_app_id, once_key, status);

CREATE INDEX callbacks_by_command ON callbacks (sdk_app_id, command, id);
CREATE INDEX callbacks_by_status ON callbacks (sdk_app_id, status, id);

-- A group as the callbacks left it.
CREATE TABLE groups (
  sdk_app_id    INTEGER NOT NULL,
  group_id      TEXT    NOT NULL,
  type          TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  owner_account TEXT,
  created_at    INTEGER NOT NULL, -- milliseconds since 1970
  document      TEXT    NOT NULL, -- the group as the read API shows it, in JSON: keeps NUL and lone surrogates as escapes
  PRIMARY KEY (sdk_app_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX groups_by_creation ON groups (sdk_app_id, created_at, group_id);
CREATE INDEX groups_by_owner ON groups (sdk_app_id, owner_account, created_at, group_id);
