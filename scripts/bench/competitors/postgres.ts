import pg from 'pg';
import { migrate } from '../../../src/store/postgres/migrate.ts';
import type { Rows } from './rows.ts';

// Both are one statement, so one round trip: as few as a transaction can do with.

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

/** The receiver's tables; as many connections as pg's pool has unless told otherwise. */
export async function openPostgres(url: string) {
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
  return [
    rows.sdkAppId,
    rows.status,
    rows.command,
    rows.groupId,
    rows.eventTime,
    rows.receivedAt,
    rows.arrival,
    rows.onceKey,
    rows.query,
    rows.body,
    rows.type,
    rows.name,
    rows.ownerAccount,
    rows.createdAt,
    rows.document,
  ];
}
