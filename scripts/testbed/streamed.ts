import { setTimeout as sleep } from 'node:timers/promises';

const WITHIN_MS = 60_000;
const POLL_MS = 200;
/** The end of what there is: no other message within this time. */
const EXPIRES_MS = 1_000;

/** An event of a stream, by what tells it apart. */
export interface StreamedEvent {
  id: string;
  group: string;
  /** The EventTime of its body. */
  at: number;
}

/** All events of a stream in order, once each of these callbacks is there, or after a minute. */
export async function untilStreamed(
  servers: string,
  expected: ReadonlySet<string>,
  stream = 'TENCENT_CHAT',
): Promise<StreamedEvent[]> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const events = await streamedIn(servers, stream);
    const known = new Set(events.map(({ group, at }) => `${group} ${at}`));
    const isAll = [...expected].every((key) => known.has(key));
    if (isAll || Date.now() > deadline) return events;
    await sleep(POLL_MS);
  }
}

async function streamedIn(servers: string, stream: string): Promise<StreamedEvent[]> {
  // Loaded when needed: most users of this folder have no NATS.
  const [{ connect }, { jetstream }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const connection = await connect({ servers: servers.split(',') });
  try {
    const consumer = await jetstream(connection).consumers.get(stream, {});
    const events: StreamedEvent[] = [];
    for (;;) {
      const before = events.length;
      for await (const message of await consumer.fetch({ max_messages: 5_000, expires: EXPIRES_MS })) {
        const { id, data } = message.json<{ id: string; data: { GroupId: string; EventTime: number } }>();
        events.push({ id, group: data.GroupId, at: data.EventTime });
      }
      if (events.length === before) return events;
    }
  } finally {
    await connection.close();
  }
}
