import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { openContract } from '../src/callback/contract.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { BEGINNING } from '../src/store/consumers.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { CREATED, deliver, until } from './support/deliveries.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const APP = 1400000000;
/** A separate server: transactions of other tests on a shared one would hold back the log. */
const postgres = useOwnPostgres();

const databases: [string, () => Promise<() => Promise<Store>>][] = [
  [
    'SQLite',
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      return () => opened(openSqliteStore(file, APP));
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase();
      return async () => {
        const store = openPostgresStore(url, APP);
        await store.migrate();
        return opened(Promise.resolve(store));
      };
    },
  ],
];

async function opened(opening: Promise<Store>): Promise<Store> {
  const store = await opening;
  teardown(() => store.close());
  return store;
}

const judge = judgeBy(await openContract(callbackDocument), APP);
let count = 0;

/** Stores the creation of a group as the receiver does. @returns its id */
async function create(store: Store, GroupId: string, fields: object = {}): Promise<string> {
  count += 1;
  const payload = {
    ...{ CallbackCommand: CREATED, GroupId, Operator_Account: 'leckie', Owner_Account: 'leckie', Type: 'Public' },
    ...{ Name: `group ${count}`, CreateGroupNum: 1, EventTime: 1_670_574_414_000 + count, ...fields },
  };
  const { callback } = judge({
    ...{ arrival: randomUUID(), receivedAt: new Date(), body: Buffer.from(JSON.stringify(payload)) },
    query: `SdkAppid=${APP}&CallbackCommand=${CREATED}&contenttype=json&ClientIP=192.0.2.1&OptPlatform=Web`,
  });
  expect(callback.reason).toBeNull();
  return (await store.append(callback)).id;
}

/** A store as used by a process that can be killed. */
function killable(store: Store): Store & { kill(): void } {
  let isKilled = false;
  return new Proxy(store as Store & { kill(): void }, {
    get(target, name: keyof Store | 'kill') {
      if (name === 'kill') {
        return () => {
          isKilled = true;
        };
      }
      if (isKilled && name !== 'onConsumerRequest') return () => Promise.reject(new Error('the process was killed'));
      return target[name];
    },
  });
}

describe.each(databases)('on %s', (_, createDatabase) => {
  test('each callback is delivered once and in order of its subject, while some fail and one group dominates', async () => {
    const store = await (await createDatabase())();
    const deliveries = deliver(store, { schedule: [20, 20, 20, 20, 20, 20, 20] });
    const delivered = new Map<string, number[]>();
    let attempts = 0;
    deliveries.on(
      CREATED,
      async ({ id, payload, group }) => {
        attempts += 1;
        if (attempts % 50 === 0) throw new Error('now and then');
        if (attempts % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        expect(group?.groupId).toBe(payload.GroupId);
        delivered.set(payload.GroupId, [...(delivered.get(payload.GroupId) ?? []), Number(id.slice(9))]);
      },
      { from: 'beginning' },
    );
    const all: Promise<string>[] = [];
    for (let index = 0; index < 1_500; index += 1) all.push(create(store, index % 3 === 0 ? `g${index % 20}` : 'busy'));
    const ids = (await Promise.all(all)).map(Number);
    await until(() => [...delivered.values()].flat().length >= ids.length, 30);
    expect([...delivered.values()].flat().toSorted((one, other) => one - other)).toEqual(
      ids.toSorted((one, other) => one - other),
    );
    const inOrder: number[] = [];
    for (let after = BEGINNING; inOrder.length < ids.length; ) {
      const logged = await store.readLog({ after, limit: 500, wants: [] });
      after = logged.at(-1)?.place ?? after;
      inOrder.push(...logged.map(({ id }) => Number(id)));
    }
    const nth = new Map(inOrder.map((id, index) => [id, index]));
    for (const ofSubject of delivered.values()) {
      const order = ofSubject.map((id) => nth.get(id) ?? -1);
      expect(order).toEqual(order.toSorted((one, other) => one - other));
    }
    await until(async () => {
      const [consumer] = await store.listConsumers();
      return consumer?.lag === 0 && consumer.parked === 0;
    });
    expect(await store.listConsumers()).toMatchObject([{ dead: 0, state: 'running', detail: null }]);
  }, 60_000);

  test('another process takes over within 5 s of a kill: nothing is missed, few are repeated with the same id', async () => {
    const open = await createDatabase();
    const [one, two] = [killable(await open()), await open()];
    const got: { by: string; id: string }[] = [];
    const options = { from: 'beginning' } as const;
    const first = deliver(one, { graceMs: 0 });
    let isAlive = true;
    first.on(CREATED, ({ id }) => (isAlive ? void got.push({ by: 'one', id }) : new Promise(() => {})), options);
    await first.registering;
    const all: Promise<string>[] = [];
    for (let index = 0; index < 2_000; index += 1) all.push(create(two, `g${index % 100}`));
    await until(() => got.length > 300, 30);
    const ids = await Promise.all(all);
    isAlive = false;
    one.kill();
    const killedAt = Date.now();
    const byOne = got.length;
    deliver(two).on(CREATED, ({ id }) => void got.push({ by: 'two', id }), options);
    ids.push(await create(two, 'last'));
    await until(() => got.some(({ by }) => by === 'two'));
    expect(Date.now() - killedAt).toBeLessThan(5_000);
    await until(() => new Set(got.map(({ id }) => id)).size === ids.length, 30);
    expect(new Set(got.map(({ id }) => id.slice(9)))).toEqual(new Set(ids));
    expect(got.length - ids.length).toBeLessThanOrEqual(256 + 16);
    expect(byOne).toBeGreaterThan(300);
  }, 60_000);

  test('an operator retries, sends, pauses and rewinds through the store', async () => {
    const store = await (await createDatabase())();
    const got: string[] = [];
    let isBroken = true;
    deliver(store, { schedule: [] }).on(
      CREATED,
      ({ payload, id, late }) => {
        if (isBroken && payload.GroupId === 'bad') throw new Error('broken');
        got.push(late ? `${id.slice(9)} late` : id.slice(9));
      },
      { from: 'beginning' },
    );
    const bad = await create(store, 'bad');
    const good = await create(store, 'good');
    await until(async () => (await store.listConsumers())[0]?.dead === 1);
    expect(got).toEqual([good]);
    expect((await store.listDeliveries({ limit: 5 })).items).toMatchObject([
      {
        callbackId: bad,
        status: 'dead',
        attempts: 1,
        error: 'Error: broken',
        subject: { kind: 'group', value: 'bad' },
      },
    ]);
    isBroken = false;
    expect(await store.retryDeliveries({ status: 'dead' })).toBe(1);
    await until(() => got.length === 2);
    expect(got[1]).toBe(`${bad} late`);
    expect(await store.sendToConsumer('handlers', good)).toBe('asked');
    await until(() => got.length === 3);
    expect(got[2]).toBe(`${good} late`);

    await store.pauseConsumer('handlers', true);
    await until(async () => (await store.listConsumers())[0]?.state === 'paused');
    await store.rewindConsumer('handlers', new Date(0));
    await until(async () => (await store.listConsumers())[0]?.lag === 2);
    expect(got).toHaveLength(3);
    await store.pauseConsumer('handlers', false);
    await until(() => got.length === 5);
    expect(got.slice(3).toSorted()).toEqual([bad, good].toSorted());
    await until(async () => (await store.listDeliveries({ limit: 5 })).items.length === 0);
  }, 60_000);
});
