import type { PoolClient } from 'pg';
import {
  accountName,
  IDS_IN_BLOCK,
  type NamedCallback,
  newestStated,
  type RegisterKey,
  type RegisterReplacement,
  type RegisterRow,
  type StatedRegister,
  toRegisterRow,
} from '../account-rows.ts';
import type { ReceivedCallback } from '../store.ts';
import { columnOf, placeholders, type Queryable } from './transactions.ts';

type AppendedAccounts = Pick<ReceivedCallback, 'arrival' | 'accounts' | 'registers'>;

/** Rows of a pruned block that are deleted at once. */
const PRUNE_BATCH = 5_000;

const REGISTER_COLUMNS = ['account', 'kind', 'name', 'full_name', 'value', 'stamp'] as const;
const KEY_COLUMNS = ['account', 'kind', 'name'] as const;

/** Merges the registers of a query. A statement cannot update a row twice, so of each it takes the newest. */
const upsertRegisters = (query: string) => `
  INSERT INTO account_registers AS known (sdk_app_id, account, kind, name, full_name, value, stamp, callback_id)
  SELECT DISTINCT ON (account, kind, name) $1::bigint, account, kind, name, full_name, value, stamp, id
  FROM (${query}) AS stated
  ORDER BY account, kind, name, stamp DESC
  ON CONFLICT (sdk_app_id, account, kind, name) DO UPDATE SET
    full_name = excluded.full_name, value = excluded.value, stamp = excluded.stamp, callback_id = excluded.callback_id
  WHERE ${isNews('excluded', 'known')}`;

/** Whether a stated register is to replace the known one. */
function isNews(stated: string, known: string): string {
  return `(${stated}.stamp > ${known}.stamp OR (${stated}.stamp = ${known}.stamp
    AND (${stated}.value IS DISTINCT FROM ${known}.value OR ${stated}.callback_id <> ${known}.callback_id)))`;
}

/** Rows of registers from parameters, in the collation of the table: the order in which all lock them. */
function unnestRegisters([place, ...columns]: readonly string[], placeType: string): string {
  const [account, kind, name, fullName, value, stamp] = columns;
  return `SELECT place, account COLLATE "C", kind COLLATE "C", name COLLATE "C", full_name, value, stamp COLLATE "C"
    FROM unnest(${place}::${placeType}[], ${account}::text[], ${kind}::text[], ${name}::text[], ${fullName}::text[],
      ${value}::text[], ${stamp}::text[]) AS r(place, account, kind, name, full_name, value, stamp)`;
}

/**
 * CTEs that make the callbacks in the CTE `stored` found by their accounts. A duplicate, whose arrival is not stored, is
 * left out.
 * @param first the parameters `nameValues` begin there
 * @param arrivals the parameter with the arrivals, in the order of the callbacks
 */
export function nameCallbacks(first: number, arrivals: string): string {
  const [place, account] = placeholders(first, 2);
  return `named AS (
    INSERT INTO callback_accounts (sdk_app_id, block, account, id)
    SELECT $1::bigint, stored.id / ${IDS_IN_BLOCK}, n.account, stored.id
    FROM unnest(${place}::integer[], ${account}::text[]) AS n(place, account)
    JOIN stored ON stored.arrival = (${arrivals}::uuid[])[n.place]
    ON CONFLICT DO NOTHING
  )`;
}

/** As `nameCallbacks`, for what they state. @param after a CTE whose rows are locked before those of accounts */
export function mergeRegisters(first: number, arrivals: string, after?: string): string {
  const stated = `
    SELECT stated.*, stored.id FROM (${unnestRegisters(placeholders(first, 7), 'integer')}) AS stated
    JOIN stored ON stored.arrival = (${arrivals}::uuid[])[stated.place]
    ${after ? `WHERE (SELECT count(*) FROM ${after}) >= 0` : ''}`;
  return `merged AS (${upsertRegisters(stated)})`;
}

export function nameValues(callbacks: readonly AppendedAccounts[]): unknown[] {
  const places: number[] = [];
  const names: string[] = [];
  for (const [index, { accounts = [] }] of callbacks.entries()) {
    for (const account of accounts) {
      places.push(index + 1);
      names.push(accountName(account));
    }
  }
  return [places, names];
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
    ${nameCallbacks(4, '$3')}, ${mergeRegisters(6, '$3')} SELECT 1`;
const UPSERT_REGISTERS = `
  ${upsertRegisters(`SELECT place AS id, r.* FROM (${unnestRegisters(placeholders(2, 7), 'bigint')}) AS r`)}
  RETURNING callback_id AS id`;
const SELECT_NEWS = `
  SELECT DISTINCT stated.callback_id AS id
  FROM (SELECT place AS callback_id, r.* FROM (${unnestRegisters(placeholders(2, 7), 'bigint')}) AS r) AS stated
  LEFT JOIN account_registers AS known ON known.sdk_app_id = $1 AND known.account = stated.account
    AND known.kind = stated.kind AND known.name = stated.name
  WHERE known.stamp IS NULL OR ${isNews('stated', 'known')}`;
// In the order in which appends lock callbacks. A mark that is under way is waited for.
const LOCK_UNIGNORED = `
  SELECT id FROM callbacks WHERE id = ANY ($2::bigint[]) AND sdk_app_id = $1 AND status = 'accepted' AND NOT ignored
  ORDER BY coalesce(event_time, 0), once_key, status COLLATE "C" FOR SHARE`;
const RESTORE_NAMES = `
  INSERT INTO callback_accounts (sdk_app_id, block, account, id)
  SELECT $1::bigint, n.id / ${IDS_IN_BLOCK}, n.account, n.id FROM unnest($2::bigint[], $3::text[]) AS n(id, account)
  WHERE EXISTS (SELECT FROM callbacks WHERE callbacks.id = n.id AND status = 'accepted')
  ON CONFLICT DO NOTHING RETURNING id`;

const KEYS = 'unnest($2::text[], $3::text[], $4::text[]) AS k(account, kind, name)';
const LOCK_REGISTERS = `
  SELECT r.account, r.kind, r.name, r.full_name, r.value, r.stamp, r.callback_id
  FROM account_registers AS r JOIN ${KEYS} ON r.account = k.account AND r.kind = k.kind AND r.name = k.name
  WHERE r.sdk_app_id = $1 ORDER BY r.account, r.kind, r.name FOR UPDATE OF r`;
const SELECT_STORED = 'SELECT id FROM callbacks WHERE id = ANY ($1::bigint[])';
const DELETE_REGISTERS = `
  DELETE FROM account_registers AS r USING ${KEYS}
  WHERE r.sdk_app_id = $1 AND r.account = k.account AND r.kind = k.kind AND r.name = k.name`;

const OLDEST_BLOCK = '(SELECT min(block) FROM callback_accounts WHERE sdk_app_id = $1)';
const PRUNE_NAMES = `
  DELETE FROM callback_accounts WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM callback_accounts WHERE sdk_app_id = $1 AND block = ${OLDEST_BLOCK}
      AND NOT EXISTS (SELECT FROM callbacks WHERE sdk_app_id = $1
        AND id >= ${OLDEST_BLOCK} * ${IDS_IN_BLOCK} AND id < (${OLDEST_BLOCK} + 1) * ${IDS_IN_BLOCK})
    LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** The accounts of one app. */
export function accountsOf(sdkAppId: number) {
  return {
    /** Writes what callbacks say that are stored in the same transaction. @param stored their rows, without duplicates */
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

    /** As when they arrived, of callbacks that are still as they were read. @returns of each what it changed */
    async restore(
      client: PoolClient,
      callbacks: readonly NamedCallback[],
    ): Promise<{ named: number; changed: number }[]> {
      const names = callbacks.flatMap(({ id, accounts }) => accounts.map((account) => ({ id, account })));
      const values = [sdkAppId, columnOf(names, 'id'), columnOf(names, 'account')];
      const named = countById((await client.query(RESTORE_NAMES, values)).rows);
      const stated = callbacks.flatMap(({ id, registers }) => registers.map((register) => ({ id, ...register })));
      const parameters = (rows: typeof stated) => [sdkAppId, columnOf(rows, 'id'), ...valuesOf(rows)];
      const news = idsOf((await client.query(SELECT_NEWS, parameters(stated))).rows);
      let changed = new Map<number, number>();
      if (news.size > 0) {
        const usable = idsOf((await client.query(LOCK_UNIGNORED, [sdkAppId, [...news]])).rows);
        const rows = stated.filter(({ id }) => usable.has(id));
        changed = countById((await client.query(UPSERT_REGISTERS, parameters(rows))).rows);
      }
      return callbacks.map(({ id }) => ({ named: named.get(id) ?? 0, changed: changed.get(id) ?? 0 }));
    },

    /** @returns false when a callback states the registers that was not read; then nothing is written */
    async replace(client: PoolClient, { keys, read, stating }: RegisterReplacement): Promise<boolean> {
      // An append of one of them waits for this lock, so none is missed by the next statement.
      const { rows: known } = await client.query<StatedRegister>(LOCK_REGISTERS, [sdkAppId, ...keysOf(keys)]);
      const { rows: ids } = await client.query<{ id: number }>(stating.sql, [...stating.parameters]);
      const stored = idsOf((await client.query(SELECT_STORED, [columnOf(known, 'callback_id')])).rows);
      const pruned = known.filter(({ callback_id }) => !stored.has(callback_id));
      const rebuilt = newestStated(keys, { read, ids: columnOf(ids, 'id'), pruned });
      if (!rebuilt) return false;
      await client.query(DELETE_REGISTERS, [sdkAppId, ...keysOf(keys)]);
      // Merged: where there was no register to lock, another receiver may have written one.
      await client.query(UPSERT_REGISTERS, [sdkAppId, columnOf(rebuilt, 'callback_id'), ...valuesOf(rebuilt)]);
      return true;
    },

    /** Drops the oldest block when no callback of it is left; a bounded part of it each time. */
    async prune(database: Queryable): Promise<void> {
      await database.query(PRUNE_NAMES, [sdkAppId, PRUNE_BATCH]);
    },
  };
}

function idsOf(rows: readonly { id: number }[]): Set<number> {
  return new Set(rows.map(({ id }) => id));
}

function countById(rows: readonly { id: number }[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
