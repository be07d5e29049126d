-- Of a spool: consumers that were registered while PostgreSQL was away, and are to be registered there before what was
-- spooled since.
CREATE TABLE registrations (
  sdk_app_id INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  since      TEXT    NOT NULL, -- 'now', 'beginning', or a time in milliseconds since 1970
  PRIMARY KEY (sdk_app_id, name)
) STRICT, WITHOUT ROWID;
