-- The lists and the search read this index alone, not the documents: names, ids and owners lie side by side in it.
DROP INDEX groups_by_creation;
CREATE INDEX groups_by_creation ON groups (sdk_app_id, created_at, group_id, type, name, owner_account);
CREATE INDEX callbacks_by_group ON callbacks (sdk_app_id, group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX callbacks_repeated ON callbacks (sdk_app_id, id) WHERE repeats > 0;
