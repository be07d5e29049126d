-- When the vendor was last seen to have the group as it is stored here: milliseconds since 1970, by the vendor's clock.
-- NULL: never. It is no fact of the group: its version stays, and a replay keeps it.
ALTER TABLE groups ADD COLUMN confirmed_at INTEGER;

-- What reads the groups of the vendor: at most one run of a kind at a time, and how far the last one came.
CREATE TABLE backfills (
  sdk_app_id  INTEGER NOT NULL,
  kind        TEXT    NOT NULL, -- 'backfill' or 'reconcile'
  holder      TEXT,             -- the process and run that is at work; NULL: none
  renewed_at  INTEGER NOT NULL, -- when the holder last showed that it is at work, in milliseconds since 1970
  started_at  INTEGER,          -- milliseconds since 1970; NULL: claimed, and nothing saved yet
  finished_at INTEGER,          -- milliseconds since 1970; NULL: interrupted, or at work
  options     TEXT    NOT NULL, -- what the run was asked for: only a run that is asked for the same goes on
  place       TEXT    NOT NULL, -- where it goes on
  done        TEXT    NOT NULL, -- what it has done, in JSON
  PRIMARY KEY (sdk_app_id, kind)
) STRICT, WITHOUT ROWID;
