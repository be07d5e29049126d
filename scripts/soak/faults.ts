import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRows } from '../testbed/database.ts';
import { recordedIn, recordingIn } from '../testbed/deliveries.ts';
import { type ServerProcess, signalTree, untilDrained } from '../testbed/process.ts';
import { awayFileOf } from '../testbed/recording-handlers.ts';
import { mountSmallDisk, SMALL_DISK_MB, type SmallDisk, whyNoSmallDisk } from '../testbed/small-disk.ts';
import { startTcpProxy, type Treatment } from '../testbed/tcp-proxy.ts';
import { type Fault, JUMPING_CLOCK, type Scene, startReceiver } from './scene.ts';
import { webhookAndStream } from './webhook-and-stream.ts';

const KILLS = 20;
const STANDSTILL_MS = 30_000;
const SERVER_KILLS = 3;
const DOWN_MS = 3_000;
const JUMPS = 6;
const ROUNDS = 3;
const TREATMENTS: Treatment[] = ['cut statement', 'cut answer', 'delay', 'halve'];
const KILLS_OF_TWO = 6;
const HANDLERS_AWAY_MS = 120_000;
/** The backlog is delivered within this time of the handlers' return. */
const CAUGHT_UP_MS = 60_000;

export const faults: Fault[] = [
  {
    name: 'kill-sqlite',
    text: `kill -9 of the receiver on SQLite, ${KILLS} times`,
    database: 'sqlite',
    mayFail: true,
    kills: KILLS,
    run: killInARow,
  },
  {
    name: 'kill-postgres',
    text: `kill -9 of the receiver on PostgreSQL, ${KILLS} times`,
    database: 'postgres',
    mayFail: true,
    kills: KILLS,
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
    text: `the disk of SQLite is full (tmpfs of ${SMALL_DISK_MB} MB), then has room again`,
    database: 'sqlite',
    mayRefuse: true,
    missing: whyNoSmallDisk,
    run: fillDisk,
  },
  {
    name: 'full-spool',
    text: `PostgreSQL is away and the disk of the spool is full (tmpfs of ${SMALL_DISK_MB} MB), then both are back`,
    database: 'postgres',
    mayRefuse: true,
    missing: whyNoSmallDisk,
    run: fillSpool,
  },
  {
    name: 'connections',
    text: `connections to PostgreSQL are cut in a statement, cut in an answer, slow, and halved, ${ROUNDS} times each`,
    database: 'postgres',
    run: disturbConnections,
  },
  {
    name: 'one-of-two',
    text: `two receivers on one PostgreSQL, one of them killed with -9 and started again, ${KILLS_OF_TWO} times`,
    database: 'postgres',
    mayFail: true,
    run: killOneOfTwo,
  },
  {
    name: 'handlers-away',
    text: `every delivery fails for ${HANDLERS_AWAY_MS / 1000} s, as if the handlers' own database were away`,
    database: 'sqlite',
    run: failHandlers,
  },
  ...(['sqlite', 'postgres'] as const).map(
    (database): Fault => ({
      name: `clock-${database}`,
      text: `the receiver's clock jumps an hour ahead and back, ${JUMPS} times, on ${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`,
      database,
      missing: () => (process.platform === 'win32' ? 'there is no SIGUSR2 on Windows' : null),
      run: jumpClock,
    }),
  ),
  ...webhookAndStream,
];

function startRecording(scene: Scene, folder = scene.folder, preload?: string): Promise<ServerProcess> {
  return startReceiver(scene.databaseUrl, folder, { preload, env: recordingIn(scene.recordFile) });
}

async function startUnderLoad(scene: Scene, preload?: string): Promise<ServerProcess> {
  const receiver = await startRecording(scene, scene.folder, preload);
  scene.receivers.push(receiver);
  scene.startLoad();
  return receiver;
}

async function killInARow(scene: Scene): Promise<void> {
  let receiver = await startUnderLoad(scene);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    // At random times, so as not to coincide with any interval of the receiver.
    await sleep(Math.max(2_000, scene.milliseconds / KILLS) * (0.5 + Math.random() * 0.5));
    scene.say(`kill ${kill} of ${KILLS}`);
    await receiver.end('SIGKILL');
    receiver = await startRecording(scene);
    scene.receivers[0] = receiver;
  }
  await sleep(1_000);
}

async function stopPostgres(scene: Scene): Promise<void> {
  const { pid } = await scene.postgres();
  const { callbackUrl } = await startUnderLoad(scene);
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
    await untilDrained(callbackUrl);
  } while (Date.now() < until);
}

async function killPostgres(scene: Scene): Promise<void> {
  const postgres = await scene.postgres();
  const { callbackUrl } = await startUnderLoad(scene);
  for (let kill = 1; kill <= SERVER_KILLS; kill += 1) {
    await sleep(Math.max(3_000, scene.milliseconds / SERVER_KILLS));
    scene.say(`kill ${kill} of ${SERVER_KILLS}`);
    postgres.kill();
    await sleep(DOWN_MS);
    await postgres.start();
    scene.say('PostgreSQL is back, the spool drains');
    await untilDrained(callbackUrl);
  }
}

async function fillDisk(scene: Scene): Promise<void> {
  const disk = mountFor(scene);
  await startUnderLoad(scene);
  await sleep(3_000);
  scene.say('the disk is full');
  disk.fill();
  await sleep(Math.max(5_000, scene.milliseconds / 2));
  scene.say('the disk has room again');
  disk.clear();
  await sleep(3_000);
}

async function fillSpool(scene: Scene): Promise<void> {
  const postgres = await scene.postgres();
  const disk = mountFor(scene);
  const { callbackUrl } = await startUnderLoad(scene);
  await sleep(2_000);
  scene.say('PostgreSQL is away, the spool takes over');
  postgres.kill();
  await sleep(2_000);
  scene.say('the disk of the spool is full');
  disk.fill();
  await sleep(Math.max(4_000, scene.milliseconds / 2));
  scene.say('there is room again');
  disk.clear();
  await sleep(2_000);
  await postgres.start();
  scene.say('PostgreSQL is back, the spool drains');
  await untilDrained(callbackUrl);
}

/** Mounts a small disk as the folder in which the receiver keeps its files. */
function mountFor({ folder, afterwards }: Scene): SmallDisk {
  const disk = mountSmallDisk(join(folder, 'data'));
  afterwards(disk.unmount);
  return disk;
}

async function disturbConnections(scene: Scene): Promise<void> {
  const through = new URL(scene.databaseUrl);
  const proxy = await startTcpProxy([Number(through.port)]);
  scene.afterwards(proxy.close);
  through.port = String(proxy.port);
  await startUnderLoad({ ...scene, databaseUrl: through.href });
  const turn = Math.max(1_000, scene.milliseconds / (2 * ROUNDS * TREATMENTS.length));
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const treatment of TREATMENTS) {
      await sleep(turn);
      scene.say(`round ${round} of ${ROUNDS}, ${treatment}`);
      proxy.treatment = treatment;
      await sleep(turn);
      proxy.treatment = 'pass';
    }
  }
  await sleep(1_000);
  if (proxy.treated < ROUNDS * TREATMENTS.length) throw new Error('connections: nothing went through the proxy');
}

async function killOneOfTwo(scene: Scene): Promise<void> {
  const { receivers } = scene;
  const folders = ['one', 'two'].map((name) => join(scene.folder, name));
  for (const folder of folders) {
    mkdirSync(folder);
    receivers.push(await startRecording(scene, folder));
  }
  scene.startLoad();
  for (let kill = 1; kill <= KILLS_OF_TWO; kill += 1) {
    await sleep(Math.max(2_000, scene.milliseconds / KILLS_OF_TWO) * (0.5 + Math.random() * 0.5));
    scene.say(`kill ${kill} of ${KILLS_OF_TWO}`);
    const which = kill % 2;
    // The load continues to the other receiver.
    const [killed] = receivers.splice(which, 1);
    await killed?.end('SIGKILL');
    receivers.splice(which, 0, await startRecording(scene, folders[which] as string));
  }
  await sleep(1_000);
}

async function jumpClock(scene: Scene): Promise<void> {
  const { child } = await startUnderLoad(scene, JUMPING_CLOCK);
  for (let jump = 1; jump <= JUMPS; jump += 1) {
    await sleep(Math.max(1_500, scene.milliseconds / JUMPS));
    scene.say(`jump ${jump} of ${JUMPS}`);
    child.kill('SIGUSR2');
  }
  await sleep(1_500);
  const spread = 'SELECT max(received_at) - min(received_at) AS spread FROM callbacks';
  const [row] = await readRows<{ spread: unknown }>(scene.databaseUrl, spread);
  // The clock went from an hour back to an hour ahead.
  if (!(Number(row?.spread) > 7_000_000)) throw new Error(`the receiver's clock did not jump (${row?.spread} ms)`);
}

async function failHandlers(scene: Scene): Promise<void> {
  await startUnderLoad(scene);
  await sleep(2_000);
  const awayFile = awayFileOf(scene.recordFile);
  scene.say("the handlers' database is away");
  writeFileSync(awayFile, '');
  scene.afterwards(() => rmSync(awayFile, { force: true }));
  await sleep(Math.max(HANDLERS_AWAY_MS, scene.milliseconds));
  const [before, since] = [recordedIn(scene.recordFile).length, Date.now()];
  const missed = scene.acknowledged();
  rmSync(awayFile);
  scene.say('the handlers are back');
  while (recordedIn(scene.recordFile).length < missed) {
    if (Date.now() - since > CAUGHT_UP_MS)
      throw new Error(
        `handlers-away: ${missed - before} callbacks waited, not all are delivered after ${CAUGHT_UP_MS / 1000} s`,
      );
    await sleep(500);
  }
  console.log(`handlers-away: ${missed - before} callbacks that waited were delivered within ${Date.now() - since} ms`);
}
