-- The same as on SQLite. The default is constant: rows are not rewritten, and a receiver of an older version goes on to
-- append beside this one.
ALTER TABLE callbacks ADD COLUMN ignored boolean NOT NULL DEFAULT false;

-- Where all callbacks of a group are ignored, the group is deleted. A receiver that read the group before writes its next
-- version by INSERT ... ON CONFLICT DO UPDATE, which would restore what was deleted: only version 1 may be inserted. The
-- error is the one of a stale version, so receivers of any version read the group again.
CREATE FUNCTION refuse_stale_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'group % has been deleted since it was read', NEW.group_id
    USING ERRCODE = 'not_null_violation', TABLE = 'groups', COLUMN = 'version';
END
$$;
CREATE TRIGGER groups_begin_at_version_1 AFTER INSERT ON groups
  FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION refuse_stale_group();
