-- The same as on SQLite; see there for what each column means.
CREATE TABLE group_parts (
  sdk_app_id bigint NOT NULL,
  group_id   text   COLLATE "C" NOT NULL,
  kind       text   COLLATE "C" NOT NULL,
  name       text   COLLATE "C" NOT NULL,
  full_name  text,
  value      text,
  stamp      text   NOT NULL,
  PRIMARY KEY (sdk_app_id, group_id, kind, name)
);

ALTER TABLE groups ADD COLUMN version bigint NOT NULL DEFAULT 1;

CREATE TABLE replays (
  sdk_app_id bigint PRIMARY KEY,
  started_at bigint NOT NULL,
  group_id   text   NOT NULL,
  done       text   NOT NULL
);
