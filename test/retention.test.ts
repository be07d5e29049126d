import { hash, randomUUID } from 'node:crypto';
import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { mountSmallDisk, whyNoSmallDisk } from '../scripts/testbed/small-disk.ts';
import { stampOf } from '../src/callback/stamp.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { MAX_REJECTED_BYTES, MAX_REJECTS, startRetention } from '../src/store/pruning.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { CallbackRecord, ReceivedCallback, Store, StoreObserver } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { startProcess } from './support/process.ts';
import { start, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const APP = 1400000000;
const DAY = 86_400_000;
const NOW = 1_700_000_000_000;
const silent = pino({ level: 'silent' });
const postgres = usePostgres();

/** Functions that open stores on one database of the test. */
const databases: [string, () => Promise<(observer?: StoreObserver) => Promise<Store>>][] = [
  [
    'SQLite',
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      return async (observer) => openSqliteStore(file, APP, { observer });
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase();
      return async (observer) => {
        const store = openPostgresStore(url, APP, { observer });
        await store.migrate();
        return store;
      };
    },
  ],
];

let count = 0;
function callback(change: Partial<ReceivedCallback> = {}): ReceivedCallback {
  count += 1;
  const body = Buffer.from(`{"count":${count}}`);
  return {
    arrival: randomUUID(),
    query: 'SdkAppid=1400000000',
    body,
    idempotencyKey: hash('sha256', body, 'buffer'),
    receivedAt: new Date(NOW),
    status: 'accepted',
    command: 'Group.CallbackAfterCreateGroup',
    groupId: null,
    eventTime: null,
    reason: null,
    change: null,
    ...change,
  };
}

function fill(store: Store, howMany: number, change: Partial<ReceivedCallback> = {}): Promise<unknown> {
  return Promise.all(Array.from({ length: howMany }, () => store.append(callback(change))));
}

async function allOf(store: Store, status?: CallbackRecord['status']): Promise<CallbackRecord[]> {
  const found: CallbackRecord[] = [];
  let after: string | undefined;
  do {
    const page = await store.listCallbacks({ status, limit: 1000, after });
    found.push(...page.items);
    after = page.next ?? undefined;
  } while (after);
  return found;
}

/** Polls until it holds, for as long as the test may take. */
async function until(holds: () => unknown): Promise<void> {
  while (!(await holds())) await sleep(20);
}

/** A clock that is correct at its first reading only. */
function jumpingClock(): () => number {
  let readings = 0;
  return () => {
    readings += 1;
    return readings === 1 ? NOW : NOW + 400 * DAY;
  };
}

describe.each(databases)('on %s', (_name, prepare) => {
  async function open(opener?: Awaited<ReturnType<typeof prepare>>, observer?: StoreObserver): Promise<Store> {
    const store = await (opener ?? (await prepare()))(observer);
    teardown(() => store.close());
    return store;
  }

  test('old callbacks are deleted, a few at a time and the oldest first; groups and the rest stay', async () => {
    const store = await open();
    const receivedAt = new Date(NOW - 9 * DAY);
    const group = {
      ...{ type: 'Public', name: 'Old', ownerAccount: null, operatorAccount: 'ann', introduction: null },
      ...{ notification: null, members: [], customFields: [], clientIp: null, optPlatform: null },
    };
    const change = { groupId: 'old', stamp: stampOf(receivedAt, Buffer.alloc(8)), receivedAt: NOW, created: group };
    await store.append(callback({ groupId: 'old', receivedAt, change }));
    for (const status of ['accepted', 'unknown', 'rejected'] as const)
      await fill(store, 3, { status, receivedAt: new Date(NOW - 8 * DAY) });
    await fill(store, 2, { receivedAt: new Date(NOW - 7 * DAY) });
    const before = new Date(NOW - 7 * DAY);
    expect(await store.pruneCallbacks(before, 4)).toBe(4);
    expect((await allOf(store)).map(({ groupId }) => groupId)).not.toContain('old');
    expect(await allOf(store)).toHaveLength(8);
    expect([await store.pruneCallbacks(before, 4), await store.pruneCallbacks(before, 4)]).toEqual([4, 2]);
    expect(await store.pruneCallbacks(before, 4)).toBe(0);
    expect(await allOf(store)).toHaveLength(2);
    expect(await store.findGroup('old')).toMatchObject(group);
  });

  test('several receivers may prune concurrently, while callbacks arrive', async () => {
    const opener = await prepare();
    const stores = await Promise.all([open(opener), open(opener), open(opener)]);
    const first = stores[0];
    await fill(first, 1500, { receivedAt: new Date(NOW - 3 * DAY) });
    const runs = stores.map((store) => startRetention({ store, days: 2, log: silent, now: () => NOW }));
    await Promise.all(stores.map((store) => fill(store, 100)));
    await until(async () => (await allOf(first)).length === 300);
    await Promise.all(runs.map((run) => run.stop()));
    expect(new Set((await allOf(first)).map(({ receivedAt }) => receivedAt))).toEqual(
      new Set([new Date(NOW).toISOString()]),
    );
  });

  test.each([
    ['from the start', () => NOW + 400 * DAY],
    ['later', jumpingClock()],
  ])('a clock a year ahead %s deletes only what is older than the newest by as much', async (_name, now) => {
    const store = await open();
    await fill(store, 3, { receivedAt: new Date(NOW - 40 * DAY) });
    await fill(store, 4, { receivedAt: new Date(NOW - 20 * DAY) });
    await fill(store, 1, { receivedAt: new Date(NOW) });
    const run = startRetention({ store, days: 30, log: silent, now });
    await until(async () => (await allOf(store)).length <= 5);
    await run.stop();
    expect(await allOf(store)).toHaveLength(5);
  });

  test('rejected callbacks are limited in rows; the newest are kept, and everything else', async () => {
    let pruned = 0;
    const observer = {
      committed: () => {},
      pruned(_reason: string, howMany: number) {
        pruned += howMany;
      },
    };
    const store = await open(undefined, observer);
    await fill(store, 20, { status: 'unknown' });
    await fill(store, 20);
    for (let round = 0; round < 12; round += 1) await fill(store, 1000, { status: 'rejected', reason: `${round}` });
    await until(() => pruned >= 1500);
    const kept = await allOf(store, 'rejected');
    expect(kept.length).toBeGreaterThanOrEqual(MAX_REJECTS);
    expect(kept.length).toBeLessThanOrEqual(MAX_REJECTS + 500);
    expect(kept.filter(({ reason }) => Number(reason) >= 2)).toHaveLength(MAX_REJECTS);
    expect(await allOf(store, 'unknown')).toHaveLength(20);
    expect(await allOf(store, 'accepted')).toHaveLength(20);
  }, 60_000);

  test('rejected callbacks are limited in bytes', async () => {
    let pruned = 0;
    const observer = {
      committed: () => {},
      pruned(_reason: string, howMany: number) {
        pruned += howMany;
      },
    };
    const store = await open(undefined, observer);
    const bytes = 1024 * 1024;
    for (let round = 0; round < 80; round += 1)
      await store.append(callback({ status: 'rejected', body: Buffer.alloc(bytes, round) }));
    const bound = MAX_REJECTED_BYTES / bytes;
    await until(() => pruned >= 80 - bound - 4);
    const kept = await allOf(store);
    expect(kept.length).toBeLessThanOrEqual(bound + 4);
    expect(kept.length).toBeGreaterThanOrEqual(bound - 1);
    expect(kept[0]?.id).toBe('80');
  }, 60_000);
});

const whySkipped = whyNoSmallDisk();
(whySkipped ? test.skip : test)(
  'below the low-water mark of the disk, rejected and unknown callbacks make room',
  async () => {
    const folder = join(temporaryFolder(), 'small');
    const disk = mountSmallDisk(folder);
    teardown(disk.unmount);
    const { send, read, logged } = await start({ folder });
    const accepted = payload({ GroupId: 'kept' });
    expect((await send(pathOf(), post(accepted))).status).toBe(200);
    const text = 'x'.repeat(200_000);
    for (let index = 0; index < 24; index += 1) {
      const CallbackCommand = index % 2 === 0 ? 'Some.New' : accepted.CallbackCommand;
      await send(pathOf({ CallbackCommand }), post({ CallbackCommand, index, text, Name: 7 }));
    }
    const metric = async (name: string) =>
      Number(
        (await read('/metrics')).text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      );
    expect(await metric('callbacks_disk_low')).toBe(0);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(bavail * bsize - 600_000));
    await until(async () => (await metric('callbacks_disk_low')) === 1);
    expect(await metric('callbacks_disk_free_bytes')).toBeLessThan(800_000);
    expect(logged.join('')).toContain('the disk is nearly full');
    for (const reason of ['rejects', 'unknown'])
      await until(async () => (await metric(`callbacks_pruned_total{reason="${reason}"}`)) > 5);
    const { callbacks } = (await read('/api/callbacks')).json;
    expect(callbacks.filter(({ status }: { status: string }) => status === 'accepted')).toHaveLength(1);
    expect(callbacks.length).toBeLessThan(14);
  },
  60_000,
);

test('the depth is the number of callbacks, whatever was stored, deleted or refused since', async () => {
  const file = join(temporaryFolder(), 'callbacks.db');
  const store = await openSqliteStore(file, APP);
  teardown(() => store.close());
  const depth = async () => (await store.depth()).depth;
  expect(await depth()).toBe(0);
  const one = callback();
  await store.append(one);
  await fill(store, 99);
  await store.append({ ...one, arrival: randomUUID() });
  expect(await depth()).toBe(100);
  const unstorable = callback({ command: null as never });
  await expect(store.append(unstorable)).rejects.toThrow();
  await store.append(callback({ status: 'rejected' }));
  expect(await depth()).toBe(101);
  const rejected = (await allOf(store, 'rejected'))[0]?.id ?? '';
  await store.retry(rejected, (kept) => ({
    ...callback(),
    ...kept,
    idempotencyKey: one.idempotencyKey,
    status: 'accepted',
  }));
  expect([await depth(), (await allOf(store)).length]).toEqual([100, 100]);
  await store.forget((await store.oldest(30, 1_000_000)).map(({ id }) => id));
  expect(await store.pruneCallbacks(new Date(NOW + 1), 20)).toBe(20);
  expect([await depth(), (await allOf(store)).length]).toEqual([50, 50]);
});

test('a spool never deletes callbacks by age: only the database is pruned', async () => {
  const url = 'postgres://nobody@127.0.0.1:9/none';
  const { send, store } = await start({ env: { DATABASE_URL: url }, now: () => NOW });
  expect((await send(pathOf(), post(payload()))).status).toBe(200);
  await expect(store.pruneCallbacks(new Date(NOW + DAY), 100)).rejects.toThrow();
  expect((await store.health()).spool).toMatchObject({ depth: 1 });
});

test.each([
  ['RETENTION_DAYS=30: older ones go when the receiver starts', { RETENTION_DAYS: '30' }, 1],
  ['no RETENTION_DAYS: everything is kept', {}, 301],
])('%s', async (_title, env, want) => {
  const folder = temporaryFolder();
  const file = join(folder, 'data/callbacks.db');
  const before = await openSqliteStore(file, APP);
  await fill(before, 300, { receivedAt: new Date(Date.now() - 31 * DAY) });
  await fill(before, 1, { receivedAt: new Date(Date.now() - 29 * DAY) });
  await before.close();
  const { logged, child, exited, adminUrl } = await startProcess(env, folder);
  if ('RETENTION_DAYS' in env) await until(() => logged.join('').includes('old callbacks were pruned'));
  // Once it answers this, it also handles signals.
  expect((await fetch(`${adminUrl}/metrics`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  const store = await openSqliteStore(file, APP);
  teardown(() => store.close());
  expect(await allOf(store)).toHaveLength(want);
});
