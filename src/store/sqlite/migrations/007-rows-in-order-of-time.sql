-- The key that makes a callback stored once, in order of time: a new one goes where the newest are, not to a page of its
-- own that nobody has read for long. Equal bodies have equal event times, so it tells the same repeats as before.
DROP INDEX callbacks_once;
CREATE UNIQUE INDEX callbacks_once ON callbacks (sdk_app_id, coalesce(event_time, 0), once_key, status);

-- With rows of its own the table grows at its end, and only the small entries of its key go to pages in any order.
CREATE TABLE groups_in_order (
  sdk_app_id    INTEGER NOT NULL,
  group_id      TEXT    NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1, -- grows with every change: who wrote by what has changed since must read again
  type          TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  owner_account TEXT,
  created_at    INTEGER NOT NULL, -- milliseconds since 1970
  document      TEXT    NOT NULL, -- what src/groups/state.ts says, in JSON: keeps NUL and lone surrogates as escapes
  PRIMARY KEY (sdk_app_id, group_id)
) STRICT;
INSERT INTO groups_in_order
  SELECT sdk_app_id, group_id, version, type, name, owner_account, created_at, document FROM groups ORDER BY created_at;
DROP TABLE groups;
ALTER TABLE groups_in_order RENAME TO groups;
CREATE INDEX groups_by_creation ON groups (sdk_app_id, created_at, group_id, type, name, owner_account);
CREATE INDEX groups_by_owner ON groups (sdk_app_id, owner_account, created_at, group_id);
