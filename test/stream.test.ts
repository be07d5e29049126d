import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { NatsStream } from '../src/delivery/stream.ts';
import { CREATED, until } from './support/deliveries.ts';
import { placeOf } from './support/memory-log.ts';
import { describeWithNats, STREAM, settingsOf } from './support/nats.ts';
import { APP, append, GROUP, numbers, publishing, silent } from './support/publishing.ts';
import { teardown } from './support/start.ts';

describeWithNats('a stream', () => {
  test('is created according to the settings, and gets each callback in order, under its subject, as an event', async () => {
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

  test('catches up after its server was down at the start, and after each restart of it', async () => {
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

  test('leaves no connection open to a silent server', async () => {
    const connections = new Set<Socket>();
    const server = createServer((connection) => {
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const stream = new NatsStream(settingsOf({ NATS_URL: `127.0.0.1:${port}` }), { sdkAppId: APP, log: silent });
    const timedOut = expect(stream.open('0a1b2c3d', () => {})).rejects.toThrow(/^NATS at \S+ does not answer in time$/);
    await until(() => connections.size === 1);
    await timedOut;
    await until(() => connections.size === 0);
    const closed = expect(stream.open('0a1b2c3d', () => {})).rejects.toThrow(/the stream is closed/);
    await until(() => connections.size === 1);
    await stream.close();
    await closed;
    await until(() => connections.size === 0, 1);
  });

  test('reports a lost server even if there is nothing to publish', async () => {
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
    [
      'of an unknown publisher',
      { headers: false },
      /ends with a message that no receiver of the app 1400000000 has published/,
    ],
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

  test('whose subjects belong to another one is named', async () => {
    const { log, access, publisher, state } = await publishing();
    await access.streams.add({ name: 'MINE', subjects: [`tencent-chat.${APP}.>`] });
    append(log, 1);
    await publisher();
    await until(() => state().state === 'wrong stream');
    expect(state().detail).toMatch(/^The stream TENCENT_CHAT cannot be created, as MINE takes its subjects /);
  });

  test('that exists is not altered, and differences are reported once', async () => {
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

  test('has one replica if the server is alone, and a warning says so', async () => {
    const { log, access, publisher, untilPublished } = await publishing();
    append(log, 1);
    const { warnings } = await publisher({ NATS_REPLICAS: '3', NATS_MAX_AGE_HOURS: '48' });
    await untilPublished(1);
    expect((await access.info()).config).toMatchObject({ num_replicas: 1, max_age: 48 * 3_600_000_000_000 });
    expect(warnings[0]?.message).toMatch(/created with 1 replica, the most that it allows, and NATS_REPLICAS is 3$/);
  });

  test('that is full makes the receiver wait, and continues once there is room', async () => {
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
});
