import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { JUMPING_CLOCK, startReceiver } from '../scripts/soak/scene.ts';
import { compare, readRows } from '../scripts/testbed/database.ts';
import { type Load, startLoad } from '../scripts/testbed/load.ts';
import { type ServerProcess, signalTree, untilDrained } from '../scripts/testbed/process.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../scripts/testbed/small-disk.ts';
import { startTcpProxy, type TcpProxy, type Treatment } from '../scripts/testbed/tcp-proxy.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

/** `npm run soak` has the same faults at 550 a second, for longer. */
const PER_SECOND = 250;
/** Minimum of acknowledged callbacks, so that each test is meaningful. */
const LEAST = 500;

const postgres = useOwnPostgres();

async function startOne(databaseUrl: string, folder: string, preload?: string): Promise<ServerProcess> {
  const receiver = await startReceiver(databaseUrl, folder, { preload });
  teardown(() => receiver.end('SIGKILL'));
  return receiver;
}

async function proxyTo(targets: number[]): Promise<TcpProxy> {
  const proxy = await startTcpProxy(targets);
  teardown(proxy.close);
  return proxy;
}

function loadOn(
  receivers: () => Pick<ServerProcess, 'callbackUrl' | 'pid'>[],
  { perSecond = PER_SECOND, keepAlive = true } = {},
): Load {
  const load = startLoad(receivers, { perSecond, keepAlive });
  teardown(() => load.stop());
  return load;
}

/** Waits until `count` more callbacks are acknowledged, however long a busy machine takes. */
async function acknowledged(load: Load, count: number): Promise<void> {
  const wanted = load.soFar.acknowledged.size + count;
  while (load.soFar.acknowledged.size < wanted) await sleep(10);
}

/**
 * The requirement under every fault: nothing acknowledged is lost, nothing is stored twice, every reply is in time.
 * @param refuses whether callbacks were refused for lack of space
 */
async function expectAllThere(
  load: Load,
  receivers: ServerProcess[],
  databaseUrl: string,
  refuses = false,
): Promise<void> {
  await acknowledged(load, LEAST + 1 - load.soFar.acknowledged.size);
  const { acknowledged: stored, late, refused } = await load.stop();
  for (const receiver of receivers) await untilDrained(receiver.callbackUrl);
  expect(stored.size).toBeGreaterThan(LEAST);
  expect({ ...(await compare(databaseUrl, stored)), late, refuses: refused > 0 }).toEqual({
    lost: 0,
    doubled: 0,
    late: 0,
    refuses,
  });
}

test('the comparison finds lost and duplicated callbacks', async () => {
  const url = await postgres.createDatabase();
  const receiver = await startOne(url, temporaryFolder());
  const load = loadOn(() => [receiver]);
  await acknowledged(load, 50);
  const { acknowledged: sent } = await load.stop();
  // The first callbacks may be in the spool, where a duplicate that arrives during the drain is not counted.
  await untilDrained(receiver.callbackUrl);
  const [body = ''] = sent;
  const target = `${receiver.callbackUrl}?CallbackCommand=Group.CallbackAfterCreateGroup&SdkAppid=1400000000`;
  expect((await fetch(target, { method: 'POST', body })).status).toBe(200);
  await untilDrained(receiver.callbackUrl);
  expect(await compare(url, new Set([...sent, 'never sent']))).toEqual({ lost: 1, doubled: 1 });
});

test('kill -9 of the receiver on PostgreSQL, twice in a row', async () => {
  const url = await postgres.createDatabase();
  const folder = temporaryFolder();
  let receiver = await startOne(url, folder);
  const load = loadOn(() => [receiver]);
  for (let kill = 0; kill < 2; kill += 1) {
    await acknowledged(load, 100 + Math.random() * 150);
    await receiver.end('SIGKILL');
    receiver = await startOne(url, folder);
  }
  await expectAllThere(load, [receiver], url);
}, 120_000);

describe('between the receiver and PostgreSQL', () => {
  const treatments: [string, Treatment][] = [
    ['connections are cut in the middle of a statement', 'cut statement'],
    ['connections are cut in the middle of an answer', 'cut answer'],
    ['every packet is delayed', 'delay'],
    ['every packet is split in two', 'halve'],
  ];

  test.each(treatments)(
    '%s: none fails',
    async (_title, treatment) => {
      const url = await postgres.createDatabase();
      const proxy = await proxyTo([postgres.port]);
      const through = url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
      const receiver = await startOne(through, temporaryFolder());
      const load = loadOn(() => [receiver]);
      await acknowledged(load, 150);
      proxy.treatment = treatment;
      // A cut connection counts as one treated chunk; more follow when the pool reconnects.
      await Promise.all([sleep(1_000), acknowledged(load, 150)]);
      while (proxy.treated <= 3) await sleep(10);
      proxy.treatment = 'pass';
      await expectAllThere(load, [receiver], url);
      expect(load.soFar.failed).toBe(0);
      expect(proxy.treated).toBeGreaterThan(3);
    },
    120_000,
  );
});

test('PostgreSQL is suspended for 3 s: none fails', async () => {
  const url = await postgres.createDatabase();
  const receiver = await startOne(url, temporaryFolder());
  const load = loadOn(() => [receiver]);
  await acknowledged(load, 100);
  const { pid } = postgres;
  teardown(() => signalTree(pid, 'SIGCONT'));
  signalTree(pid, 'SIGSTOP');
  await sleep(3_000);
  signalTree(pid, 'SIGCONT');
  await expectAllThere(load, [receiver], url);
  expect(load.soFar.failed).toBe(0);
}, 120_000);

test('kill -9 of PostgreSQL, which is then restarted: none fails', async () => {
  const url = await postgres.createDatabase();
  const receiver = await startOne(url, temporaryFolder());
  const load = loadOn(() => [receiver]);
  await acknowledged(load, 100);
  postgres.kill();
  await acknowledged(load, 100);
  await postgres.start();
  await expectAllThere(load, [receiver], url);
  expect(load.soFar.failed).toBe(0);
}, 120_000);

(whyNoSmallDisk() === null ? test : test.skip)(
  'a full disk that has room again: 503 meanwhile, and nothing acknowledged is lost (skipped where nobody may mount)',
  async () => {
    const folder = temporaryFolder();
    const disk = mountSmallDisk(join(folder, 'data'));
    teardown(disk.unmount);
    const url = `sqlite:${join(folder, 'data/callbacks.db')}`;
    const receiver = await startOne(url, folder);
    const load = loadOn(() => [receiver]);
    await acknowledged(load, 150);
    disk.fill();
    while (load.soFar.refused < 100) await sleep(10);
    disk.clear();
    await acknowledged(load, 150);
    await expectAllThere(load, [receiver], url, true);
    expect(load.soFar.failed).toBe(0);
  },
  120_000,
);

test.each([
  ['SQLite', async (folder: string) => `sqlite:${join(folder, 'callbacks.db')}`],
  ['PostgreSQL', () => postgres.createDatabase()],
] as const)(
  'the clock jumps an hour ahead and back, on %s: none fails',
  async (_name, prepare) => {
    const folder = temporaryFolder();
    const url = await prepare(folder);
    const receiver = await startOne(url, folder, JUMPING_CLOCK);
    const load = loadOn(() => [receiver]);
    for (let jump = 0; jump < 3; jump += 1) {
      await acknowledged(load, 100);
      receiver.child.kill('SIGUSR2');
    }
    await acknowledged(load, 100);
    await expectAllThere(load, [receiver], url);
    expect(load.soFar.failed).toBe(0);
    const [row] = await readRows<{ spread: unknown }>(
      url,
      'SELECT max(received_at) - min(received_at) AS spread FROM callbacks',
    );
    expect(Number(row?.spread)).toBeGreaterThan(7_000_000);
  },
  120_000,
);

test('two receivers on one database, one killed with -9: the other continues', async () => {
  const url = await postgres.createDatabase();
  const folder = temporaryFolder();
  const staying = await startOne(url, temporaryFolder());
  const killed = await startOne(url, folder);
  let receivers = [staying, killed];
  const load = loadOn(() => receivers);
  await acknowledged(load, 200);
  const dead = killed.end('SIGKILL');
  receivers = [staying];
  await dead;
  await acknowledged(load, 200);
  // Its spool is drained after it has started again.
  const again = await startOne(url, folder);
  await expectAllThere(load, [staying, again], url);
}, 120_000);

test('a rolling restart of two receivers behind a balancer: none fails', async () => {
  const url = await postgres.createDatabase();
  const portOf = ({ callbackUrl }: ServerProcess) => Number(new URL(callbackUrl).port);
  const folders = [temporaryFolder(), temporaryFolder()];
  const running = await Promise.all(folders.map((folder) => startOne(url, folder)));
  const balancer = await proxyTo(running.map(portOf));
  // At half the rate: two more processes start, perhaps on two slow cores for all.
  const callbackUrl = `http://127.0.0.1:${balancer.port}/`;
  const behind = () => running.map(({ pid }) => ({ callbackUrl, pid }));
  const load = loadOn(behind, { perSecond: PER_SECOND / 2, keepAlive: false });
  for (const [index, folder] of folders.entries()) {
    await acknowledged(load, 100);
    const leaving = running[index] as ServerProcess;
    // New connections go to others; open ones are finished.
    balancer.targets = balancer.targets.filter((port) => port !== portOf(leaving));
    await sleep(100);
    expect(await leaving.end('SIGTERM')).toBe(0);
    const next = await startOne(url, folder);
    running[index] = next;
    balancer.targets = [...balancer.targets, portOf(next)];
  }
  await expectAllThere(load, running, url);
  expect(load.soFar.failed).toBe(0);
}, 120_000);
