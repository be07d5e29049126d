import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createDatabase, type Postgres, startPostgres } from '../../scripts/testbed/postgres.ts';

/** The server that `npm test` starts for all test files. */
const SHARED = process.env.TEST_POSTGRES_URL;

/**
 * A real PostgreSQL server to create databases on: that of the whole run or, where a test file is run by itself, one of
 * its own. Call it outside of tests; what it returns can be used inside.
 */
export function usePostgres(): { createDatabase(): Promise<string> } {
  return SHARED === undefined ? useOwnPostgres() : { createDatabase: () => createDatabase(SHARED) };
}

/** A server of this test file's own, to be killed and reconfigured; ended and its data removed after the last test. */
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
