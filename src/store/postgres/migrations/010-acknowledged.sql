-- The same as on SQLite; see there for what it means. The default is constant: rows are not rewritten, and a receiver of
-- an older version goes on to append beside this one.
ALTER TABLE callbacks ADD COLUMN acknowledged boolean NOT NULL DEFAULT false;
