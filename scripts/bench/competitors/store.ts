import pg from 'pg';
import { migrate } from '../../../src/store/postgres/migrate.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import type { Rows } from './vendor.ts';

/** Resolves once the rows are on disk. */
export type Store = (rows: Rows) => Promise<void>;

/**
 * The store of a competitor: the tables, settings and guarantees of the receiver, on the database of DATABASE_URL.
 * @param commits one transaction per request, or group commit
 */
export async function openStore(commits: 'each' | 'together'): Promise<Store> {
  const { DATABASE_URL = '' } = process.env;
  const { one, many } = DATABASE_URL.startsWith('sqlite:')
    ? openSqlite(DATABASE_URL.slice('sqlite:'.length))
    : await openPostgres(DATABASE_URL);
  if (commits === 'each') return one;
  const queue = new CommitTogether(many);
  return (rows) => queue.add(rows);
}

/** Group commit: requests that arrive during one commit go into the next. */
class CommitTogether<Item> {
  #waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #running = false;
  readonly #commit: (items: Item[]) => void | Promise<void>;

  constructor(commit: (items: Item[]) => void | Promise<void>) {
    this.#commit = commit;
  }

  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => this.#run());
    });
  }

  async #run(): Promise<void> {
    const batch = this.#waiting.splice(0);
    try {
      const done = this.#commit(batch.map(({ item }) => item));
      if (done) await done;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#run());
    else this.#running = false;
  }
}

/** The receiver's tables with the receiver's settings: WAL, synchronous=FULL. */
function openSqlite(file: string) {
  const database = openDatabase(file);
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insertCallback = database.prepare(`
    INSERT INTO callbacks
      (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO NOTHING`);
  const countRepeat = database.prepare(
    'UPDATE callbacks SET repeats = repeats + 1 WHERE sdk_app_id = ? AND coalesce(event_time, 0) = ? AND once_key = ? AND status = ?',
  );
  const putGroup = database.prepare(`
    INSERT OR REPLACE INTO groups (sdk_app_id, group_id, type, name, owner_account, created_at, document)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);

  function insert(rows: Rows): void {
    const { sdkAppId, status, command, groupId, eventTime, receivedAt, arrival, onceKey, query, body } = rows;
    const { changes } = insertCallback.run(
      sdkAppId,
      status,
      command,
      groupId,
      eventTime,
      receivedAt,
      arrival,
      onceKey,
      query,
      body,
    );
    if (changes === 0) countRepeat.run(sdkAppId, eventTime ?? 0, onceKey, status);
    else putGroup.run(sdkAppId, groupId, rows.type, rows.name, rows.ownerAccount, rows.createdAt, rows.document);
  }

  function many(items: Rows[]): void {
    begin.run();
    try {
      for (const rows of items) insert(rows);
      commit.run();
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  return { many, one: async (rows: Rows): Promise<void> => many([rows]) };
}

// One statement each: a transaction takes one round trip.

const ONE = `
  WITH stored AS (
    INSERT INTO callbacks
      (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE SET repeats = callbacks.repeats + 1
    RETURNING repeats
  )
  INSERT INTO groups (sdk_app_id, group_id, type, name, owner_account, created_at, document)
  SELECT $1, $4, $11, $12, $13, $14, $15 FROM stored WHERE repeats = 0
  ON CONFLICT (sdk_app_id, group_id) DO UPDATE SET
    type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
    created_at = excluded.created_at, document = excluded.document`;

const MANY = `
  WITH arrived AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::uuid[],
        $8::bytea[], $9::text[], $10::bytea[], $11::text[], $12::text[], $13::text[], $14::bigint[], $15::text[])
      AS t(sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body,
        type, name, owner_account, created_at, document)
  ), stored AS (
    INSERT INTO callbacks
      (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
    SELECT sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body FROM arrived
    ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE SET repeats = callbacks.repeats + 1
    RETURNING repeats, arrival
  )
  INSERT INTO groups (sdk_app_id, group_id, type, name, owner_account, created_at, document)
  SELECT sdk_app_id, group_id, type, name, owner_account, created_at, document
  FROM arrived JOIN stored USING (arrival) WHERE repeats = 0
  ON CONFLICT (sdk_app_id, group_id) DO UPDATE SET
    type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
    created_at = excluded.created_at, document = excluded.document`;

/** The receiver's tables, with the default number of connections of pg. */
async function openPostgres(url: string) {
  const pool = new pg.Pool({ connectionString: url });
  await migrate({ url, pool });

  return {
    async one(rows: Rows): Promise<void> {
      await pool.query({ name: 'one', text: ONE, values: columnsOf(rows) });
    },
    async many(items: Rows[]): Promise<void> {
      const columns: unknown[][] = Array.from({ length: 15 }, () => []);
      for (const rows of items) for (const [index, value] of columnsOf(rows).entries()) columns[index]?.push(value);
      await pool.query({ name: 'many', text: MANY, values: columns });
    },
  };
}

function columnsOf(rows: Rows): unknown[] {
  const { sdkAppId, status, command, groupId, eventTime, receivedAt, arrival, onceKey, query, body } = rows;
  const callback = [sdkAppId, status, command, groupId, eventTime, receivedAt, arrival, onceKey, query, body];
  return [...callback, rows.type, rows.name, rows.ownerAccount, rows.createdAt, rows.document];
}
