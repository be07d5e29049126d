import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Store, Stored } from '../store/store.ts';

/** What arrives is gathered for so long, and longer while there is more than the readers can be sent. */
const GATHER_MS = 100;
const GATHER_FLOOD_MS = 500;
/** Callbacks that one turn sends: fewer the more readers there are, and in a flood the newest alone. */
const MOST_AT_ONCE = 400;
const MOST_WRITES_AT_ONCE = 4_000;
const NEWEST_OF_FLOOD = 10;
/** A reader that comes back gets so many; who missed more reads the lists. */
const MOST_CAUGHT_UP = 500;
/** A reader is not waited for with more than this. */
const MOST_UNSENT_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 15_000;
/**
 * Receivers commit out of the order of their ids, but none later than its statements may last: below an id that was seen
 * so long ago there is nothing to come.
 */
const SETTLED_MS = 3_000;
/** So many ids below the newest one there may be something to come, as far as one knows who has just begun to look. */
const UNSETTLED_IDS = 200;

interface Needs {
  store: Pick<Store, 'follow' | 'findCallbacks' | 'findGroups' | 'newestCallbackId'>;
  log: Logger;
  metrics: { liveReaders(count: number): void };
}

export type Live = ReturnType<typeof createLive>;

/** The live stream: whoever listens is told of callbacks and groups as the store takes them in, and reads the store for them. */
export function createLive({ store, log, metrics }: Needs) {
  /** What is sent to a reader before it has what it missed is held until then. */
  const readers = new Map<ServerResponse, { held: Buffer[] | null }>();
  let following: Promise<() => void> | null = null;
  let heartbeat: NodeJS.Timeout | undefined;
  let turn: NodeJS.Timeout | undefined;
  let news: Stored[] = [];
  let settled = 0;
  let seen: { id: number; at: number }[] = [];
  let closed = false;
  let busy = false;

  return {
    /** Answers with the stream, until the reader hangs up. */
    async listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
      if (closed) {
        response.destroy();
        return;
      }
      const reader: { held: Buffer[] | null } = { held: [] };
      readers.set(response, reader);
      metrics.liveReaders(readers.size);
      response.on('close', () => leave(response));
      try {
        following ??= follow();
        await following;
        const newest = await store.newestCallbackId();
        settled = Math.max(settled, newest - UNSETTLED_IDS);
        const last = request.headers['last-event-id'];
        const first = last === undefined ? `id: ${settled}\n\n` : await missed(String(last), newest);
        if (response.destroyed) return;
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
        response.write(`retry: 1000\n${first}`);
        for (const bytes of reader.held ?? []) response.write(bytes);
        reader.held = null;
      } catch (error) {
        leave(response);
        throw error;
      }
    },

    /** Ends every stream; the readers come back by themselves. */
    close(): void {
      closed = true;
      for (const response of readers.keys()) response.destroy();
    },
  };

  async function follow(): Promise<() => void> {
    heartbeat = setInterval(() => send(`: ${readers.size}\n\n`), HEARTBEAT_MS).unref();
    return store.follow((stored) => {
      news.push(stored);
      if (!busy) turn ??= setTimeout(takeTurn, GATHER_MS);
    });
  }

  function leave(response: ServerResponse): void {
    if (!readers.delete(response)) return;
    metrics.liveReaders(readers.size);
    if (readers.size > 0) return;
    clearInterval(heartbeat);
    clearTimeout(turn);
    turn = undefined;
    news = [];
    seen = [];
    settled = 0;
    following?.then(
      (unfollow) => unfollow(),
      () => {},
    );
    following = null;
  }

  async function missed(last: string, newest: number): Promise<string> {
    const from = Number(last) + 1;
    // A higher one is of a database that is no more.
    if (!/^\d{1,15}$/.test(last) || from > newest + 1) return gap(0, settled);
    // Ids are given in order, so there are no more than that.
    if (newest - from >= MOST_CAUGHT_UP) return gap(newest - from + 1, settled);
    return `${await eventsOf({ from, to: newest, changed: [] }, MOST_CAUGHT_UP)}id: ${settled}\n\n`;
  }

  async function takeTurn(): Promise<void> {
    turn = undefined;
    busy = true;
    const count = news.reduce((sum, { from, to, changed }) => sum + Math.max(0, to - from + 1) + changed.length, 0);
    // Read as one: what another receiver put in between is sent once more.
    const taken: Stored = {
      from: Math.min(...news.map(({ from }) => from)),
      to: Math.max(...news.map(({ to }) => to)),
      changed: news.flatMap(({ changed }) => changed).slice(-MOST_AT_ONCE),
    };
    news = [];
    const most = Math.max(NEWEST_OF_FLOOD, Math.min(MOST_AT_ONCE, Math.floor(MOST_WRITES_AT_ONCE / readers.size)));
    const flood = count > most;
    try {
      const events = await eventsOf(taken, flood ? NEWEST_OF_FLOOD : most);
      const position = settle(taken.to);
      send(events + (flood ? gap(count - NEWEST_OF_FLOOD, position) : `id: ${position}\n\n`));
    } catch (error) {
      log.warn({ err: error }, 'what arrived could not be read for the live stream');
      send(gap(count, settled));
    }
    busy = false;
    if (news.length > 0) turn = setTimeout(takeTurn, flood ? GATHER_FLOOD_MS : GATHER_MS);
  }

  /** @returns the id that nothing comes below any more, now that this one was seen */
  function settle(id: number): number {
    const now = performance.now();
    seen.push({ id, at: now });
    while (seen[0] && seen[0].at < now - SETTLED_MS) settled = Math.max(settled, seen.shift()?.id ?? 0);
    return settled;
  }

  /** Oldest first: callbacks, and the groups that they name as they are now. */
  async function eventsOf({ from, to, changed }: Stored, limit: number): Promise<string> {
    const callbacks = (await store.findCallbacks({ ids: changed, from, to, limit })).reverse();
    const named = new Set(
      callbacks.flatMap(({ groupId, status }) => (groupId && status === 'accepted' ? groupId : [])),
    );
    const groups = await store.findGroups([...named]);
    return (
      groups.map((group) => `event: group\ndata: ${JSON.stringify(group)}\n\n`).join('') +
      callbacks.map((callback) => `event: callback\ndata: ${JSON.stringify(callback)}\n\n`).join('')
    );
  }

  function gap(missed: number, position: number): string {
    return `id: ${position}\nevent: gap\ndata: ${JSON.stringify({ missed, readers: readers.size })}\n\n`;
  }

  function send(text: string): void {
    const bytes = Buffer.from(text);
    for (const [response, { held }] of readers) {
      if (held) held.push(bytes);
      else if (response.writableLength > MOST_UNSENT_BYTES) response.destroy();
      else response.write(bytes);
    }
  }
}
