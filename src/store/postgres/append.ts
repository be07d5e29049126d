import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { changesByGroup, indexedText, storableText } from '../rows.ts';
import { isSnapshot } from '../snapshots.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { accountsOf, mergeRegisters, nameCallbacks, nameValues, registerValues } from './accounts.ts';
import { isContention } from './failures.ts';
import { groupsOf, groupValues, isStale, partValues, upsertGroups, writeParts } from './groups.ts';
import { inTransaction, type Queryable } from './transactions.ts';

// Locks are taken in one order everywhere, so that transactions wait for each other instead of deadlocking: callbacks
// in the order of their unique key, then groups by id, then the parts of a locked group, then registers of accounts by
// their key.
const INSERT_CALLBACKS = `
  WITH arrived AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[],
        $9::bytea[], $10::integer[], $11::text[], $12::text[], $13::bytea[], $14::text[], $15::boolean[], $16::boolean[], $17::text[])
      WITH ORDINALITY
      AS t(id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, query, body,
        decision, content_removed, acknowledged, changes, place)
  ), numbered AS (
    SELECT coalesce(id, nextval('callbacks_id_seq')) AS number, * FROM arrived ORDER BY place
  ), stored AS (
    INSERT INTO callbacks
      (id, sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
       query, body, content_removed, acknowledged)
    SELECT number, $1, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
      query, body, content_removed, acknowledged
    FROM numbered ORDER BY coalesce(event_time, 0), once_key, status COLLATE "C"
    ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE
      SET repeats = callbacks.repeats + excluded.repeats + (callbacks.arrival <> excluded.arrival)::integer,
        acknowledged = callbacks.acknowledged OR excluded.acknowledged
    RETURNING id, arrival, once_key, status
  )`;
const CHANGE_GROUPS = `, changed AS (
    -- A duplicate changes nothing.
    ${upsertGroups(18, 'WHERE group_id IN (SELECT changes FROM arrived JOIN stored USING (arrival))')}
    RETURNING group_id
  )`;
const STORED = 'SELECT id, arrival, once_key, status FROM stored';
const ARRIVALS = '$8::uuid[]';

/**
 * One statement, so one round trip and one commit for a batch of any size. Parts that no callback of the batch needs
 * are left out: callbacks without accounts do not pay for accounts.
 */
function appendStatement({ parts, names, registers }: { parts: boolean; names: boolean; registers: boolean }) {
  let last = 24;
  const take = (count: number) => {
    last += count;
    return last - count + 1;
  };
  const also = [
    ...(parts ? [writeParts(take(9))] : []),
    ...(names ? [nameCallbacks(take(2), ARRIVALS)] : []),
    ...(registers ? [mergeRegisters(take(7), ARRIVALS, 'changed')] : []),
  ];
  return `${INSERT_CALLBACKS}${CHANGE_GROUPS}${also.map((cte) => `, ${cte}`).join('')} ${STORED}`;
}

const STATEMENTS = new Map([['insert callbacks', `${INSERT_CALLBACKS} ${STORED}`]]);
const YES_AND_NO = [true, false];
for (const parts of YES_AND_NO)
  for (const names of YES_AND_NO)
    for (const registers of YES_AND_NO)
      STATEMENTS.set(nameOf({ parts, names, registers }), appendStatement({ parts, names, registers }));

function nameOf({ parts, names, registers }: { parts: boolean; names: boolean; registers: boolean }): string {
  return `append${parts ? ' parts' : ''}${names ? ' names' : ''}${registers ? ' registers' : ''}`;
}

/** Further attempts lock the groups. */
const OPTIMISTIC_ATTEMPTS = 3;
/**
 * No attempt begins after this time: with the lock time-out of the last one, it stays below the second after which the
 * spool takes over.
 */
const CONTENTION_MS = 600;
const CONTENTION_PAUSE_MS = 10;

/** Above this size, the bodies of a batch, or the members of a snapshot, may exceed an append's statement time-out. */
const LARGE_BYTES = 4 * 1024 * 1024;

type Addressed = ReceivedCallback & { id?: number };
/** Appends one callback within a transaction. */
export type Append = (callback: Addressed) => Promise<AppendedCallback>;

/**
 * The writes of one app.
 * @param patient has a longer deadline, for batches with large bodies, which would otherwise never leave the spool. The
 *   vendor does not wait for them, because the spool takes a callback over before.
 */
export function appendsOf(usual: Pool, patient: Pool, sdkAppId: number) {
  const groups = groupsOf(sdkAppId);
  const accounts = accountsOf(sdkAppId);
  return {
    /** Writes all callbacks and their changes, or nothing. @returns the outcome of each callback, in order */
    append: (callbacks: readonly Addressed[]): Promise<AppendedCallback[]> =>
      untilFresh(OPTIMISTIC_ATTEMPTS + maxLockedAttempts(callbacks.length), (attempt) =>
        attempt <= OPTIMISTIC_ATTEMPTS
          ? // Nearly all creations are of new groups, so the first attempt does not look for them.
            appendOptimistically(poolFor(callbacks), callbacks, attempt === 1)
          : inTransaction(poolFor(callbacks), (client) => appendLocking(client, callbacks)),
      ),

    /** Runs `work` in a transaction that ends with appending one callback. */
    appendInTransaction: <Result>(work: (append: Append, client: PoolClient) => Promise<Result>): Promise<Result> =>
      untilFresh(maxLockedAttempts(1), () =>
        inTransaction(usual, (client) =>
          work(async (callback) => (await appendLocking(client, [callback]))[0] as AppendedCallback, client),
        ),
      ),
  };

  function poolFor(callbacks: readonly Addressed[]): Pool {
    return isLarge(callbacks) ? patient : usual;
  }

  /** @param assumeNew skips the SELECT of groups that this batch creates */
  async function appendOptimistically(
    pool: Pool,
    callbacks: readonly Addressed[],
    assumeNew: boolean,
  ): Promise<AppendedCallback[]> {
    const batch = batchOf(callbacks);
    const changes = changesByGroup(batch.rows.flatMap(({ change }) => change ?? []));
    const writes = await groups.merge(pool, changes, { assumeNew });
    const needs = {
      parts: [...writes.values()].some(({ put, gone }) => put.length + gone.length > 0),
      names: batch.rows.some(({ accounts = [] }) => accounts.length > 0),
      registers: batch.rows.some(({ registers = [] }) => registers.length > 0),
    };
    const values = [
      ...groupValues(writes),
      ...(needs.parts ? partValues(writes) : []),
      ...(needs.names ? nameValues(batch.rows) : []),
      ...(needs.registers ? registerValues(batch.rows) : []),
    ];
    return batch.appendedOf(await insert(pool, nameOf(needs), batch.rows, values));
  }

  /** Must run in a transaction: the groups stay locked until its end. */
  async function appendLocking(client: PoolClient, callbacks: readonly Addressed[]): Promise<AppendedCallback[]> {
    const batch = batchOf(callbacks);
    const stored = await insert(client, 'insert callbacks', batch.rows);
    const arrivals = new Set(stored.map(({ arrival }) => arrival));
    // A duplicate changes nothing.
    const changes = batch.rows.flatMap(({ arrival, change }) => (change && arrivals.has(arrival) ? change : []));
    const writes = await groups.merge(client, changesByGroup(changes), { lock: true });
    if (writes.size > 0) await groups.write(client, writes);
    const named = batch.rows.filter(({ accounts = [], registers = [] }) => accounts.length + registers.length > 0);
    if (named.length > 0) await accounts.append(client, named, new Map(stored.map(({ arrival, id }) => [arrival, id])));
    return batch.appendedOf(stored);
  }

  async function insert(
    database: Queryable,
    name: string,
    rows: readonly BatchRow[],
    values: unknown[] = [],
  ): Promise<StoredRow[]> {
    const column = (read: (row: BatchRow) => unknown) => rows.map(read);
    const indexed = (value: string | null | undefined) => (value == null ? null : indexedText(value));
    const result = await database.query({
      name,
      text: STATEMENTS.get(name) as string,
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
        column((row) => row.acknowledged ?? false),
        column((row) => indexed(row.change?.groupId)),
        ...values,
      ],
    });
    return result.rows;
  }
}

function isLarge(callbacks: readonly Addressed[]): boolean {
  return callbacks.some(isSnapshot) || callbacks.reduce((total, { body }) => total + body.length, 0) >= LARGE_BYTES;
}

type BatchRow = Addressed & { repeats: number };
interface StoredRow {
  id: number;
  arrival: string;
  once_key: Buffer;
  status: string;
}

/**
 * The rows to insert. ON CONFLICT cannot update a row twice in a statement, so duplicates within the batch are counted
 * here.
 */
function batchOf(callbacks: readonly Addressed[]) {
  const firsts = new Map<string, BatchRow>();
  const keys = callbacks.map((callback) => {
    const key = callback.status + Buffer.from(callback.idempotencyKey).toString('hex');
    const first = firsts.get(key);
    const repeats = callback.repeats ?? 0;
    if (first) first.repeats += repeats + (first.arrival === callback.arrival ? 0 : 1);
    else firsts.set(key, { ...callback, repeats });
    return key;
  });
  return {
    rows: [...firsts.values()],

    /** The outcome of each callback, in order. */
    appendedOf(stored: readonly StoredRow[]): AppendedCallback[] {
      const found = new Map(stored.map((row) => [row.status + row.once_key.toString('hex'), row]));
      return callbacks.map(({ arrival }, index) => {
        const row = found.get(keys[index] as string) as StoredRow;
        return { id: String(row.id), repeat: row.arrival !== arrival };
      });
    },
  };
}

/**
 * A group that does not exist yet cannot be locked, so another receiver that creates it makes the attempt stale; the
 * next attempt locks it. Each group can do so once at most, so the last attempt succeeds.
 */
function maxLockedAttempts(groups: number): number {
  return groups + 1;
}

/** Retries stale attempts up to a limit, and lock conflicts within the deadline of an append. */
async function untilFresh<Result>(attempts: number, work: (attempt: number) => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + CONTENTION_MS;
  for (let attempt = 1; ; ) {
    try {
      return await work(attempt);
    } catch (error) {
      if (isStale(error)) {
        if (attempt === attempts) throw new Error(`the groups were stale ${attempts} times`, { cause: error });
        attempt += 1;
      } else if (isContention(error) && performance.now() < deadline) {
        // With jitter: two receivers that blocked each other must not meet again.
        await sleep(CONTENTION_PAUSE_MS * (1 + Math.random()));
      } else throw error;
    }
  }
}
