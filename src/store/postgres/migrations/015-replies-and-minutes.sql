-- The same as on SQLite; see there for what each column means. New tables only: a receiver of an older version goes on
-- beside this one, and records nothing in them.
CREATE TABLE replies (
  sdk_app_id bigint NOT NULL,
  last_id    bigint NOT NULL,
  first_id   bigint NOT NULL,
  entries    text   NOT NULL,
  PRIMARY KEY (sdk_app_id, last_id)
);

CREATE TABLE minutes (
  sdk_app_id bigint NOT NULL,
  minute     bigint NOT NULL,
  receiver   text   NOT NULL,
  counts     text   NOT NULL,
  PRIMARY KEY (sdk_app_id, minute, receiver)
);
