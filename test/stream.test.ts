import { expect, test } from '@jest/globals';
import type { NatsServer } from '../scripts/testbed/nats.ts';
import { NatsStream } from '../src/delivery/stream.ts';

import { CREATED, deliver, until } from './support/deliveries.ts';
import { createMemoryLog, type MemoryLog, placeOf } from './support/memory-log.ts';
import { accessTo, describeWithNats, type StreamAccess, settingsOf, useNats } from './support/nats.ts';

const APP = 1_400_000_000;
const GROUP = { GroupId: '@TGS#1' };

interface Publishing {
  log: MemoryLog;
  access: StreamAccess;
  server: NatsServer;
  /** Another process that publishes; its store can be killed. */
  publisher(given?: Record<string, string>): ReturnType<typeof startPublisher>;
  /** The ids of the callbacks in the stream, in order; late ones with a mark. */
  published(): Promise<string[]>;
  untilPublished(count: number): Promise<void>;
  state(): { state: string; detail: string | null };
}

function startPublisher(log: MemoryLog, given: Record<string, string>, sdkAppId = APP) {
  const store = log.connect();
  const deliveries = deliver(store, { graceMs: 2_000 });
  const add = () => {
    const target = new NatsStream(settingsOf(given), { sdkAppId, log: silent });
    deliveries.add({ name: 'stream', kind: 'stream', from: 'beginning', target });
  };
  const warnings: { message: string; fields: object }[] = [];
  const note = (fields: object, message: string) => void warnings.push({ message, fields });
  const silent = { debug() {}, info() {}, warn: note, error: note };
  add();
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
    publisher: (given) => startPublisher(log, { NATS_URL: server.url, ...given }),
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
    publisher();
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
});
