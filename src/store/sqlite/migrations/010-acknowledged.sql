-- 1: rejected after its sender had been answered OK, because the contract has changed since or the database could not hold
-- it otherwise. Such rows are not evicted with the rejects.
ALTER TABLE callbacks ADD COLUMN acknowledged INTEGER NOT NULL DEFAULT 0;
