-- 1 for a callback that was rejected for the content of its message, which KEEP_MESSAGES=false then removed: a retry must
-- not accept it for lack of that content.
ALTER TABLE callbacks ADD COLUMN content_removed INTEGER NOT NULL DEFAULT 0;

-- Rows of older versions tell it by their reason and by the field that their body lacks. The covering index finds the
-- rejected rows without reading all bodies.
UPDATE callbacks SET content_removed = 1
WHERE id IN (SELECT id FROM callbacks INDEXED BY callbacks_by_status WHERE status = 'rejected')
  AND (reason LIKE '%body.MsgBody%' OR reason LIKE '%body.CloudCustomData%')
  AND CASE WHEN json_valid(CAST(body AS TEXT)) THEN
    ((reason LIKE '%body.MsgBody.%' OR reason LIKE '%body.MsgBody (%')
      AND json_type(CAST(body AS TEXT), '$.MsgBody') IS NULL)
    OR ((reason LIKE '%body.CloudCustomData.%' OR reason LIKE '%body.CloudCustomData (%')
      AND json_type(CAST(body AS TEXT), '$.CloudCustomData') IS NULL)
  END;
