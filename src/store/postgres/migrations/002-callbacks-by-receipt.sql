-- Callbacks are pruned by their age. Ids do not tell it: what waited in a spool comes late.
CREATE INDEX callbacks_by_receipt ON callbacks (sdk_app_id, received_at);
