import type { Kysely, RawBuilder, Sql } from 'kysely';
import { bucketOf, idsNaming, trace } from './account-rows.ts';
import { type DatabaseKind, isIn, type Tables } from './rows.ts';

const MOST_ONE_BY_ONE = 20;

/** The bounds of a walk in blocks, from the newest block down. */
interface Range {
  newest: RawBuilder<number> | number;
  oldest: RawBuilder<number> | number;
}

/** The reads of the index of callbacks by account. Account names are given in their stored form. */
export function accountIndexOf(sql: Sql, sdkAppId: number, kind: DatabaseKind) {
  const bound = (which: 'min' | 'max') =>
    sql<number>`(SELECT ${sql.raw(which)}(block) FROM callback_accounts WHERE sdk_app_id = ${sdkAppId})`;
  const whole = { newest: bound('max'), oldest: bound('min') };
  return { blocks, postings, ids, isOneOf };

  /** The newest and the oldest block; null if there are none. */
  async function blocks(database: Kysely<Tables>): Promise<{ newest: number; oldest: number } | null> {
    const { rows } = await sql<{ newest: number | null; oldest: number }>`
      SELECT ${whole.newest} AS newest, ${whole.oldest} AS oldest`.execute(database);
    const [row] = rows;
    return row && row.newest !== null ? { newest: row.newest, oldest: row.oldest } : null;
  }

  /** The rows that may have postings of the accounts: one seek per block. */
  function postings(names: readonly string[], { newest, oldest }: Range = whole): RawBuilder<{ postings: string }> {
    const buckets = sql.join([...new Set(names.map(bucketOf))].map((bucket) => sql.lit(bucket)));
    const traces = names.map(trace);
    const position = sql.raw(kind === 'sqlite' ? 'instr' : 'strpos');
    const has = (text: RawBuilder<unknown> | string) => sql<boolean>`${position}(named.postings, ${text}) > 0`;
    const sought =
      kind === 'sqlite'
        ? sql`json_each(${JSON.stringify(traces)}) AS sought`
        : sql`unnest(${traces}::text[]) AS sought(value)`;
    // Single terms are faster, but SQLite limits the depth of an expression to 1,000.
    const hasTrace =
      traces.length <= MOST_ONE_BY_ONE
        ? sql.join(traces.map(has), sql` OR `)
        : sql`EXISTS (SELECT 1 FROM ${sought} WHERE ${has(sql`sought.value`)})`;
    // The opposite join order would read the whole index: CROSS JOIN and OFFSET keep the planner to this one.
    return kind === 'sqlite'
      ? sql`
        WITH RECURSIVE blocks(block) AS (
          SELECT ${newest} UNION ALL SELECT block - 1 FROM blocks WHERE block > ${oldest}
        )
        SELECT named.postings FROM blocks CROSS JOIN callback_accounts AS named
        WHERE named.sdk_app_id = ${sdkAppId} AND named.block = blocks.block AND named.bucket IN (${buckets})
          AND (${hasTrace})`
      : sql`
        SELECT named.postings FROM generate_series(${newest}::bigint, ${oldest}::bigint, -1) AS blocks(block)
        CROSS JOIN LATERAL (
          SELECT postings FROM callback_accounts
          WHERE sdk_app_id = ${sdkAppId} AND block = blocks.block AND bucket IN (${buckets}) OFFSET 0
        ) AS named WHERE ${hasTrace}`;
  }

  async function ids(database: Kysely<Tables>, names: readonly string[], range?: Range): Promise<number[]> {
    const { rows } = await postings(names, range).execute(database);
    return [...idsNaming(names, rows)];
  }

  /** A condition on the callbacks. */
  function isOneOf(ids: readonly number[]) {
    return isIn(sql, kind, 'id', ids);
  }
}
