-- In steps: builds the index without blocking appends.
-- Callbacks are pruned by their age. Ids do not tell it: what waited in a spool comes late.
CREATE INDEX CONCURRENTLY IF NOT EXISTS callbacks_by_receipt ON callbacks (sdk_app_id, received_at);
