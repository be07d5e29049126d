import { CommitTogether } from './commit-together.ts';
import { openPostgres } from './postgres.ts';
import type { Rows } from './rows.ts';
import { openSqlite } from './sqlite.ts';

/** Resolves once the rows are on disk. */
export type Store = (rows: Rows) => Promise<void>;

/**
 * What a competitor stores with: the tables, settings and guarantees of the receiver, on the database of DATABASE_URL.
 * @param commits a transaction for each request, or one for all that arrive together
 */
export async function openStore(commits: 'each' | 'together'): Promise<Store> {
  const { DATABASE_URL = '' } = process.env;
  const { one, many } = DATABASE_URL.startsWith('sqlite:')
    ? openSqlite(DATABASE_URL.slice('sqlite:'.length))
    : await openPostgres(DATABASE_URL);
  if (commits === 'each') return one;
  const queue = new CommitTogether(many);
  return (rows) => queue.add(rows);
}
