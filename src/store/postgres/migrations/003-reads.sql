-- In steps: builds indexes without blocking reads and appends.
-- The same as on SQLite, but for the names: an index row here is too short for them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS groups_by_creation_new ON groups (sdk_app_id, created_at, group_id) INCLUDE (type);
DROP INDEX CONCURRENTLY IF EXISTS groups_by_creation;
ALTER INDEX IF EXISTS groups_by_creation_new RENAME TO groups_by_creation;
CREATE INDEX CONCURRENTLY IF NOT EXISTS groups_by_type ON groups (sdk_app_id, type, created_at, group_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS callbacks_by_group ON callbacks (sdk_app_id, group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS callbacks_repeated ON callbacks (sdk_app_id, id) WHERE repeats > 0;
