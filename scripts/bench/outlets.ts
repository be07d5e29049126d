import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { natsServerPath, startNats } from '../testbed/nats.ts';
import { startServer } from '../testbed/process.ts';
import { type DeliveryStatistics, statisticsIn } from './delivery-statistics.ts';

/** An outlet of the receiver, with a sink that only counts deliveries. */
export interface Outlet {
  name: 'handlers' | 'webhook' | 'stream';
  /** Why this machine cannot run it; null if it can. */
  missing?: () => string | null;
  open(folder: string, cleanUps: CleanUps): Promise<Opened>;
}

export interface Opened {
  folder: string;
  /** Settings that make a receiver deliver to it. */
  env: Record<string, string>;
  statistics(): Promise<DeliveryStatistics>;
  /** Delivers the callbacks that a receiver has already stored. */
  fromTheBeginning(adminUrl: string): Promise<void>;
  close(): Promise<void>;
}

const LONG_AGO = '2000-01-01T00:00:00Z';
const REGISTERED_MS = 30_000;
const POLL_MS = 50;

export const OUTLETS: readonly Outlet[] = [
  {
    name: 'handlers',
    async open(folder) {
      const file = join(folder, 'statistics.json');
      return {
        folder,
        env: { HANDLERS: join(import.meta.dirname, 'noop-handlers.ts'), STATISTICS_FILE: file },
        statistics: async () => statisticsIn(file),
        // They are registered with `from: 'beginning'`.
        fromTheBeginning: async () => {},
        close: async () => {},
      };
    },
  },
  {
    name: 'webhook',
    async open(folder, cleanUps) {
      const file = join(folder, 'statistics.json');
      const endpoint = await startServer({
        folder,
        args: [join(import.meta.dirname, 'counting-endpoint.ts')],
        env: { STATISTICS_FILE: file },
        onSpawn: (child) =>
          child.once(
            'exit',
            cleanUps.add(() => child.kill('SIGKILL')),
          ),
      });
      const secret = `whsec_${randomBytes(24).toString('base64')}`;
      return {
        folder,
        env: { DELIVERY_URL: endpoint.callbackUrl, DELIVERY_SECRET: secret },
        statistics: async () => statisticsIn(file),
        fromTheBeginning: (adminUrl) => rewind(adminUrl, 'webhook'),
        close: async () => void (await endpoint.end('SIGKILL')),
      };
    },
  },
  {
    name: 'stream',
    missing: () => (natsServerPath() === null ? 'there is no nats-server on this machine' : null),
    async open(folder, cleanUps) {
      const nats = await startNats(join(folder, 'nats'));
      const forget = cleanUps.add(() => nats.stop());
      return {
        folder,
        env: { NATS_URL: nats.url },
        statistics: () => statisticsOf(nats.url),
        fromTheBeginning: (adminUrl) => rewind(adminUrl, 'stream'),
        async close() {
          forget();
          await nats.stop();
        },
      };
    },
  },
];

/** A receiver on PostgreSQL registers its consumers only after it has connected. */
async function rewind(adminUrl: string, consumer: string): Promise<void> {
  for (const deadline = Date.now() + REGISTERED_MS; ; ) {
    const response = await fetch(`${adminUrl}/api/consumers/${consumer}/rewind`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: LONG_AGO }),
    });
    if (response.ok) return;
    const text = await response.text();
    if (Date.now() > deadline) throw new Error(`the consumer ${consumer} cannot be rewound: ${text}`);
    await sleep(POLL_MS);
  }
}

/** Uses the server's own count and times. */
async function statisticsOf(url: string): Promise<DeliveryStatistics> {
  const [{ connect }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const connection = await connect({ servers: url });
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info('TENCENT_CHAT');
    const [first, last] = [Date.parse(state.first_ts), Date.parse(state.last_ts)];
    return { delivered: state.messages, first, last, p50Ms: 0, p99Ms: 0 };
  } catch {
    // The receiver has not created the stream yet.
    return { delivered: 0, first: 0, last: 0, p50Ms: 0, p99Ms: 0 };
  } finally {
    await connection.close();
  }
}
