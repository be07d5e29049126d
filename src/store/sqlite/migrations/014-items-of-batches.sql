-- A callback may be a batch, of which each item is delivered by itself. Which one a delivery is of, from 0; NULL: the whole
-- callback.
ALTER TABLE deliveries ADD COLUMN item INTEGER;
-- Where the consumer is within a batch; place is then the one before it. It counts only while place is that: a receiver of
-- an older version moves place alone.
ALTER TABLE consumers ADD COLUMN item_place TEXT;
