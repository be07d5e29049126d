-- In steps: the table is locked for the first statement only, which is instantaneous.
-- The same as on SQLite; see there for what it means. The default is constant: rows are not rewritten, and a receiver of
-- an older version goes on to append beside this one. What it rejects meanwhile has false.
ALTER TABLE callbacks ADD COLUMN IF NOT EXISTS content_removed boolean NOT NULL DEFAULT false;

-- Rows of older versions tell it by their reason and by the field that their body lacks. Not as json, which cannot be
-- read where it has \u0000.
UPDATE callbacks SET content_removed = true
WHERE status = 'rejected' AND (
  (reason ~ 'body\.MsgBody(\.| \()' AND encode(body, 'escape') !~ '"MsgBody"\s*:')
  OR (reason ~ 'body\.CloudCustomData(\.| \()' AND encode(body, 'escape') !~ '"CloudCustomData"\s*:')
);
