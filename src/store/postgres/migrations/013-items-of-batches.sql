-- The same as on SQLite; see there for what each column means. Rows are not rewritten, and a receiver of an older version
-- goes on beside this one.
ALTER TABLE deliveries ADD COLUMN item integer;
ALTER TABLE consumers ADD COLUMN item_place text;
