import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { query } from '../scripts/testbed/postgres.ts';
import {
  BEGINNING,
  comparePlaces,
  LEASE_MS,
  type Lease,
  type LoggedCallback,
  type Progress,
  type StoredDelivery,
} from '../src/store/consumers.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { DAY_MS, startRetention } from '../src/store/pruning.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store } from '../src/store/store.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const APP = 1400000000;
/** A separate server: transactions of other tests on a shared one would hold back the log. */
const postgres = useOwnPostgres();
const NOW = 1_700_000_000_000;
const CREATED = 'Group.CallbackAfterCreateGroup';

interface Database {
  /** Opens a store on this database; it is closed after the test. */
  open(options?: { consumerMaxIdleDays?: number }): Promise<Store>;
  /** Executes a statement without the stores. */
  execute(sql: string): Promise<unknown>;
}

const databases: [string, () => Promise<Database>][] = [
  [
    'SQLite',
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      return {
        open: (options) => opened(openSqliteStore(file, APP, options)),
        async execute(sql) {
          const database = new DatabaseSync(file, { timeout: 1_000 });
          database.exec(sql);
          database.close();
        },
      };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase();
      return {
        async open(options) {
          const store = openPostgresStore(url, APP, options);
          await store.migrate();
          return opened(Promise.resolve(store));
        },
        execute: (sql) => query(url, sql),
      };
    },
  ],
];

async function opened(opening: Promise<Store>): Promise<Store> {
  const store = await opening;
  teardown(() => store.close());
  return store;
}

let count = 0;
function callback(change: Partial<ReceivedCallback> = {}): ReceivedCallback {
  count += 1;
  const body = change.body ?? Buffer.from(`{"count":${count}}`);
  return {
    arrival: randomUUID(),
    query: 'SdkAppid=1400000000',
    body,
    idempotencyKey: hash('sha256', `${count}`, 'buffer'),
    receivedAt: new Date(NOW),
    status: 'accepted',
    command: CREATED,
    groupId: null,
    eventTime: null,
    reason: null,
    change: null,
    ...change,
  };
}

/** Stores callbacks sequentially. @returns their ids */
async function fill(store: Store, ...changes: Partial<ReceivedCallback>[]): Promise<string[]> {
  const ids: string[] = [];
  for (const change of changes) ids.push((await store.append(callback(change))).id);
  return ids;
}

const retryAs = (store: Store, id: string | undefined, change: Partial<ReceivedCallback>) =>
  store.retry(id ?? '', (kept) => ({ ...callback(), ...kept, ...change }) as ReceivedCallback);

const readAll = (store: Store, after = BEGINNING) => store.readLog({ after, limit: 1_000, wants: null });
const idsOf = (callbacks: readonly LoggedCallback[]) => callbacks.map(({ id }) => id);

type From = 'now' | 'beginning' | Date;
const register = (store: Store, name: string, from: From = 'beginning') =>
  store.registerConsumers([{ name, kind: 'handlers', from }]);

/** Takes the lease as soon as it is available. */
async function lease(store: Store, name = 'handlers', holder: string = randomUUID()): Promise<Lease> {
  const deadline = Date.now() + 2 * LEASE_MS;
  for (;;) {
    const taken = await store.leaseConsumer(name, holder);
    if (taken) return taken;
    if (Date.now() > deadline) throw new Error(`the lease of ${name} was not to be had`);
    await sleep(50);
  }
}

const progress = (change: Partial<Progress> = {}): Progress => ({
  ...{ place: BEGINNING, open: [], floor: BEGINNING, put: [], done: [], requestsDone: [] },
  ...{ state: 'running', detail: null },
  ...change,
});

const delivery = (change: Partial<StoredDelivery> = {}): StoredDelivery => ({
  ...{ id: randomUUID(), callbackId: '1', place: '0-1', subject: '["group","@TGS#1"]', status: 'parked', attempts: 1 },
  ...{ error: 'Error: no', failedAt: new Date(NOW), nextAttemptAt: new Date(NOW + 1_000), late: false },
  ...{ waiting: [], moreAfter: null },
  ...change,
});

describe.each(databases)('the consumers of a store on %s', (_name, prepare) => {
  /** A store with a registered consumer, its lease, and this many callbacks. */
  async function start(callbacks = 0) {
    const database = await prepare();
    const store = await database.open();
    await register(store, 'handlers');
    const ids = await fill(store, ...Array.from({ length: callbacks }, () => ({})));
    return { ...database, store, ids, places: (await readAll(store)).map(({ place }) => place) };
  }

  test('a store has a permanent id of its own', async () => {
    const database = await prepare();
    const id = await (await database.open()).storeId();
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(await (await database.open()).storeId()).toBe(id);
    expect(await (await (await prepare()).open()).storeId()).not.toBe(id);
  });

  test.each<[string, From, number[]]>([
    ['the beginning', 'beginning', [0, 1, 2, 3]],
    ['now', 'now', [3]],
    ['a time: from the first callback received then or later', new Date(NOW + 200), [1, 2, 3]],
    ['a time before all callbacks', new Date(0), [0, 1, 2, 3]],
    ['a time after all callbacks: from now', new Date(NOW + 1_000), [3]],
  ])('a consumer begins at %s', async (_title, from, wanted) => {
    const store = await (await prepare()).open();
    // Ids do not follow the time: callbacks that waited in a spool come late.
    const received = [100, 200, 150].map((after) => ({ receivedAt: new Date(NOW + after) }));
    const ids = await fill(store, ...received);
    await register(store, 'handlers', from);
    ids.push(...(await fill(store, { receivedAt: new Date(NOW + 300) })));
    const { place } = await lease(store);
    expect(idsOf(await readAll(store, place))).toEqual(wanted.map((index) => ids[index]));
    // Only the first registration counts.
    await register(store, 'handlers', 'now');
    expect((await store.listConsumers())[0]).toMatchObject({ name: 'handlers', place, lag: wanted.length });
  });

  test('from a time: rejected callbacks are skipped, retried ones count at their present place', async () => {
    const store = await (await prepare()).open();
    const at = (seconds: number) => ({ receivedAt: new Date(NOW + seconds * 1_000) });
    const [, retried, last] = await fill(
      store,
      { status: 'rejected', ...at(50) },
      { status: 'rejected', ...at(50) },
      at(10),
    );
    await retryAs(store, retried, { status: 'accepted' });
    const [newest] = await fill(store, at(20));
    await register(store, 'late', new Date(NOW + 30_000));
    await register(store, 'early', new Date(NOW));
    expect(idsOf(await readAll(store, (await lease(store, 'late')).place))).toEqual([retried, newest]);
    expect(idsOf(await readAll(store, (await lease(store, 'early')).place))).toEqual([last, retried, newest]);
  });

  test('one holder at a time has the lease; the next holder fences off the previous one', async () => {
    const { open, store, places } = await start(2);
    const other = await open();
    expect(await store.leaseConsumer('nobody', randomUUID())).toBeNull();
    const holder = randomUUID();
    const first = await lease(store, 'handlers', holder);
    expect(first).toMatchObject({ name: 'handlers', place: BEGINNING, open: [], parked: [], paused: false });
    expect(await store.leaseConsumer('handlers', holder)).toEqual(first);
    expect(await other.leaseConsumer('handlers', randomUUID())).toBeNull();
    // Each save renews the lease.
    const until = performance.now() + LEASE_MS * 1.2;
    const place = places[0] as string;
    while (performance.now() < until) {
      expect(await store.saveProgress(first, progress({ place, floor: place }))).not.toBeNull();
      expect(await other.leaseConsumer('handlers', randomUUID())).toBeNull();
      await sleep(100);
    }
    const second = await lease(other);
    expect(second).toMatchObject({ place });
    expect(second.token).toBeGreaterThan(first.token);
    const late = progress({ place: places[1] as string, put: [delivery()] });
    expect(await store.saveProgress(first, late)).toBeNull();
    expect(await store.leaseConsumer('handlers', holder)).toBeNull();
    expect(await store.listDeliveries({ limit: 10 })).toEqual({ items: [], next: null });
    expect((await store.listConsumers())[0]).toMatchObject({ place });
    // A released session cannot give back another one's lease.
    await store.releaseConsumer(first);
    expect(await store.leaseConsumer('handlers', randomUUID())).toBeNull();
  }, 20_000);

  test('a released lease is available at once, and its token is fenced off', async () => {
    const { store } = await start();
    const first = await lease(store);
    await store.releaseConsumer(first);
    expect(await store.saveProgress(first, progress())).toBeNull();
    const second = await store.leaseConsumer('handlers', randomUUID());
    expect(second?.token).toBeGreaterThan(first.token);
  });

  test('progress is returned to the next holder, even after the store was reopened', async () => {
    const { open, store, ids, places } = await start(5);
    const [one, two, three, four] = places as [string, string, string, string];
    const first = await lease(store);
    const parked = delivery({
      ...{ callbackId: ids[1] as string, place: two, waiting: [three], moreAfter: three },
      ...{ error: 'Error: NUL \0 and \ud800', subject: JSON.stringify(['group', 'a\0\ud800']) },
    });
    const late = delivery({ place: null, late: true, attempts: 0, error: null, failedAt: null });
    const dead = delivery({ status: 'dead', nextAttemptAt: null });
    const put = [parked, late, dead, delivery()];
    const saved = await store.saveProgress(first, progress({ place: four, open: [one, three], floor: one, put }));
    expect(saved).toEqual({ paused: false, requests: [] });
    const done = [put[3]?.id as string];
    const changed = { ...late, attempts: 1, error: 'x', failedAt: new Date(NOW + 5) };
    await store.saveProgress(first, progress({ place: four, open: [one], floor: one, put: [changed], done }));
    await store.releaseConsumer(first);
    const again = await open();
    const second = await lease(again);
    expect(second).toMatchObject({ place: four, open: [one], paused: false });
    const stored = [{ ...parked, error: 'Error: NUL \ufffd and \ufffd' }, changed];
    expect(second.parked).toHaveLength(2);
    expect(second.parked).toEqual(expect.arrayContaining(stored));
    expect(await again.findDelivery(dead.id)).toEqual({ ...dead, consumer: 'handlers' });
    for (const id of [...done, randomUUID(), 'no uuid']) expect(await again.findDelivery(id)).toBeNull();
  });

  test('the log has callbacks in commit order, without rejected ones', async () => {
    const { store } = await start();
    const decision = { action: 'drop', source: 'rule' } as never;
    const [one, , three, four] = await fill(
      store,
      { body: Buffer.from('{"a":"\ud83d\ude00"}'), decision, query: 'x=1' },
      { status: 'rejected' },
      { status: 'unknown', command: 'Some.New' },
      {},
    );
    await store.setIgnored(four as string, true);
    const log = await readAll(store);
    expect(log).toEqual([
      {
        ...{ place: log[0]?.place, id: one, command: CREATED, status: 'accepted', ignored: false },
        ...{ receivedAt: new Date(NOW), decision, query: 'x=1', body: expect.anything() },
      },
      expect.objectContaining({ id: three, status: 'unknown', command: 'Some.New', decision: null }),
      expect.objectContaining({ id: four, ignored: true }),
    ]);
    expect(Buffer.from(log[0]?.body ?? []).toString()).toBe('{"a":"\ud83d\ude00"}');
    expect(log.map(({ place }) => place).toSorted(comparePlaces)).toEqual(log.map(({ place }) => place));
    const [first, second] = log.map(({ place }) => place) as [string, string];
    const some = { after: first, wants: null };
    expect(idsOf(await store.readLog({ ...some, limit: 1 }))).toEqual([three]);
    expect(idsOf(await store.readLog({ ...some, limit: 9, upTo: second }))).toEqual([three]);
    expect(await store.readLog({ ...some, limit: 9, upTo: first })).toEqual([]);
    expect(await store.heldBack(BEGINNING)).toBeNull();
  });

  test('unwanted bodies are not read', async () => {
    const { store } = await start();
    await fill(store, {}, { command: 'Some.Other' }, { status: 'unknown', command: 'Some.New' });
    const bodies = async (wants: string[]) =>
      (await store.readLog({ after: BEGINNING, limit: 9, wants })).map(({ body }) => body !== null);
    expect(await bodies([CREATED, 'Some.New'])).toEqual([true, false, true]);
    expect(await bodies([])).toEqual([false, false, false]);
  });

  test('a read ends before its bodies exceed 8 MiB, but returns one callback at least', async () => {
    const { store } = await start();
    const sizes = [3, 5, 1, 9, 1];
    await fill(store, ...sizes.map((size, at) => ({ command: `of.${at}`, body: Buffer.alloc(size * 1024 * 1024) })));
    const counted = async (wants: string[] | null) => {
      const counts: number[] = [];
      for (let after = BEGINNING; ; ) {
        const rows = await store.readLog({ after, limit: 9, wants });
        if (rows.length === 0) return counts;
        counts.push(rows.length);
        after = rows.at(-1)?.place as string;
      }
    };
    expect(await counted(null)).toEqual([2, 1, 1, 1]);
    expect(await counted(['of.0', 'of.1', 'of.4'])).toEqual([4, 1]);
  });

  test('a retried callback appears again after everything stored, unless it was unknown and stays so', async () => {
    const { store } = await start();
    const [rejected, unknown, accepted, repeating, last] = await fill(
      store,
      ...(['rejected', 'unknown', 'accepted', 'rejected', 'accepted'] as const).map((status) => ({ status })),
    );
    const before = await readAll(store);
    expect(idsOf(before)).toEqual([unknown, accepted, last]);
    const end = before.at(-1)?.place as string;
    const old = before[0]?.place as string;

    expect(await retryAs(store, unknown, { status: 'unknown' })).toMatchObject({ status: 'unknown' });
    expect(await readAll(store)).toEqual(before);

    expect(await retryAs(store, rejected, { status: 'unknown' })).toMatchObject({ id: rejected });
    expect(await retryAs(store, unknown, { status: 'accepted' })).toMatchObject({ id: unknown, status: 'accepted' });
    const [newest] = await fill(store, {});
    expect(idsOf(await readAll(store, end))).toEqual([rejected, unknown, newest]);
    expect(idsOf(await readAll(store))).toEqual([accepted, last, rejected, unknown, newest]);

    // It keeps the place of its first retry, and gets a new one when it is accepted.
    const moved = (await readAll(store, end))[0]?.place as string;
    await retryAs(store, rejected, { status: 'unknown' });
    expect((await readAll(store, end))[0]).toMatchObject({ id: rejected, place: moved });
    await retryAs(store, rejected, { status: 'accepted' });
    expect(idsOf(await readAll(store, end))).toEqual([unknown, newest, rejected]);

    // A duplicate of an accepted callback is not new; nor is one that stays rejected.
    const idempotencyKey = callback().idempotencyKey;
    const [original] = await fill(store, { idempotencyKey });
    expect(await retryAs(store, repeating, { status: 'accepted', idempotencyKey })).toMatchObject({ id: original });
    const [bad] = await fill(store, { status: 'rejected' });
    await retryAs(store, bad, { status: 'rejected' });
    expect(idsOf(await readAll(store, end))).toEqual([unknown, newest, rejected, original]);

    expect(await store.findLogged({ places: [old, moved] })).toEqual([]);
    expect(await store.findLogged({ places: [moved, end], ids: [] })).toMatchObject([{ id: last }]);
  });

  test('callbacks of the log are found by their places or ids', async () => {
    const { store, ids, places } = await start(3);
    const [rejected] = await fill(store, { status: 'rejected' });
    const found = await store.findLogged({ places: [places[0] as string, places[2] as string] });
    expect(idsOf(found).toSorted()).toEqual([ids[0], ids[2]]);
    expect(await store.findLogged({ ids: [ids[1] as string, rejected as string, '999'] })).toMatchObject([
      { id: ids[1], place: places[1], body: expect.anything() },
    ]);
    expect(await store.findLogged({})).toEqual([]);
  });

  test('of the callbacks found, the first have their bodies, up to 8 MiB, and at least one', async () => {
    const { store } = await start();
    await fill(store, ...[9, 1, 6, 1, 2].map((size) => ({ body: Buffer.alloc(size * 1024 * 1024) })));
    const all = [...(await store.readLog({ after: BEGINNING, limit: 9, wants: [] }))];
    const bodies = async (which: Parameters<typeof store.findLogged>[0]) =>
      (await store.findLogged(which)).map(({ body }) => body !== null);
    expect(await bodies({ places: all.map(({ place }) => place) })).toEqual([true, false, false, false, false]);
    expect(await bodies({ ids: all.slice(1).map(({ id }) => id) })).toEqual([true, true, true, false]);
  });

  test('a pause is reported by the next save, survives reopening, and can be ended', async () => {
    const { open, store } = await start();
    const asked: string[] = [];
    const stop = store.onConsumerRequest((consumer) => void asked.push(consumer));
    expect(await store.pauseConsumer('nobody', true)).toBe(false);
    expect(await store.pauseConsumer('handlers', true)).toBe(true);
    expect(asked).toEqual(['handlers']);
    const again = await open();
    const taken = await lease(again);
    expect(taken.paused).toBe(true);
    expect(await again.saveProgress(taken, progress())).toEqual({ paused: true, requests: [] });
    expect((await again.listConsumers())[0]).toMatchObject({ state: 'paused' });
    stop();
    await store.pauseConsumer('handlers', false);
    expect(await again.saveProgress(taken, progress())).toMatchObject({ paused: false });
    expect(asked).toHaveLength(1);
  });

  test('the reason why a consumer paused itself is reported to its next holder and the operator, until it is resumed', async () => {
    const { open, store } = await start();
    const first = await lease(store);
    expect(first.pausedBecause).toBeNull();
    await store.pauseConsumer('handlers', true);
    await store.saveProgress(first, { ...progress(), state: 'paused', detail: 'the endpoint answered 410 Gone' });
    expect((await store.listConsumers())[0]).toMatchObject({
      state: 'paused',
      detail: 'the endpoint answered 410 Gone',
    });
    await store.releaseConsumer(first);
    const second = await lease(await open());
    expect(second).toMatchObject({ paused: true, pausedBecause: 'the endpoint answered 410 Gone' });
    await store.pauseConsumer('handlers', false);
    await store.saveProgress(second, progress());
    await store.pauseConsumer('handlers', true);
    await store.releaseConsumer(second);
    expect(await lease(store)).toMatchObject({ paused: true, pausedBecause: null });
  });

  test('requests are reported by each save until they are done, in order', async () => {
    const { store, ids, places } = await start(3);
    await fill(store, { receivedAt: new Date(NOW + 500) });
    const [rejected] = await fill(store, { status: 'rejected' });
    await register(store, 'other');
    const asked: string[] = [];
    store.onConsumerRequest((consumer) => void asked.push(consumer));
    expect(await store.rewindConsumer('handlers', new Date(NOW))).toBe(true);
    expect(await store.rewindConsumer('handlers', new Date(NOW + 1))).toBe(true);
    expect(await store.rewindConsumer('nobody', new Date(NOW))).toBe(false);
    const [one] = ids as [string];
    expect(await store.sendToConsumer('handlers', one)).toBe('asked');
    expect(await store.sendToConsumer('other', one)).toBe('asked');
    expect(await store.sendToConsumer('nobody', one)).toBe('no consumer');
    for (const id of ['999', 'x']) expect(await store.sendToConsumer('handlers', id)).toBe('no callback');
    expect(await store.sendToConsumer('handlers', rejected as string)).toBe('rejected');
    expect(asked).toEqual(['handlers', 'handlers', 'handlers', 'other']);
    const taken = await lease(store);
    const saved = await store.saveProgress(taken, progress());
    const id = expect.any(Number);
    expect(saved?.requests).toEqual([
      { id, kind: 'rewind', to: expect.any(String) },
      { id, kind: 'rewind', to: expect.any(String) },
      { id, kind: 'send', callbackId: one },
    ]);
    const rewinds = saved?.requests.flatMap((request) => (request.kind === 'rewind' ? request.to : []));
    expect(idsOf(await readAll(store, rewinds?.[0]))[0]).toBe(one);
    expect(await readAll(store, rewinds?.[1])).toHaveLength(1);
    const requestsDone = saved?.requests.slice(0, 2).map(({ id }) => id) ?? [];
    const next = await store.saveProgress(taken, progress({ place: places[0] as string, requestsDone }));
    expect(next?.requests).toEqual(saved?.requests.slice(2));
  });

  test('a retry is requested once, for one delivery or for many', async () => {
    const { store } = await start(1);
    await register(store, 'other');
    const taken = await lease(store);
    const dead = [1, 2, 3].map(() => delivery({ status: 'dead', nextAttemptAt: null }));
    const parked = delivery();
    await store.saveProgress(taken, progress({ put: [...dead, parked] }));
    await store.saveProgress(await lease(store, 'other'), progress({ put: [delivery({ status: 'dead' })] }));
    const asked: string[] = [];
    store.onConsumerRequest((consumer) => void asked.push(consumer));
    const one = dead[1]?.id as string;
    expect(await store.retryDelivery(one.toUpperCase())).toBe(true);
    for (const id of [randomUUID(), 'no uuid']) expect(await store.retryDelivery(id)).toBe(false);
    expect(await store.retryDeliveries({ status: 'dead', consumer: 'handlers' })).toBe(3);
    expect(await store.retryDeliveries({ status: 'dead', consumer: 'nobody' })).toBe(0);
    expect(asked).toEqual(['handlers', 'handlers']);
    const deliveryIds = async () =>
      (await store.saveProgress(taken, progress()))?.requests.map(
        (request) => 'deliveryId' in request && request.deliveryId,
      );
    expect((await deliveryIds())?.[0]).toBe(one);
    expect((await deliveryIds())?.toSorted()).toEqual(dead.map(({ id }) => id).toSorted());
    expect(await store.retryDeliveries({})).toBe(5);
    expect((await deliveryIds())?.at(-1)).toBe(parked.id);
    expect(await deliveryIds()).toHaveLength(4);
    expect(asked.slice(2).toSorted()).toEqual(['handlers', 'other']);
  });

  test('a consumer is removed with its deliveries and requests, but not while it runs', async () => {
    const { store, ids } = await start(1);
    const taken = await lease(store);
    await store.saveProgress(taken, progress({ put: [delivery()] }));
    await store.sendToConsumer('handlers', ids[0] as string);
    expect(await store.removeConsumer('handlers')).toBe('running');
    await store.releaseConsumer(taken);
    expect(await store.removeConsumer('handlers')).toBe('removed');
    expect(await store.removeConsumer('handlers')).toBe('not found');
    expect(await store.leaseConsumer('handlers', randomUUID())).toBeNull();
    expect(await store.saveProgress(taken, progress())).toBeNull();
    await register(store, 'handlers');
    const again = await lease(store);
    expect(again.parked).toEqual([]);
    // A process that held the lease before the removal is fenced off as well.
    expect(again.token).toBeGreaterThan(taken.token);
    expect(await store.saveProgress(again, progress())).toEqual({ paused: false, requests: [] });
    expect((await store.listDeliveries({ limit: 9 })).items).toEqual([]);
  });

  test('the list of consumers shows the progress and state of each', async () => {
    const { store, places } = await start(3);
    await store.registerConsumers([{ name: 'a webhook', kind: 'webhook', from: 'now' }]);
    const asList = async () => (await store.listConsumers()).find(({ name }) => name === 'handlers');
    const ranAt = expect.stringMatching(/^20\d\d-.*Z$/);
    const idle = { name: 'handlers', kind: 'handlers', state: 'idle', detail: null, ranAt };
    const all = { place: expect.any(String), lag: 3, lagCapped: false, oldest: new Date(NOW).toISOString() };
    expect(await asList()).toEqual({ ...idle, ...all, parked: 0, dead: 0 });
    expect((await store.listConsumers()).map(({ name, kind, lag, oldest }) => [name, kind, lag, oldest])).toEqual([
      ['a webhook', 'webhook', 0, null],
      ['handlers', 'handlers', 3, new Date(NOW).toISOString()],
    ]);
    const taken = await lease(store);
    const put = [delivery(), delivery(), delivery({ status: 'dead' })];
    const place = places[1] as string;
    await store.saveProgress(taken, progress({ place, put, state: 'backing off', detail: 'Error: \0' }));
    const working = { ...idle, place, lag: 1, lagCapped: false, oldest: all.oldest, parked: 2, dead: 1 };
    expect(await asList()).toEqual({ ...working, state: 'backing off', detail: 'Error: \ufffd' });
    await store.pauseConsumer('handlers', true);
    expect(await asList()).toEqual({ ...working, state: 'paused' });
    await store.releaseConsumer(taken);
    expect(await asList()).toEqual(working);
  });

  test('the lag counts a retried callback once, wherever its place is', async () => {
    const { store } = await start();
    const [, rejected] = await fill(store, {}, { status: 'rejected' }, { status: 'unknown' }, { status: 'rejected' });
    await retryAs(store, rejected, { status: 'accepted' });
    const taken = await lease(store);
    const lags: (number | undefined)[] = [];
    for (const { place } of [{ place: BEGINNING }, ...(await readAll(store))]) {
      await store.saveProgress(taken, progress({ place }));
      lags.push((await store.listConsumers())[0]?.lag);
    }
    expect(lags).toEqual([3, 2, 1, 0]);
  });

  test('deliveries are listed in pages, newest first, even if some of a page complete in the meantime', async () => {
    const { execute, store, ids } = await start(1);
    const taken = await lease(store);
    const saved: StoredDelivery[] = [];
    for (let at = 0; at < 5; at += 1) {
      const status = at % 2 === 0 ? 'dead' : 'parked';
      const one = delivery({
        status,
        callbackId: at === 0 ? '999' : (ids[0] as string),
        subject: at === 1 ? '' : '["group","g"]',
      });
      await store.saveProgress(taken, progress({ put: [{ ...one, waiting: ['0-2', '0-3'], moreAfter: '0-3' }] }));
      // Within a millisecond, they are ordered by id.
      await execute(`UPDATE deliveries SET created_at = ${NOW + Math.floor(at / 2)} WHERE id = '${one.id}'`);
      saved.push(one);
    }
    const { items } = await store.listDeliveries({ limit: 10 });
    expect(items.map(({ createdAt }) => Date.parse(createdAt) - NOW)).toEqual([2, 1, 1, 0, 0]);
    expect(items.find(({ id }) => id === saved[2]?.id)).toEqual({
      ...{ id: saved[2]?.id, consumer: 'handlers', callbackId: ids[0], item: null, command: CREATED },
      ...{ status: 'dead', attempts: 1 },
      ...{ subject: { kind: 'group', value: 'g' }, error: 'Error: no', createdAt: new Date(NOW + 1).toISOString() },
      ...{ failedAt: new Date(NOW).toISOString(), nextAttemptAt: new Date(NOW + 1_000).toISOString() },
      ...{ late: false, waiting: 2, moreWaiting: true },
    });
    expect(items.find(({ id }) => id === saved[0]?.id)).toMatchObject({ callbackId: '999', command: null });
    expect(items.find(({ id }) => id === saved[1]?.id)).toMatchObject({ subject: null });
    const paged: unknown[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.listDeliveries({ limit: 2, after });
      paged.push(...page.items);
      if (page.next === null) break;
      after = page.next;
      await store.saveProgress(taken, progress({ done: page.items.map(({ id }) => id) }));
    }
    expect(paged).toEqual(items);
    expect(await store.listDeliveries({ limit: 2, after: 'nonsense' })).toEqual({ items: [], next: null });
    await store.saveProgress(taken, progress({ put: saved }));
    const listed = async (filter: object) => (await store.listDeliveries({ limit: 10, ...filter })).items.length;
    expect(await listed({ status: 'dead' })).toBe(3);
    expect(await listed({ consumer: 'handlers', status: 'parked' })).toBe(2);
    expect(await listed({ consumer: 'nobody' })).toBe(0);
  });

  test('retention keeps what a consumer may still read or a parked delivery needs, and deletes dead letters with it', async () => {
    const { store, ids, places } = await start(5);
    const [rejected] = await fill(store, { status: 'rejected' });
    await retryAs(store, rejected, { status: 'accepted' });
    const prune = () => store.pruneCallbacks(new Date(NOW + 1), 100);
    const left = async () => (await store.listCallbacks({ limit: 100 })).items.map(({ id }) => id).toReversed();
    expect(await prune()).toBe(0);
    const taken = await lease(store);
    // A late delivery needs its callback, wherever the consumer's cursor is.
    const late = delivery({ callbackId: ids[0] as string, place: null, late: true });
    const dead = delivery({ callbackId: ids[1] as string, status: 'dead' });
    const [, , , four, five] = places as string[];
    await store.saveProgress(taken, progress({ place: five as string, floor: four as string, put: [late, dead] }));
    expect(await prune()).toBe(2);
    expect(await left()).toEqual([ids[0], ids[3], ids[4], rejected]);
    expect(await store.findDelivery(dead.id)).toBeNull();
    const end = (await readAll(store)).at(-1)?.place as string;
    await store.saveProgress(taken, progress({ place: end, floor: end, done: [late.id] }));
    expect(await prune()).toBe(3);
    // It was retried last, so its place is after all others.
    expect(await left()).toEqual([rejected]);
  });

  test('a consumer that has been idle for too long retains nothing, and the log names it', async () => {
    const { execute, open } = await start(3);
    const store = await open({ consumerMaxIdleDays: 10 });
    await store.saveProgress(await lease(store), progress({ put: [delivery()] }));
    await register(store, 'other', 'now');
    const idleFor = (days: number) => execute(`UPDATE consumers SET ran_at = ${Date.now() - days * DAY_MS}`);
    const prune = () => store.pruneCallbacks(new Date(NOW + 1), 1);
    await idleFor(9);
    expect(await prune()).toBe(0);
    await idleFor(11);
    expect(await prune()).toBe(1);
    await register(store, 'third');
    const logged: string[] = [];
    const log = pino({}, { write: (line) => void logged.push(line) });
    const round = startRetention({ store, days: 1, consumerMaxIdleDays: 10, log });
    const deadline = Date.now() + 5_000;
    while (logged.length < 2 && Date.now() < deadline) await sleep(20);
    await round.stop();
    expect(logged.flatMap((line) => JSON.parse(line).consumer ?? [])).toEqual(['handlers', 'other']);
    expect(logged[0]).toMatch(/consumer handlers has not run for 10 days \(CONSUMER_MAX_IDLE_DAYS\)/);
  });
});
