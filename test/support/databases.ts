import { join } from 'node:path';
import { openStoreForBatch } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { usePostgres } from './postgres.ts';
import { type Running, start, teardown, temporaryFolder } from './start.ts';
import { APP } from './vendor.ts';

/**
 * Both databases, fresh for each test: `describe.each(useDatabases())`. @returns a name, and a function that creates a
 * DATABASE_URL
 */
export function useDatabases(): [name: string, createUrl: () => Promise<string>][] {
  const postgres = usePostgres();
  return [
    ['SQLite', async () => `sqlite:${join(temporaryFolder(), 'callbacks.db')}`],
    ['PostgreSQL', () => postgres.createDatabase()],
  ];
}

/** Closed with the test. */
export async function openedStore(url: string): Promise<Store> {
  const store = await openStoreForBatch(url, Number(APP));
  teardown(() => store.close());
  return store;
}

/** The app on one of the databases, once its callbacks go there and not to the spool. */
export async function startOn(createUrl: () => Promise<string>): Promise<Running> {
  const running = await start({ env: { DATABASE_URL: await createUrl() } });
  while ((await running.store.health()).spool?.inUse) await new Promise((resolve) => setTimeout(resolve, 50));
  return running;
}
