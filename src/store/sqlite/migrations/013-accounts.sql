-- By which accounts callbacks are found: the accounts of a commit, a row a bucket. In blocks of ids, so that new rows go to
-- the few pages of the newest block, not to a page of each account; a search takes one seek a block.
CREATE TABLE callback_accounts (
  sdk_app_id INTEGER NOT NULL,
  block      INTEGER NOT NULL, -- id / 4096
  bucket     INTEGER NOT NULL, -- a hash of the account
  id         INTEGER NOT NULL, -- of the commit's last callback in this block
  postings   TEXT    NOT NULL, -- ids and accounts, see src/store/account-rows.ts; some callbacks may have been pruned
  PRIMARY KEY (sdk_app_id, block, bucket, id)
) STRICT, WITHOUT ROWID;

-- What callbacks say of an account: friends, blocklist, presence, status text. Of each what the newest callback said; what
-- is gone stays, so that a late callback does not bring it back.
CREATE TABLE account_registers (
  sdk_app_id  INTEGER NOT NULL,
  account     TEXT    NOT NULL, -- where it is long or not storable, its SHA-256
  kind        TEXT    NOT NULL, -- friend, block, presence, status
  name        TEXT    NOT NULL, -- the other account, as above; empty where there is none
  full_name   TEXT,             -- of a hashed name: it itself, in JSON
  value       TEXT,             -- JSON; null: it is gone
  stamp       TEXT    NOT NULL, -- of the callback: event time and key, sorts as it happened
  callback_id INTEGER NOT NULL, -- the callback, which may have been pruned
  PRIMARY KEY (sdk_app_id, account, kind, name)
) STRICT, WITHOUT ROWID;

-- The groups that an account joined. Beginning with the app, SQLite would rather read all rows of the app.
CREATE INDEX group_parts_by_member ON group_parts (name, sdk_app_id, group_id) WHERE kind = 'member' AND value IS NOT NULL;
