import type { ClientBase, Pool, PoolClient } from 'pg';
import { changesByGroup } from '../group-rows.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { indexedText, storableText } from '../text.ts';
import { inTransaction } from './in-transaction.ts';
import {
  deleteParts,
  groupValues,
  isStale,
  mergeGroups,
  partValues,
  upsertGroups,
  upsertParts,
} from './write-groups.ts';

// One statement, so one round trip and one commit, however many callbacks arrive together. Rows go in by key, so that
// two receivers that write the same ones wait for each other instead of locking each other out.
const APPEND = `
  WITH arrived AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[],
        $9::bytea[], $10::integer[], $11::text[], $12::text[], $13::bytea[], $14::text[], $15::text[], $16::boolean[])
      WITH ORDINALITY
      AS t(id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, query, body,
        decision, changes, content_removed, place)
  ), numbered AS (
    SELECT coalesce(id, nextval('callbacks_id_seq')) AS number, * FROM arrived ORDER BY place
  ), stored AS (
    INSERT INTO callbacks
      (id, sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
       query, body, content_removed)
    SELECT number, $1, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
      query, body, content_removed
    FROM numbered ORDER BY coalesce(event_time, 0), once_key, status
    ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE
      SET repeats = callbacks.repeats + excluded.repeats + (callbacks.arrival <> excluded.arrival)::integer
    RETURNING id, arrival, once_key, status
  ), changed AS (
    -- A repeat changes nothing.
    ${upsertGroups(17, 'WHERE group_id IN (SELECT changes FROM arrived JOIN stored USING (arrival))')}
    RETURNING group_id
  )`;
const STORED = 'SELECT id, arrival, once_key, status FROM stored';
const APPEND_GROUPS = `${APPEND} ${STORED}`;
const APPEND_PARTS = `${APPEND}, put AS (${upsertParts(24)}), gone AS (${deleteParts(30)}) ${STORED}`;

/** After so many attempts the groups are locked. */
const OPTIMISTIC_ATTEMPTS = 3;

type Addressed = ReceivedCallback & { id?: number };

/** Writes all callbacks and what they change, or none. @returns what became of each, in their order */
export function append(pool: Pool, sdkAppId: number, callbacks: readonly Addressed[]): Promise<AppendedCallback[]> {
  return untilFresh(OPTIMISTIC_ATTEMPTS + mostLockedAttempts(callbacks.length), (attempt) =>
    attempt <= OPTIMISTIC_ATTEMPTS
      ? // Most groups that are created are new, so the first attempt does not look.
        write(pool, sdkAppId, callbacks, { assumeNew: attempt === 1 })
      : inTransaction(pool, (client) => write(client, sdkAppId, callbacks, { lock: true })),
  );
}

/** `append` of one callback as the last part of a transaction. */
export function appendOneInTransaction<Result>(
  pool: Pool,
  sdkAppId: number,
  work: (append: (callback: Addressed) => Promise<AppendedCallback>, client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return untilFresh(mostLockedAttempts(1), () =>
    inTransaction(pool, (client) => {
      const append = async (callback: Addressed) =>
        (await write(client, sdkAppId, [callback], { lock: true }))[0] as AppendedCallback;
      return work(append, client);
    }),
  );
}

/**
 * A group that is not there cannot be locked, so one that another made meanwhile makes the attempt stale; the next
 * attempt locks it. So each group does that once at most, and the last attempt succeeds.
 */
function mostLockedAttempts(groups: number): number {
  return groups + 1;
}

async function untilFresh<Result>(most: number, work: (attempt: number) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isStale(error)) throw error;
      if (attempt === most) throw new Error(`the groups were stale ${most} times`, { cause: error });
    }
  }
}

async function write(
  database: Pool | ClientBase,
  sdkAppId: number,
  callbacks: readonly Addressed[],
  how: Parameters<typeof mergeGroups>[3],
): Promise<AppendedCallback[]> {
  // One statement cannot meet the same key twice, so repeats within the batch are counted here.
  const firsts = new Map<string, Addressed & { repeats: number }>();
  const keys = callbacks.map((callback) => {
    const key = callback.status + Buffer.from(callback.idempotencyKey).toString('hex');
    const first = firsts.get(key);
    const repeats = callback.repeats ?? 0;
    if (first) first.repeats += repeats + (first.arrival === callback.arrival ? 0 : 1);
    else firsts.set(key, { ...callback, repeats });
    return key;
  });
  const rows = [...firsts.values()];
  const column = (read: (row: (typeof rows)[number]) => unknown) => rows.map(read);
  const text = (value: string | null | undefined) => (value == null ? null : storableText(value));
  const indexed = (value: string | null | undefined) => (value == null ? null : indexedText(value));
  const writes = await mergeGroups(database, sdkAppId, changesByGroup(rows.flatMap(({ change }) => change ?? [])), how);
  const hasParts = [...writes.values()].some(({ put, gone }) => put.length + gone.length > 0);
  const { rows: stored } = await database.query({
    name: hasParts ? 'append parts' : 'append',
    text: hasParts ? APPEND_PARTS : APPEND_GROUPS,
    values: [
      sdkAppId,
      column((row) => row.id ?? null),
      column((row) => row.status),
      column((row) => indexed(row.command)),
      column((row) => indexed(row.groupId)),
      column((row) => row.eventTime?.getTime() ?? null),
      column((row) => row.receivedAt.getTime()),
      column((row) => row.arrival),
      column((row) => row.idempotencyKey),
      column((row) => row.repeats),
      column((row) => text(row.reason)),
      column((row) => row.query),
      column((row) => Buffer.from(row.body)),
      column((row) => (row.decision ? JSON.stringify(row.decision) : null)),
      column((row) => indexed(row.change?.groupId)),
      column((row) => row.contentRemoved ?? false),
      ...groupValues(writes),
      ...(hasParts ? partValues(writes) : []),
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
