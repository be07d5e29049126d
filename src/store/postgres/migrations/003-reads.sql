-- The same as on SQLite, but for the names: an index row here is too short for them.
DROP INDEX groups_by_creation;
CREATE INDEX groups_by_creation ON groups (sdk_app_id, created_at, group_id) INCLUDE (type);
CREATE INDEX callbacks_by_group ON callbacks (sdk_app_id, group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX callbacks_repeated ON callbacks (sdk_app_id, id) WHERE repeats > 0;
