-- The same as on SQLite; see there for what each column means. Rows are not rewritten, and a receiver of an older version
-- goes on beside this one.
ALTER TABLE groups ADD COLUMN confirmed_at bigint;

CREATE TABLE backfills (
  sdk_app_id  bigint NOT NULL,
  kind        text   NOT NULL,
  holder      text,
  renewed_at  bigint NOT NULL, -- by the clock of the database
  started_at  bigint,
  finished_at bigint,
  options     text   NOT NULL,
  place       text   NOT NULL,
  done        text   NOT NULL,
  PRIMARY KEY (sdk_app_id, kind)
);
