import { setTimeout as sleep } from 'node:timers/promises';

const WITHIN_MS = 60_000;
const POLL_MS = 200;

/** The identity of an event in a stream. */
export interface StreamedEvent {
  id: string;
  group: string;
  /** The EventTime of its body. */
  at: number;
}

/** All events of a stream in order, once all of these callbacks are in it, or after a minute. */
export async function untilStreamed(
  servers: string,
  expected: ReadonlySet<string>,
  stream = 'TENCENT_CHAT',
): Promise<StreamedEvent[]> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const isLast = Date.now() > deadline;
    try {
      const events = await streamedIn(servers, stream);
      const known = new Set(events.map(({ group, at }) => `${group} ${at}`));
      const isAll = [...expected].every((key) => known.has(key));
      if (isAll || isLast) return events;
    } catch (error) {
      // A cluster does not answer while it elects a leader.
      if (isLast) throw error;
    }
    await sleep(POLL_MS);
  }
}

async function streamedIn(servers: string, stream: string): Promise<StreamedEvent[]> {
  // Loaded on demand: most users of this folder have no NATS.
  const [{ connect }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const connection = await connect({ servers: servers.split(',') });
  try {
    const manager = await jetstreamManager(connection);
    const events: StreamedEvent[] = [];
    if ((await manager.streams.info(stream)).state.messages === 0) return events;
    const consumer = await manager.jetstream().consumers.get(stream, {});
    for await (const message of await consumer.consume()) {
      const { id, data } = message.json<{ id: string; data: { GroupId: string; EventTime: number } }>();
      events.push({ id, group: data.GroupId, at: data.EventTime });
      if (message.info.pending === 0) break;
    }
    return events;
  } finally {
    await connection.close();
  }
}
