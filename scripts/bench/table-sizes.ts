import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { query } from '../testbed/postgres.ts';
import { startArguments } from '../testbed/process.ts';
import { startTarget } from './measure.ts';
import { fill } from './reads.ts';

const WITHIN_MS = 180_000;
const DAY_MS = 86_400_000;

export type Sizes = Record<string, number>;

/** The space that callbacks of as many new groups take on PostgreSQL, and the speed at which retention deletes them. */
export async function sizesOf(
  databaseUrl: string,
  count: number,
  { folder, cleanUps }: { folder: string; cleanUps: CleanUps },
): Promise<Sizes> {
  await fill(databaseUrl, count, () => {});
  await query(databaseUrl, 'VACUUM ANALYZE');
  const sizes: Sizes = {};
  for (const table of ['callbacks', 'groups']) {
    const [row] = await query<{ rows: string; indexes: string }>(
      databaseUrl,
      `SELECT pg_table_size('${table}') AS rows, pg_indexes_size('${table}') AS indexes`,
    );
    sizes[`bytes of one of ${count} ${table}`] = Number(row?.rows) / count;
    sizes[`bytes of its entries in indexes of ${table}`] = Number(row?.indexes) / count;
  }
  // One callback stays at today's time: if every callback is too old by the clock, retention does not run.
  await query(databaseUrl, `UPDATE callbacks SET received_at = received_at - ${3 * DAY_MS} WHERE id <> 1`);
  await query(databaseUrl, 'VACUUM ANALYZE');
  const own = join(folder, 'retention');
  mkdirSync(own);
  const server = await startTarget(
    { args: startArguments(), env: { DATABASE_URL: databaseUrl, RETENTION_DAYS: '1' } },
    { folder: own, cleanUps },
  );
  try {
    const [from, left] = await halfDeleted(databaseUrl, count);
    const deleted = count - left;
    sizes['callbacks deleted a second by retention'] = deleted / ((Date.now() - from) / 1000);
  } finally {
    await server.end();
  }
  return sizes;
}

/** @returns when the deletion began, and how many callbacks are left once at least half are gone */
async function halfDeleted(databaseUrl: string, count: number): Promise<[from: number, left: number]> {
  const deadline = Date.now() + WITHIN_MS;
  let from = 0;
  for (;;) {
    const [row] = await query<{ left: string }>(databaseUrl, 'SELECT count(*) AS left FROM callbacks');
    const left = Number(row?.left);
    if (left < count && from === 0) from = Date.now();
    if (left <= count / 2) return [from, left];
    if (Date.now() > deadline) throw new Error(`retention left ${left} of ${count} callbacks`);
    await sleep(100);
  }
}
