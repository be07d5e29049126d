import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { untilDrained } from '../scripts/testbed/process.ts';
import type { DeliveredCallback } from '../src/delivery/delivery.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { createTestReceiver } from '../src/testing.ts';
import { CREATED, deliver, until } from './support/deliveries.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { ALL_MEMBERS, OFFLINE, pushOf, sendPushes } from './support/pushes.ts';
import { start, teardown, temporaryFolder } from './support/start.ts';
import { examples, pathOf, post } from './support/vendor.ts';

/** A separate server: transactions of other tests on a shared one would hold back the log. */
const postgres = useOwnPostgres();

/** A store as used by another process, which can be killed. */
async function connect(env: { DATABASE_URL: string }): Promise<Store & { kill(): void }> {
  const { DATABASE_URL: url } = env;
  const store = url.startsWith('sqlite:')
    ? await openSqliteStore(url.slice('sqlite:'.length), 1_400_000_000)
    : openPostgresStore(url, 1_400_000_000);
  teardown(() => store.close());
  let isKilled = false;
  return new Proxy(Object.assign(store as Store, { kill() {} }), {
    get(target, name: keyof Store | 'kill') {
      if (name === 'kill')
        return () => {
          isKilled = true;
        };
      if (isKilled && name !== 'onConsumerRequest') return () => Promise.reject(new Error('the process was killed'));
      return target[name];
    },
  });
}

describe.each(['SQLite', 'PostgreSQL'])('a batch of pushes, on %s', (database) => {
  async function startReceiver() {
    const url = database === 'SQLite' ? `sqlite:${join(temporaryFolder(), 'a.db')}` : await postgres.createDatabase();
    const env = { DATABASE_URL: url };
    const running = await start({ env });
    await untilDrained(running.receiverUrl);
    return { ...running, env };
  }

  test('is one callback, and each of its 100 items is delivered once, in order of its receiver', async () => {
    const running = await startReceiver();
    const { on } = deliver(running.store);
    const got: DeliveredCallback<typeof OFFLINE>[] = [];
    on(OFFLINE, (callback) => void got.push(callback), { from: 'beginning' });
    const { Events } = examples[`${OFFLINE}.with-100-events`] as unknown as { Events: Record<string, unknown>[] };
    const id = await sendPushes(running, Events);
    await until(() => got.length >= 100);
    const index = (callback: DeliveredCallback) => Number(callback.id.split('-')[2]);
    expect(got.map(index).toSorted((one, other) => one - other)).toEqual(Events.map((_, number) => number));
    for (const callback of got) {
      const item = Events[index(callback)];
      expect(callback).toMatchObject({
        ...{ command: OFFLINE, payload: item, clientIp: null, optPlatform: null, attempt: 1, late: false },
        subject: { kind: 'account', value: item?.To_Account },
        happenedAt: new Date(Number(item?.EventTime) * 1000),
      });
      expect(callback.id).toMatch(new RegExp(`^[0-9a-f]{8}-${id}-\\d+$`));
      expect(callback.raw.toString()).toBe(JSON.stringify(item));
    }
    for (const ofReceiver of Object.values(Object.groupBy(got, ({ payload }) => payload.To_Account)))
      expect(ofReceiver?.map(index)).toEqual(ofReceiver?.map(index).toSorted((one, other) => one - other));
    const { items } = await running.store.listCallbacks({ limit: 2 });
    expect(items).toMatchObject([{ id, command: OFFLINE, eventTime: '2026-01-01T08:00:01.000Z', repeats: 0 }]);
    await sendPushes(running, Events);
    expect(await running.store.findCallback(id)).toMatchObject({ repeats: 1 });
  });

  test('waits if an item fails, for that receiver alone; a dead item is retried as an item', async () => {
    const running = await startReceiver();
    const { on } = deliver(running.store, { schedule: [20, 20] });
    const got: string[] = [];
    let isBroken = true;
    let attempts = 0;
    const name = ({ payload, late }: DeliveredCallback<typeof OFFLINE>) =>
      `${payload.To_Account} ${payload.MsgSeq}${late ? ' late' : ''}`;
    on(
      OFFLINE,
      (callback) => {
        const isBad = callback.payload.To_Account === 'bad';
        if (isBad) attempts += 1;
        if (isBad && (isBroken || attempts === 1)) throw new Error('no such device');
        got.push(name(callback));
      },
      { from: 'beginning' },
    );
    const id = await sendPushes(running, [
      ...[pushOf('bad', { MsgSeq: 1 }), pushOf('good', { MsgSeq: 2 }), pushOf('bad', { MsgSeq: 3 })],
      ...[pushOf('good', { MsgSeq: 4 }), pushOf('bad', { MsgSeq: 5 })],
    ]);
    const dead = async () => (await running.store.listDeliveries({ status: 'dead', limit: 9 })).items;
    await until(async () => (await dead()).length === 3);
    expect(got).toEqual(['good 2', 'good 4']);
    expect((await dead()).map(({ item }) => item).toSorted()).toEqual([0, 2, 4]);
    expect((await dead())[0]).toMatchObject({
      ...{ callbackId: id, command: OFFLINE, attempts: 3, error: 'Error: no such device' },
      subject: { kind: 'account', value: 'bad' },
    });
    isBroken = false;
    attempts = 0;
    const third = (await dead()).find(({ item }) => item === 2);
    await running.store.retryDelivery(third?.id ?? '');
    await until(() => got.length === 3);
    expect(got[2]).toBe('bad 3 late');
    await until(async () => (await dead()).length === 2);
    // All items of the callback, in order.
    expect(await running.store.sendToConsumer('handlers', id)).toBe('asked');
    await until(() => got.length === 8);
    expect(got.slice(3).filter((one) => one.startsWith('good'))).toEqual(['good 2 late', 'good 4 late']);
    expect(got.slice(3).filter((one) => one.startsWith('bad'))).toEqual(['bad 1 late', 'bad 3 late', 'bad 5 late']);
  });

  test('continues where a killed process was: it loses none, and repeats what was not saved', async () => {
    const running = await startReceiver();
    const killed = await connect(running.env);
    const first: number[] = [];
    let saves = 0;
    const { saveProgress } = killed;
    killed.saveProgress = async (lease, progress) => {
      const answer = await saveProgress(lease, progress);
      saves += 1;
      return answer;
    };
    const saved = () => saves;
    const before = deliver(killed, { graceMs: 0 });
    before.on(
      OFFLINE,
      async ({ payload, signal }) => {
        const start = saved();
        first.push(payload.MsgSeq ?? 0);
        // Half of the batch is saved, item by item.
        if (first.length % 10 === 0) await until(() => saved() > start || signal.aborted);
        if (first.length === 60) killed.kill();
      },
      { from: 'beginning', concurrency: 1 },
    );
    await before.registering;
    const items = Array.from({ length: 100 }, (_, index) => pushOf(`user${index % 7}`, { MsgSeq: index }));
    await sendPushes(running, items);
    await until(() => first.length >= 60);
    await before.close();
    const second: number[] = [];
    const { on } = deliver(running.store);
    on(OFFLINE, ({ payload }) => void second.push(payload.MsgSeq ?? 0));
    await until(() => new Set([...first, ...second]).size === 100 && second.includes(99), 20);
    expect([...second].toSorted((one, other) => one - other)).toEqual([...new Set(second)].toSorted((a, b) => a - b));
    expect(second.length).toBeLessThan(100);
    for (const receiver of [0, 1, 2, 3, 4, 5, 6]) {
      const own = second.filter((index) => index % 7 === receiver);
      expect(own).toEqual(own.toSorted((one, other) => one - other));
    }
  });

  test('may have items of other and unknown commands: each goes where its own command goes', async () => {
    const running = await startReceiver();
    const { on } = deliver(running.store);
    const got: [string, string, unknown][] = [];
    on(OFFLINE, ({ command, payload }) => void got.push(['offline', command, payload.MsgSeq]), {
      ...{ from: 'beginning', consumer: 'offline' },
    });
    on(ALL_MEMBERS, ({ command, payload }) => void got.push(['all members', command, payload.TaskId]), {
      ...{ from: 'beginning', consumer: 'all-members' },
    });
    on('*', ({ command, payload }) => void got.push(['*', command, payload]), { from: 'beginning', consumer: 'all' });
    on(CREATED, () => void got.push(['created', '', '']), { from: 'beginning', consumer: 'created' });
    const unknown = { CallbackCommand: 'Push.SomethingNew', Something: 'new' };
    const task = { CallbackCommand: ALL_MEMBERS, EventTime: 1_767_254_400, To_Account: 'otto', TaskId: 'batch_1' };
    const { CallbackCommand: _, ...unnamed } = pushOf('pia', { MsgSeq: '7' });
    await sendPushes(running, [unknown, task, { ...unnamed, ErrInfo: null }]);
    await sendPushes(running, []);
    await until(() => got.length === 5);
    await sendPushes(running, [pushOf('otto', { MsgSeq: 8 })]);
    await until(() => got.length === 7);
    const lenient = { CallbackCommand: OFFLINE, ...unnamed, MsgSeq: 7 };
    expect(got.filter(([consumer]) => consumer === 'offline')).toEqual([
      ['offline', OFFLINE, 7],
      ['offline', OFFLINE, 8],
    ]);
    expect(got.filter(([consumer]) => consumer === 'all members')).toEqual([['all members', ALL_MEMBERS, 'batch_1']]);
    expect(
      got
        .filter(([consumer]) => consumer === '*')
        .slice(0, 3)
        .toSorted(),
    ).toEqual(
      [
        ['*', 'Push.SomethingNew', unknown],
        ['*', ALL_MEMBERS, task],
        ['*', OFFLINE, lenient],
      ].toSorted(),
    );
  });

  test('is delivered again as a whole after a rewind, and not at all once it is ignored', async () => {
    const running = await startReceiver();
    const { on } = deliver(running.store);
    const got: number[] = [];
    on(OFFLINE, ({ payload }) => void got.push(payload.MsgSeq ?? 0), { from: 'beginning', concurrency: 1 });
    const items = [0, 1, 2].map((MsgSeq) => pushOf('otto', { MsgSeq }));
    const id = await sendPushes(running, items);
    await until(() => got.length === 3);
    await running.store.rewindConsumer('handlers', new Date(0));
    await until(() => got.length === 6);
    expect(got).toEqual([0, 1, 2, 0, 1, 2]);
    await running.store.setIgnored(id, true);
    await running.store.rewindConsumer('handlers', new Date(0));
    await sendPushes(running, [pushOf('otto', { MsgSeq: 3 })]);
    await until(() => got.includes(3));
    expect(got).toEqual([0, 1, 2, 0, 1, 2, 3]);
  });
});

test.each<[string, unknown, string]>([
  ['no receiver', [{ CallbackCommand: OFFLINE, EventTime: 1 }], 'body.Events.0.To_Account is required'],
  ['a field of another type', [pushOf('otto', { MsgSeq: 'x' })], 'body.Events.0.MsgSeq ("x") must be a whole number'],
  ['no object', [5], 'body.Events.0 (5) must be an object'],
  ['no list', null, 'body.Events (null) must be a list'],
])('a batch is rejected with what is wrong with its item: %s', async (_, Events, reason) => {
  const { send } = await start();
  const path = pathOf({ CallbackCommand: OFFLINE, ClientIP: undefined, OptPlatform: undefined });
  expect(await send(path, post({ Events }))).toMatchObject({
    status: 400,
    json: { ErrorCode: 10100, ErrorInfo: expect.stringMatching(new RegExp(`${reason.replace(/[().]/g, '\\$&')}$`)) },
  });
});

test('with KEEP_MESSAGES=false, the body of a batch is kept unchanged: it has no messages', async () => {
  const running = await start({ env: { KEEP_MESSAGES: 'false' } });
  const body = JSON.stringify({ Events: [pushOf('otto', { ErrInfo: 'all tokens are invalid' })] });
  const id = await sendPushes(running, body);
  expect((await running.store.findCallback(id))?.body).toBe(body);
});

test('a test receiver delivers items to the handlers, with every batch as a new one', async () => {
  const receiver = await createTestReceiver();
  teardown(() => receiver.close());
  const got: [string, number | undefined][] = [];
  receiver.on(ALL_MEMBERS, ({ payload }) => void got.push([payload.To_Account, payload.PushStage]));
  await receiver.send(`${ALL_MEMBERS}.with-several-receivers`);
  await receiver.send(`${ALL_MEMBERS}.with-several-receivers`);
  const once = [
    ['otto', 1],
    ['pia', 1],
    ['otto', 3],
  ];
  expect(got).toEqual([...once, ...once]);
});
