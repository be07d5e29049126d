import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { signalTree } from './signal-tree.ts';
import type { SoakedPostgres } from './start-postgres.ts';
import { type SoakedReceiver, startReceiver } from './start-receiver.ts';

const KILLS = 20;
const STANDSTILL_MS = 30_000;
const SERVER_KILLS = 3;
const DOWN_MS = 3_000;
const TMPFS_MB = 16;
const JUMPS = 6;

export interface Scene {
  /** A folder of this fault's own. */
  folder: string;
  /** Started when it is first asked for. */
  postgres(): Promise<SoakedPostgres>;
  /** The database that the callbacks go to. */
  databaseUrl: string;
  /** How long the fault is to last at least; one that comes in rounds spreads them over it. */
  milliseconds: number;
  /** Where the load goes to. */
  receivers: SoakedReceiver[];
  /** Starts the load, once there are receivers. */
  startLoad(): void;
  /** Shown in the progress line. */
  say(what: string): void;
  /** Runs when the fault is over, whether or not it came to its end. */
  afterwards(work: () => unknown): void;
}

export interface Fault {
  name: string;
  text: string;
  database: 'sqlite' | 'postgres';
  /** Whether callbacks may be refused with 503: there is no room for them. */
  mayRefuse?: boolean;
  /** Whether they may go unanswered: there is no receiver for a moment. */
  mayFail?: boolean;
  /** Why it cannot be done on this machine, null if it can. */
  missing?: () => string | null;
  run(scene: Scene): Promise<void>;
}

export const faults: Fault[] = [
  {
    name: 'kill-sqlite',
    text: `kill -9 of the receiver on SQLite, ${KILLS} times`,
    database: 'sqlite',
    mayFail: true,
    run: killInARow,
  },
  {
    name: 'kill-postgres',
    text: `kill -9 of the receiver on PostgreSQL, ${KILLS} times`,
    database: 'postgres',
    mayFail: true,
    run: killInARow,
  },
  {
    name: 'postgres-stopped',
    text: `PostgreSQL stands still for ${STANDSTILL_MS / 1000} s`,
    database: 'postgres',
    missing: () => (process.platform === 'win32' ? 'there is no SIGSTOP on Windows' : null),
    run: stopPostgres,
  },
  {
    name: 'postgres-killed',
    text: `kill -9 of PostgreSQL, ${SERVER_KILLS} times, started again after ${DOWN_MS / 1000} s`,
    database: 'postgres',
    run: killPostgres,
  },
  {
    name: 'full-disk',
    text: `the disk of SQLite is full (tmpfs of ${TMPFS_MB} MB), then has room again`,
    database: 'sqlite',
    mayRefuse: true,
    missing: whyNoTmpfs,
    run: fillDisk,
  },
  {
    name: 'full-spool',
    text: `PostgreSQL is away and the disk of the spool is full (tmpfs of ${TMPFS_MB} MB), then both are back`,
    database: 'postgres',
    mayRefuse: true,
    missing: whyNoTmpfs,
    run: fillSpool,
  },
  {
    name: 'clock',
    text: `the receiver's clock jumps an hour ahead and back, ${JUMPS} times`,
    database: 'postgres',
    missing: () => (process.platform === 'win32' ? 'there is no SIGUSR2 on Windows' : null),
    run: jumpClock,
  },
];

async function killInARow(scene: Scene): Promise<void> {
  const { databaseUrl, folder, receivers } = scene;
  receivers[0] = await startReceiver({ databaseUrl, folder });
  scene.startLoad();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    // Not in step with anything of the receiver's.
    await sleep(Math.max(2_000, scene.milliseconds / KILLS) * (0.5 + Math.random() * 0.5));
    scene.say(`kill ${kill} of ${KILLS}`);
    await receivers[0].end('SIGKILL');
    receivers[0] = await startReceiver({ databaseUrl, folder });
  }
  await sleep(1_000);
}

async function stopPostgres(scene: Scene): Promise<void> {
  const { databaseUrl, folder, receivers } = scene;
  const { pid } = await scene.postgres();
  receivers[0] = await startReceiver({ databaseUrl, folder });
  scene.startLoad();
  const until = Date.now() + scene.milliseconds;
  do {
    await sleep(2_000);
    scene.say('PostgreSQL stands still');
    scene.afterwards(() => signalTree(pid, 'SIGCONT'));
    signalTree(pid, 'SIGSTOP');
    await sleep(STANDSTILL_MS);
    signalTree(pid, 'SIGCONT');
    scene.say('PostgreSQL goes on, the spool drains');
    await sleep(5_000);
    await receivers[0].drained();
  } while (Date.now() < until);
}

async function killPostgres(scene: Scene): Promise<void> {
  const { databaseUrl, folder, receivers } = scene;
  const postgres = await scene.postgres();
  receivers[0] = await startReceiver({ databaseUrl, folder });
  scene.startLoad();
  for (let kill = 1; kill <= SERVER_KILLS; kill += 1) {
    await sleep(Math.max(3_000, scene.milliseconds / SERVER_KILLS));
    scene.say(`kill ${kill} of ${SERVER_KILLS}`);
    postgres.kill();
    await sleep(DOWN_MS);
    await postgres.start();
    scene.say('PostgreSQL is back, the spool drains');
    await receivers[0].drained();
  }
}

async function fillDisk(scene: Scene): Promise<void> {
  const { databaseUrl, folder, receivers } = scene;
  const ballast = join(mountSmallDisk(scene), 'ballast');
  receivers[0] = await startReceiver({ databaseUrl, folder });
  scene.startLoad();
  await sleep(3_000);
  scene.say('the disk is full');
  fill(ballast);
  await sleep(Math.max(5_000, scene.milliseconds / 2));
  scene.say('the disk has room again');
  rmSync(ballast);
  await sleep(3_000);
}

async function fillSpool(scene: Scene): Promise<void> {
  const { databaseUrl, folder, receivers } = scene;
  const postgres = await scene.postgres();
  const ballast = join(mountSmallDisk(scene), 'ballast');
  receivers[0] = await startReceiver({ databaseUrl, folder });
  scene.startLoad();
  await sleep(2_000);
  scene.say('PostgreSQL is away, the spool takes over');
  postgres.kill();
  await sleep(2_000);
  scene.say('the disk of the spool is full');
  fill(ballast);
  await sleep(Math.max(4_000, scene.milliseconds / 2));
  scene.say('there is room again');
  rmSync(ballast);
  await sleep(2_000);
  await postgres.start();
  scene.say('PostgreSQL is back, the spool drains');
  await receivers[0].drained();
}

/** Mounts a tmpfs where the receiver keeps its files. @returns its folder */
function mountSmallDisk({ folder, afterwards }: Scene): string {
  const data = join(folder, 'data');
  mkdirSync(data);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${TMPFS_MB}m`, 'tmpfs', data]);
  afterwards(() => execFileSync('umount', ['-l', data]));
  return data;
}

/** Takes all room that is left. */
function fill(file: string): void {
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

async function jumpClock(scene: Scene): Promise<void> {
  const { databaseUrl, folder, receivers } = scene;
  receivers[0] = await startReceiver({ databaseUrl, folder, preload: join(import.meta.dirname, 'jumping-clock.ts') });
  scene.startLoad();
  for (let jump = 1; jump <= JUMPS; jump += 1) {
    await sleep(Math.max(1_500, scene.milliseconds / JUMPS));
    scene.say(`jump ${jump} of ${JUMPS}`);
    receivers[0].child.kill('SIGUSR2');
  }
  await sleep(1_500);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows } = await client.query('SELECT max(received_at) - min(received_at) AS spread FROM callbacks');
  await client.end();
  // From an hour back to an hour ahead.
  if (!(Number(rows[0].spread) > 7_000_000))
    throw new Error(`clock: the receiver's clock did not jump (${rows[0].spread} ms)`);
}

function whyNoTmpfs(): string | null {
  if (process.platform !== 'linux') return 'a tmpfs is a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
  return null;
}
