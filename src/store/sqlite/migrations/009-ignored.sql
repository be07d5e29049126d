-- 1 for a callback that an operator has struck out: it stays stored, and groups are built without it.
ALTER TABLE callbacks ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
