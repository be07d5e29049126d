-- How an accepted before-callback was answered, in JSON as the read API shows it; null for every other callback.
ALTER TABLE callbacks ADD COLUMN decision text;
