-- What a group has any number of: members, their roles and name cards, attributes, topics. Of each what the newest callback
-- said; what is gone stays, so that a late callback does not bring it back.
CREATE TABLE group_parts (
  sdk_app_id INTEGER NOT NULL,
  group_id   TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  name       TEXT    NOT NULL, -- an account, a key, a topic's id; where it is long or not storable, its SHA-256
  full_name  TEXT,             -- then it itself, in JSON
  value      TEXT,             -- JSON; null: it is gone
  stamp      TEXT    NOT NULL, -- of the callback: event time and key, sorts as it happened
  PRIMARY KEY (sdk_app_id, group_id, kind, name)
) STRICT, WITHOUT ROWID;

-- Grows with every change of the group: who wrote by what has changed since it was read must read again. From here on the
-- document is what src/groups/state.ts says; the older form is read too.
ALTER TABLE groups ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- How far a replay of the stored callbacks has come.
CREATE TABLE replays (
  sdk_app_id INTEGER NOT NULL PRIMARY KEY,
  started_at INTEGER NOT NULL, -- milliseconds since 1970
  group_id   TEXT    NOT NULL, -- the last group that is done; they are taken in the order of their ids
  done       TEXT    NOT NULL  -- what was done so far, in JSON
) STRICT;
