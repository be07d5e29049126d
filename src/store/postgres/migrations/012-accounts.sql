-- In steps: builds the index without blocking appends; each statement can be repeated.
-- The same as on SQLite; see there for what each column means.
CREATE TABLE IF NOT EXISTS callback_accounts (
  sdk_app_id bigint NOT NULL,
  block      bigint NOT NULL,
  bucket     smallint NOT NULL,
  id         bigint NOT NULL,
  postings   text   NOT NULL,
  PRIMARY KEY (sdk_app_id, block, bucket, id)
);

CREATE TABLE IF NOT EXISTS account_registers (
  sdk_app_id  bigint NOT NULL,
  account     text   COLLATE "C" NOT NULL,
  kind        text   COLLATE "C" NOT NULL,
  name        text   COLLATE "C" NOT NULL,
  full_name   text,
  value       text,
  stamp       text   COLLATE "C" NOT NULL,
  callback_id bigint NOT NULL,
  PRIMARY KEY (sdk_app_id, account, kind, name)
);

CREATE INDEX CONCURRENTLY IF NOT EXISTS group_parts_by_member ON group_parts (sdk_app_id, name, group_id) WHERE kind = 'member' AND value IS NOT NULL;
