import type { ClientBase, Pool } from 'pg';
import { onceKeyOf } from '../once-key.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { indexedText, storableText } from '../text.ts';

// One statement, so one round trip and one commit, however many callbacks arrive together. Rows go in by key, so that
// two receivers that write the same ones wait for each other instead of locking each other out.
const APPEND = `
  WITH arrived AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[],
        $9::bytea[], $10::integer[], $11::text[], $12::text[], $13::bytea[], $14::text[], $15::text[], $16::text[],
        $17::bigint[], $18::text[], $19::text[]) WITH ORDINALITY
      AS t(id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, query, body,
        type, name, owner_account, created_at, document, decision, place)
  ), numbered AS (
    SELECT coalesce(id, nextval(pg_get_serial_sequence('callbacks', 'id'))) AS number, * FROM arrived ORDER BY place
  ), stored AS (
    INSERT INTO callbacks
      (id, sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
       query, body)
    SELECT number, $1, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
      query, body
    FROM numbered ORDER BY once_key, status
    ON CONFLICT (sdk_app_id, once_key, status) DO UPDATE
      SET repeats = callbacks.repeats + excluded.repeats + (callbacks.arrival <> excluded.arrival)::integer
    RETURNING id, arrival, once_key, status
  ), changed AS (
    INSERT INTO groups (sdk_app_id, group_id, type, name, owner_account, created_at, document)
    SELECT DISTINCT ON (group_id) $1::bigint, group_id, type, name, owner_account, created_at, document
    FROM arrived JOIN stored USING (arrival) WHERE document IS NOT NULL
    ORDER BY group_id, created_at DESC, place DESC
    ON CONFLICT (sdk_app_id, group_id) DO UPDATE SET
      type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
      created_at = excluded.created_at, document = excluded.document
    WHERE excluded.created_at >= groups.created_at
  )
  SELECT id, arrival, once_key, status FROM stored`;

type Addressed = ReceivedCallback & { id?: number };

/** Writes all callbacks and what they change, or none. @returns what became of each, in their order */
export async function append(
  database: Pool | ClientBase,
  sdkAppId: number,
  callbacks: readonly Addressed[],
): Promise<AppendedCallback[]> {
  // One statement cannot meet the same key twice, so repeats within the batch are counted here.
  const firsts = new Map<string, Addressed & { onceKey: Buffer; repeats: number }>();
  const keys = callbacks.map((callback) => {
    const onceKey = onceKeyOf(callback);
    const key = callback.status + onceKey.toString('hex');
    const first = firsts.get(key);
    const repeats = callback.repeats ?? 0;
    if (first) first.repeats += repeats + (first.arrival === callback.arrival ? 0 : 1);
    else firsts.set(key, { ...callback, onceKey, repeats });
    return key;
  });
  const rows = [...firsts.values()];
  const column = (read: (row: (typeof rows)[number]) => unknown) => rows.map(read);
  const text = (value: string | null | undefined) => (value == null ? null : storableText(value));
  const indexed = (value: string | null | undefined) => (value == null ? null : indexedText(value));
  const { rows: stored } = await database.query({
    name: 'append',
    text: APPEND,
    values: [
      sdkAppId,
      column((row) => row.id ?? null),
      column((row) => row.status),
      column((row) => indexed(row.command)),
      column((row) => indexed(row.groupId)),
      column((row) => row.eventTime?.getTime() ?? null),
      column((row) => row.receivedAt.getTime()),
      column((row) => row.arrival),
      column((row) => row.onceKey),
      column((row) => row.repeats),
      column((row) => text(row.reason)),
      column((row) => row.query),
      column((row) => Buffer.from(row.body)),
      column((row) => indexed(row.group?.type)),
      column((row) => text(row.group?.name)),
      column((row) => indexed(row.group?.ownerAccount)),
      column((row) => (row.group ? Date.parse(row.group.createdAt) : null)),
      column((row) => (row.group ? JSON.stringify(row.group) : null)),
      column((row) => (row.decision ? JSON.stringify(row.decision) : null)),
    ],
  });
  const found = new Map<string, { id: number; arrival: string }>(
    stored.map((row) => [row.status + row.once_key.toString('hex'), row]),
  );
  return callbacks.map(({ arrival }, index) => {
    const row = found.get(keys[index] as string) as { id: number; arrival: string };
    return { id: String(row.id), repeat: row.arrival !== arrival };
  });
}
