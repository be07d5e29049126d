import { request } from 'node:http';
import { teardown } from './start.ts';

interface LiveEvent {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests check what the stream carries
  data: any;
}

export interface Listener {
  events: LiveEvent[];
  /** The last event id, to resume from. */
  position(): string;
  /** @throws if it does not happen within 30 s */
  until(what: (events: LiveEvent[]) => boolean): Promise<void>;
  /** Stops reading, so that the sender has to buffer: back-pressure. */
  pause(): void;
  ended: Promise<void>;
  close(): void;
}

/** Reads the live stream like a browser. Closed with the test. */
export async function listenTo(adminUrl: string, lastEventId?: string): Promise<Listener> {
  const events: LiveEvent[] = [];
  let position = lastEventId ?? '';
  let rest = '';
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin, reject } = Promise.withResolvers<void>();
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const asking = request(`${adminUrl}/api/live`, { headers, agent: false });
  asking.on('error', (error) => {
    reject(error);
    end();
  });
  let pause = () => {};
  asking.on('response', (response) => {
    if (response.statusCode !== 200) reject(new Error(`/api/live answered ${response.statusCode}`));
    pause = () => response.pause();
    response.setEncoding('utf8').on('error', () => end());
    response.on('close', () => end());
    response.on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        position = field('id') ?? position;
        const data = field('data');
        if (data !== undefined) events.push({ event: field('event') ?? 'message', data: JSON.parse(data) });
      }
      begin();
    });
  });
  asking.end();
  const close = () => void asking.destroy();
  teardown(close);
  await begun;
  return {
    events,
    position: () => position,
    pause: () => pause(),
    ended,
    close,
    async until(what) {
      const deadline = Date.now() + 30_000;
      while (!what(events)) {
        if (Date.now() > deadline) throw new Error(`not within 30 s; received: ${JSON.stringify(events).slice(-2000)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
