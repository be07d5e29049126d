-- In steps: builds the index without blocking reads and appends.
-- The unique key in order of time: a new callback goes where the newest are, not to a page of its own that has not been
-- read for long. Equal bodies have equal event times, so it recognizes the same duplicates as before.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS callbacks_once_new ON callbacks (sdk_app_id, coalesce(event_time, 0), once_key, status);
DROP INDEX CONCURRENTLY IF EXISTS callbacks_once;
ALTER INDEX IF EXISTS callbacks_once_new RENAME TO callbacks_once;
