-- The key that makes a callback stored once, in order of time: a new one goes where the newest are, not to a page of its
-- own that nobody has read for long. Equal bodies have equal event times, so it tells the same repeats as before.
DROP INDEX callbacks_once;
CREATE UNIQUE INDEX callbacks_once ON callbacks (sdk_app_id, coalesce(event_time, 0), once_key, status);
