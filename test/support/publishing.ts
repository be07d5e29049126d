import type { NatsServer } from '../../scripts/testbed/nats.ts';
import { NatsStream } from '../../src/delivery/stream.ts';
import type { StreamMessage } from '../../src/delivery/target.ts';
import type { Progress } from '../../src/store/consumers.ts';
import { CREATED, deliver, until } from './deliveries.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { accessTo, type StreamAccess, settingsOf, useNats } from './nats.ts';

export const APP = 1_400_000_000;
export const GROUP = { GroupId: '@TGS#1' };

interface Publishing {
  log: MemoryLog;
  access: StreamAccess;
  server: NatsServer;
  /** Another publishing process; its store can be killed. */
  publisher(
    given?: Record<string, string>,
    maySave?: (progress: Progress) => boolean,
  ): ReturnType<typeof startPublisher>;
  /** The ids of the callbacks in the stream, in order; late ones are marked. */
  published(): Promise<string[]>;
  untilPublished(count: number): Promise<void>;
  state(): ReturnType<MemoryLog['consumer']>;
}

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The delivery of the callback with that id, as the log returns it. */
export function delivery(callbackId: string): StreamMessage['delivery'] {
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
export async function publishing({ log = createMemoryLog(), config = '' } = {}): Promise<Publishing> {
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

export function append(log: MemoryLog, count: number): void {
  for (let index = 0; index < count; index += 1) log.append(CREATED, GROUP);
}

export const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
