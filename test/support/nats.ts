import { describe } from '@jest/globals';
import { jetstreamManager, type StoredMsg, type StreamInfo } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsOptions, type NatsServer, natsServerPath, startNats } from '../../scripts/testbed/nats.ts';
import { streamSettingsOf } from '../../src/delivery/stream-settings.ts';
import { teardown, temporaryFolder } from './start.ts';

export const STREAM = 'TENCENT_CHAT';
/** The minimum that a server accepts. */
const FORGETS_MS = 100;

/** Tests with a real NATS server; skipped without one, which test/support/count-reporter.cjs reports at the end. */
export function describeWithNats(title: string, tests: () => void): void {
  if (natsServerPath() === null) describe.skip(`${title} (needs nats-server)`, tests);
  else describe(title, tests);
}

/** A separate server for the test. */
export async function useNats(options?: NatsOptions): Promise<NatsServer> {
  const server = await startNats(temporaryFolder(), options);
  teardown(() => server.stop());
  return server;
}

/** The settings that follow from a user's variables. */
export function settingsOf(given: Record<string, string>) {
  const settings = streamSettingsOf(given, (variable, expected, shown) => {
    throw new Error(`${variable} is ${shown}: expected ${expected}`);
  });
  if (!settings) throw new Error('NATS_URL is missing');
  return settings;
}

export type StreamAccess = Awaited<ReturnType<typeof accessTo>>;

export interface StreamedEvent {
  id: string;
  type: string;
  subject?: string;
  receivedtime: string;
  late?: true;
  data: Record<string, unknown>;
}

/** Reads and changes a stream without the receiver. */
export async function accessTo(url: string, login: { user?: string; pass?: string } = {}) {
  const connection = await connect({
    servers: url.split(','),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
    ...login,
  });
  teardown(() => connection.close());
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 500 });
  const { streams } = manager;
  return {
    connection,
    manager,
    streams,
    /** A stream that forgets ids at once, which would reveal duplicates. */
    forgetful: (app: number): Promise<StreamInfo> =>
      streams.add({ name: STREAM, subjects: [`tencent-chat.${app}.>`], duplicate_window: FORGETS_MS * 1e6 }),
    /** Resolves when it has forgotten the ids of its present messages. */
    async untilForgotten(): Promise<void> {
      const { state } = await streams.info(STREAM);
      const at = Date.parse(String(state.last_ts)) + 2 * FORGETS_MS;
      while (Date.now() < at) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    info: (stream = STREAM): Promise<StreamInfo> => streams.info(stream),
    /** In order. */
    async messages(stream = STREAM): Promise<StoredMsg[]> {
      const { state } = await streams.info(stream);
      const messages: StoredMsg[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
        const message = await streams.getMessage(stream, { seq });
        if (message) messages.push(message);
      }
      return messages;
    },
    async events(stream = STREAM): Promise<StreamedEvent[]> {
      return (await this.messages(stream)).map((message) => message.json<StreamedEvent>());
    },
    /** The number of messages; 0 without a stream or an answer. */
    async count(stream = STREAM): Promise<number> {
      const info = await streams.info(stream).catch(() => null);
      return info?.state.messages ?? 0;
    },
  };
}
