import type { PoolClient } from 'pg';
import { REGISTER_COMMANDS } from '../../accounts/registers.ts';
import {
  accountName,
  BEFORE_PLACES,
  BETWEEN_COMMITS,
  IDS_IN_BLOCK,
  idsNaming,
  type NamedCallback,
  newestStated,
  postingsOf,
  type RegisterKey,
  type RegisterReplacement,
  type RegisterRow,
  type StatedRegister,
  toRegisterRow,
} from '../account-rows.ts';
import type { ReceivedCallback } from '../store.ts';
import { columnOf, placeholders, type Queryable } from './transactions.ts';

type AppendedAccounts = Pick<ReceivedCallback, 'arrival' | 'accounts' | 'registers'>;

const ADD_POSTINGS = `ON CONFLICT (sdk_app_id, block, bucket, id) DO UPDATE
  SET postings = known.postings || '${BETWEEN_COMMITS}' || excluded.postings`;

const REGISTER_COLUMNS = ['account', 'kind', 'name', 'full_name', 'value', 'stamp'] as const;
const KEY_COLUMNS = ['account', 'kind', 'name'] as const;

/** Merges the registers that a query returns. A statement cannot update a row twice, so it takes the newest of each. */
const upsertRegisters = (query: string) => `
  INSERT INTO account_registers AS known (sdk_app_id, account, kind, name, full_name, value, stamp, callback_id)
  SELECT DISTINCT ON (account, kind, name) $1::bigint, account, kind, name, full_name, value, stamp, id
  FROM (${query}) AS stated
  ORDER BY account, kind, name, stamp DESC
  ON CONFLICT (sdk_app_id, account, kind, name) DO UPDATE SET
    full_name = excluded.full_name, value = excluded.value, stamp = excluded.stamp, callback_id = excluded.callback_id
  WHERE ${isNews('excluded', 'known')}`;

/** Whether a stated register replaces the known one. */
function isNews(stated: string, known: string): string {
  return `(${stated}.stamp > ${known}.stamp OR (${stated}.stamp = ${known}.stamp
    AND (${stated}.value IS DISTINCT FROM ${known}.value OR ${stated}.callback_id <> ${known}.callback_id)))`;
}

/** Rows of registers from parameters, in the table's collation: all writers lock them in this order. */
function unnestRegisters([place, ...columns]: readonly string[], placeType: string): string {
  const [account, kind, name, fullName, value, stamp] = columns;
  return `SELECT place, account COLLATE "C", kind COLLATE "C", name COLLATE "C", full_name, value, stamp COLLATE "C"
    FROM unnest(${place}::${placeType}[], ${account}::text[], ${kind}::text[], ${name}::text[], ${fullName}::text[],
      ${value}::text[], ${stamp}::text[]) AS r(place, account, kind, name, full_name, value, stamp)`;
}

/**
 * A CTE that indexes the callbacks in the CTE `stored` by their accounts. A duplicate, whose arrival is not stored, is
 * skipped.
 * @param first the first of the parameters `nameValues`
 * @param arrivals the parameter with the arrivals, in the order of the callbacks
 */
export function nameCallbacks(first: number, arrivals: string): string {
  const [bucket, places] = placeholders(first, 2);
  const inBlock = `id / ${IDS_IN_BLOCK} = block`;
  return `numbers AS (
    SELECT id, a.place FROM unnest(${arrivals}) WITH ORDINALITY AS a(arrival, place)
    LEFT JOIN stored USING (arrival)
  ), commits AS (
    SELECT block, max(id) FILTER (WHERE ${inBlock}) AS id,
      array_to_json(array_agg(CASE WHEN ${inBlock} THEN id END ORDER BY place))::text || '${BEFORE_PLACES}' AS ids
    FROM (SELECT DISTINCT id / ${IDS_IN_BLOCK} AS block FROM numbers WHERE id IS NOT NULL) AS blocks CROSS JOIN numbers
    GROUP BY block
  ), named AS (
    INSERT INTO callback_accounts AS known (sdk_app_id, block, bucket, id, postings)
    SELECT $1::bigint, block, bucket, id, ids || places
    FROM commits CROSS JOIN unnest(${bucket}::smallint[], ${places}::text[]) AS n(bucket, places)
    ${ADD_POSTINGS}
  )`;
}

/** Like `nameCallbacks`, for their registers. @param after a CTE whose rows are locked before those of accounts */
export function mergeRegisters(first: number, arrivals: string, after?: string): string {
  const stated = `
    SELECT stated.*, stored.id FROM (${unnestRegisters(placeholders(first, 7), 'integer')}) AS stated
    JOIN stored ON stored.arrival = (${arrivals})[stated.place]
    ${after ? `WHERE (SELECT count(*) FROM ${after}) >= 0` : ''}`;
  return `merged AS (${upsertRegisters(stated)})`;
}

export function nameValues(callbacks: readonly AppendedAccounts[]): unknown[] {
  const postings = postingsOf(callbacks.map(({ accounts = [] }) => accounts.map(accountName)));
  return [columnOf(postings, 'bucket'), columnOf(postings, 'places')];
}

export function registerValues(callbacks: readonly AppendedAccounts[]): unknown[] {
  const rows = callbacks.flatMap(({ registers = [] }, index) =>
    registers.map((register) => ({ place: index + 1, ...toRegisterRow(register) })),
  );
  return [columnOf(rows, 'place'), ...valuesOf(rows)];
}

const valuesOf = (rows: readonly RegisterRow[]) => REGISTER_COLUMNS.map((name) => columnOf(rows, name));
const keysOf = (rows: readonly RegisterKey[]) => KEY_COLUMNS.map((name) => columnOf(rows, name));

const APPEND_ACCOUNTS = `
  WITH stored AS (SELECT * FROM unnest($2::bigint[], $3::uuid[]) AS s(id, arrival)),
    ${nameCallbacks(4, '$3::uuid[]')}, ${mergeRegisters(6, '$3::uuid[]')} SELECT 1`;
const UPSERT_REGISTERS = `
  ${upsertRegisters(`SELECT place AS id, r.* FROM (${unnestRegisters(placeholders(2, 7), 'bigint')}) AS r`)}
`;
const SELECT_NEWS = `
  SELECT DISTINCT stated.callback_id AS id
  FROM (SELECT place AS callback_id, r.* FROM (${unnestRegisters(placeholders(2, 7), 'bigint')}) AS r) AS stated
  LEFT JOIN account_registers AS known ON known.sdk_app_id = $1 AND known.account = stated.account
    AND known.kind = stated.kind AND known.name = stated.name
  WHERE known.stamp IS NULL OR ${isNews('stated', 'known')}`;
// In the order in which appends lock callbacks. Waits for a concurrent mark as ignored.
const LOCK_UNIGNORED = `
  SELECT id FROM callbacks WHERE id = ANY ($2::bigint[]) AND sdk_app_id = $1 AND status = 'accepted' AND NOT ignored
  ORDER BY coalesce(event_time, 0), once_key, status COLLATE "C" FOR SHARE`;
// `nameCallbacks` joins by `arrival`: here, ids take its place.
const RESTORE_NAMES = `
  WITH stored AS (
    SELECT id, id AS arrival FROM callbacks WHERE id = ANY ($2::bigint[]) AND status = 'accepted'
  ), ${nameCallbacks(3, '$2::bigint[]')} SELECT 1`;
const KEYS = 'unnest($2::text[], $3::text[], $4::text[]) AS k(account, kind, name)';
const LOCK_REGISTERS = `
  SELECT r.account, r.kind, r.name, r.full_name, r.value, r.stamp, r.callback_id
  FROM account_registers AS r JOIN ${KEYS} ON r.account = k.account AND r.kind = k.kind AND r.name = k.name
  WHERE r.sdk_app_id = $1 ORDER BY r.account, r.kind, r.name FOR UPDATE OF r`;
const SELECT_STORED = 'SELECT id FROM callbacks WHERE id = ANY ($1::bigint[])';
const SELECT_STATING = `
  SELECT id FROM callbacks
  WHERE id = ANY ($1::bigint[]) AND status = 'accepted' AND NOT ignored AND command = ANY ($2::text[])`;
const DELETE_REGISTERS = `
  DELETE FROM account_registers AS r USING ${KEYS}
  WHERE r.sdk_app_id = $1 AND r.account = k.account AND r.kind = k.kind AND r.name = k.name`;

const OLDEST_BLOCK = '(SELECT min(block) FROM callback_accounts WHERE sdk_app_id = $1)';
const PRUNE_BLOCK = `
  DELETE FROM callback_accounts WHERE sdk_app_id = $1 AND block = ${OLDEST_BLOCK}
    AND NOT EXISTS (SELECT FROM callbacks WHERE sdk_app_id = $1
      AND id >= ${OLDEST_BLOCK} * ${IDS_IN_BLOCK} AND id < (${OLDEST_BLOCK} + 1) * ${IDS_IN_BLOCK})`;

/** The accounts of one app. */
export function accountsOf(sdkAppId: number) {
  return {
    /**
     * Writes the accounts and registers of callbacks stored in the same transaction. @param stored their rows, without
     * duplicates
     */
    async append(
      client: PoolClient,
      callbacks: readonly AppendedAccounts[],
      stored: ReadonlyMap<string, number>,
    ): Promise<void> {
      const known = callbacks.filter(({ arrival }) => stored.has(arrival));
      const values = [...nameValues(known), ...registerValues(known)];
      const arrivals = known.map(({ arrival }) => arrival);
      await client.query(APPEND_ACCOUNTS, [
        sdkAppId,
        arrivals.map((arrival) => stored.get(arrival)),
        arrivals,
        ...values,
      ]);
    },

    /**
     * Indexes and merges callbacks again as on arrival, if unchanged since they were read. @returns how many registers
     * changed
     */
    async restore(client: PoolClient, callbacks: readonly NamedCallback[]): Promise<number> {
      const named = callbacks.filter(({ accounts }) => accounts.length > 0);
      if (named.length > 0) {
        const postings = postingsOf(columnOf(named, 'accounts'));
        const values = [columnOf(postings, 'bucket'), columnOf(postings, 'places')];
        await client.query(RESTORE_NAMES, [sdkAppId, columnOf(named, 'id'), ...values]);
      }
      const stated = callbacks.flatMap(({ id, registers }) => registers.map((register) => ({ id, ...register })));
      const parameters = (rows: typeof stated) => [sdkAppId, columnOf(rows, 'id'), ...valuesOf(rows)];
      const news = idsOf((await client.query(SELECT_NEWS, parameters(stated))).rows);
      if (news.size === 0) return 0;
      const usable = idsOf((await client.query(LOCK_UNIGNORED, [sdkAppId, [...news]])).rows);
      const rows = stated.filter(({ id }) => usable.has(id));
      return (await client.query(UPSERT_REGISTERS, parameters(rows))).rowCount ?? 0;
    },

    /** @returns false if a callback that was not read states one of the registers; then nothing is written */
    async replace(client: PoolClient, { keys, read, postings }: RegisterReplacement): Promise<boolean> {
      // An append to one of them waits for this lock, so the next statement misses none.
      const { rows: known } = await client.query<StatedRegister>(LOCK_REGISTERS, [sdkAppId, ...keysOf(keys)]);
      const { rows } = await client.query<{ postings: string }>(postings.sql, [...postings.parameters]);
      const named = [...idsNaming(columnOf(keys, 'account'), rows)];
      const { rows: stating } = await client.query<{ id: number }>(SELECT_STATING, [named, REGISTER_COMMANDS]);
      const stored = idsOf((await client.query(SELECT_STORED, [columnOf(known, 'callback_id')])).rows);
      const pruned = known.filter(({ callback_id }) => !stored.has(callback_id));
      const rebuilt = newestStated(keys, { read, ids: columnOf(stating, 'id'), pruned });
      if (!rebuilt) return false;
      await client.query(DELETE_REGISTERS, [sdkAppId, ...keysOf(keys)]);
      // Merged, not replaced: where there was no register to lock, another receiver may have written one.
      await client.query(UPSERT_REGISTERS, [sdkAppId, columnOf(rebuilt, 'callback_id'), ...valuesOf(rebuilt)]);
      return true;
    },

    /** Drops the oldest block once all of its callbacks are deleted. */
    async prune(database: Queryable): Promise<void> {
      await database.query(PRUNE_BLOCK, [sdkAppId]);
    },
  };
}

function idsOf(rows: readonly { id: number }[]): Set<number> {
  return new Set(rows.map(({ id }) => id));
}
