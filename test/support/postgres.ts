import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createDatabase, type Postgres, startPostgres } from '../../scripts/testbed/postgres.ts';

/** The server that `npm test` starts for all test files. */
const SHARED = process.env.TEST_POSTGRES_URL;

/**
 * A real PostgreSQL server for creating databases: the shared one of the run, or a separate one if the test file runs
 * alone. Call it outside tests; use the result inside.
 */
export function usePostgres(): { createDatabase(): Promise<string> } {
  return SHARED === undefined ? useOwnPostgres() : { createDatabase: () => createDatabase(SHARED) };
}

/** A separate server for this test file, to be killed and reconfigured; removed with its data after the last test. */
export function useOwnPostgres(): Postgres {
  const folder = mkdtempSync(join(tmpdir(), 'callbacks-postgres-'));
  const server = {} as Postgres;
  beforeAll(async () => {
    const started = await startPostgres(folder);
    Object.defineProperties(server, Object.getOwnPropertyDescriptors(started));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}
