-- How the callbacks were answered. One row holds what one receiver answered within about a second: a row for each
-- callback would double the writes. What the last second before a crash held is lost.
CREATE TABLE replies (
  sdk_app_id INTEGER NOT NULL,
  last_id    INTEGER NOT NULL, -- the highest id of a callback in it
  first_id   INTEGER NOT NULL, -- the lowest; rows of several receivers overlap
  entries    TEXT    NOT NULL, -- JSON: [id - first_id, HTTP status, milliseconds] of each callback. A fourth value is the
                               -- body; absent: the plain OK; null: it held content of a message and was not kept
  PRIMARY KEY (sdk_app_id, last_id)
) STRICT;

-- What each receiver counted minute by minute, for two hours.
CREATE TABLE minutes (
  sdk_app_id INTEGER NOT NULL,
  minute     INTEGER NOT NULL, -- minutes since 1970
  receiver   TEXT    NOT NULL, -- random for each process
  counts     TEXT    NOT NULL, -- JSON; counts of 0 are left out
  PRIMARY KEY (sdk_app_id, minute, receiver)
) STRICT, WITHOUT ROWID;
