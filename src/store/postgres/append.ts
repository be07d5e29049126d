import type { Pool, PoolClient } from 'pg';
import { changesByGroup, indexedText, storableText } from '../rows.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { inTransaction, type Queryable } from './database.ts';
import { groupsOf, groupValues, isStale, type MergeMode, partValues, upsertGroups, writeParts } from './groups.ts';

// One statement, so one round trip and one commit for a batch of any size. Rows are inserted in the order of the unique
// key, so that two receivers that write the same ones wait for each other and do not deadlock.
const APPEND = `
  WITH arrived AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[],
        $9::bytea[], $10::integer[], $11::text[], $12::text[], $13::bytea[], $14::text[], $15::boolean[], $16::text[])
      WITH ORDINALITY
      AS t(id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, query, body,
        decision, content_removed, changes, place)
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
const APPEND_PARTS = `${APPEND}, ${writeParts(24)} ${STORED}`;

/** After that the groups are locked. */
const OPTIMISTIC_ATTEMPTS = 3;

type Addressed = ReceivedCallback & { id?: number };

/** The writes of one app. */
export function appendsOf(pool: Pool, sdkAppId: number) {
  const groups = groupsOf(sdkAppId);
  return {
    /** Writes all callbacks and what they change, or none. @returns the outcome of each, in their order */
    append: (callbacks: readonly Addressed[]): Promise<AppendedCallback[]> =>
      untilFresh(OPTIMISTIC_ATTEMPTS + maxLockedAttempts(callbacks.length), (attempt) =>
        attempt <= OPTIMISTIC_ATTEMPTS
          ? // Nearly all creations are of new groups, so the first attempt does not look for them.
            write(pool, callbacks, { assumeNew: attempt === 1 })
          : inTransaction(pool, (client) => write(client, callbacks, { lock: true })),
      ),

    /** Runs `work` in a transaction, whose last part is to append one callback. */
    appendInTransaction: <Result>(
      work: (append: (callback: Addressed) => Promise<AppendedCallback>, client: PoolClient) => Promise<Result>,
    ): Promise<Result> =>
      untilFresh(maxLockedAttempts(1), () =>
        inTransaction(pool, (client) => {
          const append = async (callback: Addressed) =>
            (await write(client, [callback], { lock: true }))[0] as AppendedCallback;
          return work(append, client);
        }),
      ),
  };

  async function write(
    database: Queryable,
    callbacks: readonly Addressed[],
    mode: MergeMode,
  ): Promise<AppendedCallback[]> {
    // ON CONFLICT cannot update a row twice in a statement, so repeats within the batch are counted here.
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
    const indexed = (value: string | null | undefined) => (value == null ? null : indexedText(value));
    const changes = changesByGroup(rows.flatMap(({ change }) => change ?? []));
    const writes = await groups.merge(database, changes, mode);
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
        column((row) => (row.reason === null ? null : storableText(row.reason))),
        column((row) => row.query),
        column((row) => row.body),
        column((row) => (row.decision ? JSON.stringify(row.decision) : null)),
        column((row) => row.contentRemoved ?? false),
        column((row) => indexed(row.change?.groupId)),
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
}

/**
 * A group that does not exist yet cannot be locked, so another receiver that creates it makes the attempt stale; the next
 * attempt locks it. Each group does so once at most, so the last attempt succeeds.
 */
function maxLockedAttempts(groups: number): number {
  return groups + 1;
}

async function untilFresh<Result>(attempts: number, work: (attempt: number) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isStale(error)) throw error;
      if (attempt === attempts) throw new Error(`the groups were stale ${attempts} times`, { cause: error });
    }
  }
}
