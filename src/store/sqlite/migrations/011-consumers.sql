-- Where a callback stands in the log that consumers read. NULL: at its id. A callback that is accepted by a retry comes
-- up again, at a number of its own, taken from the sequence of the ids.
ALTER TABLE callbacks ADD COLUMN place INTEGER;
CREATE UNIQUE INDEX callbacks_retried ON callbacks (place) WHERE place IS NOT NULL;

-- A consumer of the stored callbacks: handlers, a webhook, a stream.
CREATE TABLE consumers (
  sdk_app_id   INTEGER NOT NULL,
  name         TEXT    NOT NULL,
  kind         TEXT    NOT NULL CHECK (kind IN ('handlers', 'webhook', 'stream')),
  created_at   INTEGER NOT NULL,             -- milliseconds since 1970, as all times
  place        INTEGER NOT NULL,             -- up to here everything is delivered, stored as a delivery, or in open_places
  open_places  TEXT    NOT NULL DEFAULT '[]',
  floor        INTEGER NOT NULL,             -- the lowest place that it may still read: retention stops there
  paused       INTEGER NOT NULL DEFAULT 0,
  state        TEXT    NOT NULL DEFAULT 'running',
  detail       TEXT,
  holder       TEXT,                         -- UUID of who runs it
  token        INTEGER NOT NULL DEFAULT 0,   -- grows with each lease: an earlier holder's writes are refused
  leased_until INTEGER NOT NULL DEFAULT 0,
  ran_at       INTEGER NOT NULL,             -- when anybody ran it last; the creation before that
  PRIMARY KEY (sdk_app_id, name)
) STRICT, WITHOUT ROWID;

-- Deliveries that failed, one for each subject that is held up, and dead letters.
CREATE TABLE deliveries (
  id              TEXT    NOT NULL PRIMARY KEY, -- UUID
  sdk_app_id      INTEGER NOT NULL,
  consumer        TEXT    NOT NULL,
  callback_id     INTEGER NOT NULL,
  place           TEXT,                         -- NULL of a late one
  subject         TEXT    NOT NULL,             -- kind and value, in JSON
  status          TEXT    NOT NULL CHECK (status IN ('parked', 'dead')),
  attempts        INTEGER NOT NULL,
  error           TEXT,
  created_at      INTEGER NOT NULL,
  failed_at       INTEGER,
  next_attempt_at INTEGER,
  late            INTEGER NOT NULL,
  waiting         TEXT    NOT NULL,             -- places of later callbacks of the subject, in JSON
  more_after      TEXT                          -- more wait after this place
) STRICT;
CREATE INDEX deliveries_by_consumer ON deliveries (sdk_app_id, consumer, status, created_at, id);
CREATE INDEX deliveries_by_callback ON deliveries (callback_id);

-- What an operator asks of a consumer, until it is done.
CREATE TABLE consumer_requests (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  sdk_app_id INTEGER NOT NULL,
  consumer   TEXT    NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('rewind', 'send', 'retry')),
  argument   TEXT    NOT NULL                   -- a place, a callback's id, a delivery's id
) STRICT;

-- Tells one store from another: ids of callbacks are unique within one only.
CREATE TABLE store_identity (
  id TEXT NOT NULL -- 8 hexadecimal digits
) STRICT;
INSERT INTO store_identity VALUES (lower(hex(randomblob(4))));
