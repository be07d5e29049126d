import type { Kysely, RawBuilder, Sql } from 'kysely';
import { REGISTER_COMMANDS } from '../accounts/registers.ts';
import { IDS_IN_BLOCK } from './account-rows.ts';
import type { DatabaseKind, Tables } from './rows.ts';

/** Where in the index of callbacks by account a walk goes, from the newest block down; the bounds are blocks. */
interface Range {
  newest: RawBuilder<number> | number;
  oldest: RawBuilder<number> | number;
}

/** The index of callbacks by account: one seek a block. */
export function accountIndexOf(sql: Sql, sdkAppId: number, kind: DatabaseKind) {
  const bound = (which: 'min' | 'max') =>
    sql<number>`(SELECT ${sql.raw(which)}(block) FROM callback_accounts WHERE sdk_app_id = ${sdkAppId})`;
  const whole = { newest: bound('max'), oldest: bound('min') };
  return { blocks, idsNaming, isNaming, stating };

  /** The newest and the oldest block; null where there is none. */
  async function blocks(database: Kysely<Tables>): Promise<{ newest: number; oldest: number } | null> {
    const { rows } = await sql<{ newest: number | null; oldest: number }>`
      SELECT ${whole.newest} AS newest, ${whole.oldest} AS oldest`.execute(database);
    const [row] = rows;
    return row && row.newest !== null ? { newest: row.newest, oldest: row.oldest } : null;
  }

  /** A subquery of the ids of the callbacks that name one of the accounts, which are given as they are stored. */
  function idsNaming(names: readonly string[], { newest, oldest }: Range = whole): RawBuilder<{ id: number }> {
    // A planner that joined the other way round would read the whole index: CROSS JOIN and OFFSET keep this order.
    return kind === 'sqlite'
      ? sql`
        WITH RECURSIVE blocks(block) AS (
          SELECT ${newest} UNION ALL SELECT block - 1 FROM blocks WHERE block > ${oldest}
        )
        SELECT named.id FROM blocks CROSS JOIN callback_accounts AS named
        WHERE named.sdk_app_id = ${sdkAppId} AND named.block = blocks.block
          AND named.account IN (SELECT value FROM json_each(${JSON.stringify(names)}))`
      : sql`
        SELECT named.id FROM generate_series(${newest}::bigint, ${oldest}::bigint, -1) AS blocks(block)
        CROSS JOIN LATERAL (
          SELECT id FROM callback_accounts
          WHERE sdk_app_id = ${sdkAppId} AND block = blocks.block AND account = ANY (${names}::text[]) OFFSET 0
        ) AS named`;
  }

  /** A condition on the callbacks: their primary key is sought by the ids. */
  function isNaming(names: readonly string[], range?: Range, after = Number.MAX_SAFE_INTEGER, end = 0) {
    const ids = sql`SELECT id FROM (${idsNaming(names, range)}) AS found WHERE id < ${after} AND id >= ${end}`;
    return kind === 'sqlite' ? sql<boolean>`id IN (${ids})` : sql<boolean>`id = ANY (ARRAY(${ids}))`;
  }

  /** The callbacks that state registers of these accounts. */
  function stating(names: readonly string[]): RawBuilder<{ id: number }> {
    return sql`
      SELECT id FROM callbacks WHERE ${isNaming(names)} AND status = 'accepted'
        AND command IN (${sql.join(REGISTER_COMMANDS)}) AND ignored = ${sql.lit(false)}`;
  }
}

/** The lowest id of a block. */
export function startOf(block: number): number {
  return block * IDS_IN_BLOCK;
}
