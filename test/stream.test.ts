import { expect, test } from '@jest/globals';
import type { NatsServer } from '../scripts/testbed/nats.ts';
import { NatsStream } from '../src/delivery/stream.ts';
import type { StreamMessage } from '../src/delivery/target.ts';
import type { Progress } from '../src/store/consumers.ts';

import { CREATED, deliver, until } from './support/deliveries.ts';
import { createMemoryLog, deliveriesOf, type MemoryLog, placeOf } from './support/memory-log.ts';
import { accessTo, describeWithNats, STREAM, type StreamAccess, settingsOf, useNats } from './support/nats.ts';
import { teardown } from './support/start.ts';

const APP = 1_400_000_000;
const GROUP = { GroupId: '@TGS#1' };

interface Publishing {
  log: MemoryLog;
  access: StreamAccess;
  server: NatsServer;
  /** Another process that publishes; its store can be killed. */
  publisher(
    given?: Record<string, string>,
    maySave?: (progress: Progress) => boolean,
  ): ReturnType<typeof startPublisher>;
  /** The ids of the callbacks in the stream, in order; late ones with a mark. */
  published(): Promise<string[]>;
  untilPublished(count: number): Promise<void>;
  state(): ReturnType<MemoryLog['consumer']>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** As the callback of that id comes from the log. */
function delivery(callbackId: string): StreamMessage['delivery'] {
  const at = new Date();
  return {
    ...{ id: `0a1b2c3d-${callbackId}`, command: CREATED, payload: GROUP, unknown: false, group: null, late: false },
    ...{ raw: Buffer.from(JSON.stringify(GROUP)), subject: { kind: 'group', value: GROUP.GroupId }, happenedAt: at },
    ...{ receivedAt: at, clientIp: null, optPlatform: null, decision: null },
  };
}

async function startPublisher(log: MemoryLog, given: Record<string, string>, maySave = (_: Progress) => true) {
  const store = log.connect();
  const { saveProgress } = store;
  store.saveProgress = async (lease, progress) => {
    if (!maySave(progress)) throw new Error('the database is away');
    return saveProgress(lease, progress);
  };
  const deliveries = deliver(store, { graceMs: 2_000 });
  const warnings: { message: string; fields: object }[] = [];
  const note = (fields: object, message: string) => void warnings.push({ message, fields });
  const target = new NatsStream(settingsOf(given), { sdkAppId: APP, log: { ...silent, warn: note } });
  deliveries.add({ name: 'stream', kind: 'stream', from: 'beginning', target });
  await deliveries.registering;
  return { store, deliveries, warnings, logged: deliveries.logged };
}

/** A log in memory, and a server to publish to. */
async function publishing({ log = createMemoryLog(), config = '' } = {}): Promise<Publishing> {
  const server = await useNats({ config });
  const access = await accessTo(server.url);
  return {
    log,
    access,
    server,
    publisher: (given, maySave) => startPublisher(log, { NATS_URL: server.url, ...given }, maySave),
    async published() {
      return (await access.events()).map(({ id, late }) => `${id.slice(9)}${late ? ' late' : ''}`);
    },
    untilPublished: (count) => until(async () => (await access.count()) >= count, 20),
    state: () => log.consumer('stream'),
  };
}

function append(log: MemoryLog, count: number): void {
  for (let index = 0; index < count; index += 1) log.append(CREATED, GROUP);
}

const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => String(first + i));

describeWithNats('a stream', () => {
  test('is created as the settings say, and gets each callback in order, under its subject, as an event', async () => {
    const { log, access, publisher, published, untilPublished } = await publishing();
    append(log, 3);
    log.append('Group.CallbackAfterNewerThanTheContract', {}, { status: 'unknown' });
    log.append('not a subject', {}, { status: 'unknown' });
    log.append('Group..CallbackAfterTwoDots', {}, { status: 'unknown' });
    log.append('Group.CallbackBeforeSendMsg', GROUP);
    await publisher();
    await untilPublished(6);
    expect(await published()).toEqual(numbers(1, 6));
    const [first, , , newer, odd, dots] = await access.messages();
    const app = `tencent-chat.${APP}`;
    const group = Buffer.from('@TGS#1').toString('base64url');
    expect([first, newer, odd, dots].map((message) => message?.subject)).toEqual([
      `${app}.${CREATED}.${group}`,
      `${app}.Group.CallbackAfterNewerThanTheContract._`,
      `${app}.unknown._`,
      `${app}.unknown._`,
    ]);
    expect(first?.header.get('content-type')).toBe('application/cloudevents+json');
    expect(first?.header.get('Nats-Msg-Id')).toBe('0a1b2c3d-1');
    const event = first?.json<Record<string, unknown>>();
    expect(event).toMatchObject({ id: '0a1b2c3d-1', type: CREATED, subject: '@TGS#1', data: GROUP });
    expect(event).not.toHaveProperty('attempt');
    const { config } = await access.info();
    expect(config).toMatchObject({
      ...{ storage: 'file', num_replicas: 1, discard: 'new', retention: 'limits', max_bytes: -1, allow_direct: true },
      ...{ subjects: [`${app}.>`], duplicate_window: 120e9 },
    });
    await until(() => log.consumer('stream').place === placeOf(7));
  });

  test('is caught up with after its server was away at the start, and after each restart of it', async () => {
    const { log, access, server, publisher, published, untilPublished, state } = await publishing();
    await server.kill();
    append(log, 2);
    await publisher();
    await until(() => state().state === 'backing off');
    expect(state().detail).toMatch(
      /^NATS at 127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\); next attempt at /,
    );
    await server.start();
    await untilPublished(2);
    await until(() => state().state === 'running');
    for (let restart = 1; restart <= 3; restart += 1) {
      append(log, 200);
      await server.kill();
      append(log, 100);
      await server.start();
      await untilPublished(2 + restart * 300);
    }
    expect(await published()).toEqual(numbers(1, 902));
    expect((await access.info()).state.last_seq).toBe(902);
  });

  test('says that its server is gone although there is nothing to publish', async () => {
    const { server, publisher, state, log } = await publishing();
    append(log, 1);
    await publisher();
    await until(() => state().place === placeOf(1));
    await server.kill();
    await until(() => state().state === 'backing off');
    expect(state().detail).toMatch(/the connection is lost|ECONNREFUSED/);
    await server.start();
    await until(() => state().state === 'running');
  });

  test('is continued behind its last message, however little of it was saved', async () => {
    const { log, access, publisher, published, untilPublished } = await publishing();
    await access.forgetful(APP);
    append(log, 20);
    const first = await publisher();
    await until(() => log.consumer('stream').token > 0);
    await untilPublished(20);
    first.store.kill();
    await first.deliveries.close();
    Object.assign(log.consumer('stream'), { place: placeOf(3), floor: placeOf(3) });
    append(log, 5);
    await access.untilForgotten();
    log.expireLeases();
    await publisher();
    await untilPublished(25);
    expect(await published()).toEqual(numbers(1, 25));
  });

  test('that is emptied, or deleted, is not filled again', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    await access.streams.purge(STREAM);
    append(log, 1);
    await untilPublished(1);
    expect(await published()).toEqual(['6']);
    await access.streams.purge(STREAM);
    await until(() => state().place === placeOf(6));
    await first.deliveries.close();
    append(log, 1);
    const second = await publisher();
    await untilPublished(1);
    expect(await published()).toEqual(['7']);
    await until(() => state().place === placeOf(7));
    await access.streams.delete(STREAM);
    append(log, 2);
    await untilPublished(2);
    expect(await published()).toEqual(numbers(8, 9));
    await second.deliveries.close();
  });

  test('goes on from the place of the store where the store does not know that of the last message', async () => {
    const { log, publisher, published, untilPublished, state } = await publishing();
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    await first.deliveries.close();
    // As after a restore into another cluster, where places are set anew.
    for (const [index, callback] of log.callbacks.entries()) callback.place = `0-${index + 101}`;
    Object.assign(log.consumer('stream'), { place: '0-104', floor: '0-104' });
    await publisher();
    await untilPublished(5);
    await until(() => state().place === '0-105');
    expect(await published()).toEqual(numbers(1, 5));
  });

  test.each<[string, { store?: string; app?: number; headers?: boolean }, RegExp]>([
    [
      'of another database',
      { store: 'ffffffff' },
      /belongs to the database ffffffff, and that of this receiver is 0a1b2c3d: set NATS_STREAM/,
    ],
    [
      'of another app',
      { app: 1 },
      /ends with a message that no receiver of the app 1400000000 has published, to "tencent-chat\.1\./,
    ],
    ['of anybody else', { headers: false }, /ends with a message that no receiver of the app 1400000000 has published/],
  ])('with a last message %s is left alone', async (_, { store = '0a1b2c3d', app = APP, headers = true }, expected) => {
    const { log, access, publisher, state } = await publishing();
    await access.streams.add({ name: STREAM, subjects: ['tencent-chat.>'] });
    const { headers: newHeaders } = await import('@nats-io/transport-node');
    const all = newHeaders();
    if (headers) all.set('Tencent-Chat-Store', store);
    if (headers) all.set('Tencent-Chat-Place', placeOf(1));
    await access.manager.jetstream().publish(`tencent-chat.${app}.x._`, '{}', { headers: all });
    append(log, 3);
    const { logged } = await publisher();
    await until(() => state().state === 'wrong stream');
    expect(state().detail).toMatch(expected);
    expect(await access.count()).toBe(1);
    expect(logged.filter((line) => line.includes('cannot go on'))).toHaveLength(1);
  });

  test('whose subjects another one has is named', async () => {
    const { log, access, publisher, state } = await publishing();
    await access.streams.add({ name: 'MINE', subjects: [`tencent-chat.${APP}.>`] });
    append(log, 1);
    await publisher();
    await until(() => state().state === 'wrong stream');
    expect(state().detail).toMatch(/^The stream TENCENT_CHAT cannot be created, as MINE takes its subjects /);
  });

  test('that exists is not altered, and what differs is said once', async () => {
    const { log, access, publisher, untilPublished } = await publishing();
    const config = {
      name: STREAM,
      subjects: [`tencent-chat.${APP}.>`],
      max_bytes: 1_000_000,
      storage: 'memory' as const,
    };
    const { config: before } = await access.streams.add(config);
    append(log, 1);
    const { warnings } = await publisher({ NATS_REPLICAS: '3', NATS_MAX_BYTES: '5000' });
    await untilPublished(1);
    expect((await access.info()).config).toEqual(before);
    await access.streams.purge(STREAM);
    append(log, 1);
    await untilPublished(1);
    expect(warnings).toMatchObject([
      {
        message: expect.stringMatching(/^the stream exists with other settings: it is used as it is/),
        fields: {
          differences: [
            'storage is memory, and would be file',
            'replicas is 1, and would be 3',
            'discard is old, and would be new',
            'max_bytes is 1000000, and would be 5000',
          ],
        },
      },
    ]);
  });

  test('has one replica where the server is alone, and a warning says so', async () => {
    const { log, access, publisher, untilPublished } = await publishing();
    append(log, 1);
    const { warnings } = await publisher({ NATS_REPLICAS: '3', NATS_MAX_AGE_HOURS: '48' });
    await untilPublished(1);
    expect((await access.info()).config).toMatchObject({ num_replicas: 1, max_age: 48 * 3_600_000_000_000 });
    expect(warnings[0]?.message).toMatch(/created with 1 replica, the most that it allows, and NATS_REPLICAS is 3$/);
  });

  test('that is full makes the receiver wait, and goes on once there is room', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 45);
    await publisher({ NATS_MAX_BYTES: '20000' });
    await until(() => state().state === 'backing off');
    expect(state().detail).toMatch(
      /^The stream TENCENT_CHAT is full \(\d+ of 20000 bytes\): purge what consumers have read/,
    );
    const first = await published();
    expect(first).toEqual(numbers(1, first.length));
    await access.streams.purge(STREAM);
    await untilPublished(45 - first.length);
    expect(await published()).toEqual(numbers(first.length + 1, 45));
    await until(() => state().state === 'running');
  });

  test('goes on after a message that the server never takes, which is dead, and can be retried', async () => {
    const { log, access, server, publisher, published, untilPublished, state } = await publishing({
      config: 'max_payload: 4KB',
    });
    append(log, 2);
    log.append(CREATED, { ...GROUP, Name: 'x'.repeat(4_000) });
    log.append(CREATED, {}, { body: Buffer.from('{') });
    append(log, 2);
    const first = await publisher();
    await untilPublished(4);
    expect(await published()).toEqual(['1', '2', '5', '6']);
    expect(deliveriesOf(log, 'stream', 'dead')).toMatchObject([
      {
        callbackId: '3',
        attempts: 1,
        error: expect.stringMatching(/^The message has \d+ bytes, and the stream TENCENT_CHAT takes 4096/),
      },
      { callbackId: '4', error: expect.stringMatching(/^the stored body /) },
    ]);
    const deliveryId = deliveriesOf(log, 'stream', 'dead')[0]?.id as string;
    log.ask('stream', { kind: 'retry', deliveryId });
    await until(
      () =>
        deliveriesOf(log, 'stream', 'dead')[0]?.attempts === 2 ||
        deliveriesOf(log, 'stream', 'dead')[1]?.attempts === 2,
    );
    await first.deliveries.close();
    await until(() => state().leasedUntil === 0);
    Object.assign(log.callbacks[2] ?? {}, { body: Buffer.from(JSON.stringify(GROUP)) });
    log.ask('stream', { kind: 'retry', deliveryId });
    await publisher();
    await until(() => deliveriesOf(log, 'stream', 'dead').length === 1);
    expect(await published()).toEqual(['1', '2', '5', '6', '3 late']);
    expect(server.log()).not.toMatch(/maximum payload/i);
    expect((await access.messages()).at(-1)?.header.get('Tencent-Chat-Place')).toBe(placeOf(6));
    await until(() => log.consumer('stream').requests.length === 0);
  });

  test('gets a callback again that is sent by hand, marked late', async () => {
    const { log, publisher, published, untilPublished } = await publishing();
    append(log, 2);
    await publisher();
    await untilPublished(2);
    log.ask('stream', { kind: 'send', callbackId: '1' });
    log.ask('stream', { kind: 'send', callbackId: '1' });
    await untilPublished(4);
    append(log, 1);
    await untilPublished(5);
    expect(await published()).toEqual(['1', '2', '1 late', '1 late', '3']);
    await until(() => log.consumer('stream').requests.length === 0);
  });

  test('gets everything again after a rewind, and a rewind forward skips', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    log.ask('stream', { kind: 'rewind', to: placeOf(2) });
    await untilPublished(8);
    await until(() => log.consumer('stream').requests.length === 0);
    log.ask('stream', { kind: 'rewind', to: placeOf(3) });
    await untilPublished(10);
    expect((await access.messages()).map((message) => message.header.get('Nats-Msg-Id'))).toEqual([
      ...numbers(1, 5).map((id) => `0a1b2c3d-${id}`),
      ...numbers(3, 5).map((id) => `0a1b2c3d-${id}-rewind1`),
      ...numbers(4, 5).map((id) => `0a1b2c3d-${id}-rewind2`),
    ]);
    log.pause('stream', true);
    await until(() => log.saves.length > 2);
    await first.deliveries.close();
    append(log, 5);
    log.ask('stream', { kind: 'rewind', to: placeOf(8) });
    log.pause('stream', false);
    await publisher();
    await untilPublished(12);
    expect((await published()).slice(10)).toEqual(numbers(9, 10));
    await until(() => log.consumer('stream').requests.length === 0 && state().place === placeOf(10));
  });

  test('has a rewind once, although the process is killed before it can note it', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    await access.forgetful(APP);
    append(log, 200);
    const first = await publisher({}, ({ requestsDone }) => requestsDone.length === 0);
    await until(() => state().place === placeOf(200));
    log.ask('stream', { kind: 'rewind', to: placeOf(50) });
    await untilPublished(350);
    first.store.kill();
    await first.deliveries.close();
    expect(log.consumer('stream')).toMatchObject({ place: placeOf(200), requests: [{ kind: 'rewind' }] });
    await access.untilForgotten();
    log.expireLeases();
    append(log, 10);
    await publisher();
    await untilPublished(360);
    await until(() => log.consumer('stream').requests.length === 0 && state().place === placeOf(210));
    expect(await published()).toEqual([...numbers(1, 200), ...numbers(51, 210)]);
  });

  test('is not passed by what follows a dead callback before that is stored', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 1);
    log.append(CREATED, {}, { body: Buffer.from('{') });
    append(log, 2);
    let isAway = true;
    const first = await publisher({}, ({ put }) => !isAway || put.length === 0);
    await untilPublished(1);
    await until(() => first.logged.some((line) => line.includes('cannot be saved')));
    expect(await access.count()).toBe(1);
    isAway = false;
    await untilPublished(3);
    expect(await published()).toEqual(['1', '3', '4']);
    expect(deliveriesOf(log, 'stream', 'dead')).toMatchObject([{ callbackId: '2' }]);
    await until(() => state().place === placeOf(4));
  });

  test('gets nothing while the consumer is paused', async () => {
    const { log, access, publisher, untilPublished } = await publishing();
    append(log, 1);
    await publisher();
    await untilPublished(1);
    log.pause('stream', true);
    const saves = log.saves.length;
    await until(() => log.saves.length > saves + 1);
    append(log, 3);
    const before = log.saves.length;
    await until(() => log.saves.length > before + 1);
    expect(await access.count()).toBe(1);
    log.pause('stream', false);
    await untilPublished(4);
  });

  test('refuses what a publisher sends that does not know of another one', async () => {
    const { log, server, publisher, published, untilPublished, state } = await publishing();
    append(log, 3);
    const first = await publisher();
    await until(() => state().place === placeOf(3));
    // It keeps its connection and what it knows of the stream, as a process does that was frozen.
    const frozen = new NatsStream(settingsOf({ NATS_URL: server.url }), { sdkAppId: APP, log: silent });
    teardown(() => frozen.close());
    await frozen.open('0a1b2c3d', () => {});
    append(log, 3);
    await untilPublished(6);
    const stale = frozen.prepare({ delivery: delivery('4'), place: placeOf(4), rewind: 0, pass: 'other' });
    await expect(frozen.publish(stale)).rejects.toThrow(/somebody else has published to the stream TENCENT_CHAT/);
    const known = frozen.prepare({ delivery: delivery('4'), place: placeOf(4), rewind: 0, pass: '' });
    expect(await frozen.publish(known)).toBe('duplicate');
    // The receiver in turn notices that somebody else has written, and goes on behind it.
    await frozen.open('0a1b2c3d', () => {});
    const other = frozen.prepare({ delivery: delivery('6'), place: placeOf(6), rewind: 0, pass: 'other' });
    expect(await frozen.publish(other)).toBe('published');
    append(log, 3);
    await untilPublished(10);
    expect(await published()).toEqual([...numbers(1, 6), '6', ...numbers(7, 9)]);
    expect(first.logged.filter((line) => line.includes('cannot go on'))).toEqual([]);
  });

  test('counts a message as published that it has already', async () => {
    const { log, access, server, publisher, published, untilPublished, state } = await publishing();
    append(log, 3);
    const other = new NatsStream(settingsOf({ NATS_URL: server.url }), { sdkAppId: APP, log: silent });
    teardown(() => other.close());
    await other.open('0a1b2c3d', () => {});
    await other.publish(other.prepare({ delivery: delivery('2'), place: '9-9', rewind: 0, pass: '' }));
    await publisher();
    await untilPublished(3);
    await until(() => state().place === placeOf(3));
    expect(await published()).toEqual(['2', '1', '3']);
    expect((await access.info()).state.last_seq).toBe(3);
  });
});
