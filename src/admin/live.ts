import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Store, Stored } from '../store/store.ts';

/** Change feed entries are batched this long, and longer during a flood. */
const BATCH_MS = 100;
const FLOOD_BATCH_MS = 500;
/** Rate limit: callbacks in one batch, fewer the more readers there are. A batch of a flood has only the newest. */
const MAX_BATCH = 400;
const MAX_WRITES_PER_BATCH = 4_000;
const FLOOD_NEWEST = 10;
/** Catch-up of a reader that reconnects. Beyond it the reader gets a gap and reads the lists again. */
const MAX_CATCH_UP = 500;
/** Back-pressure: a reader with more unsent bytes is evicted. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 15_000;
/**
 * Receivers commit out of the order of their ids, but at most one statement timeout late: an id seen longer ago than
 * this is settled, nothing below it can still appear.
 */
const SETTLED_MS = 3_000;
/** On connect, the newest 200 ids count as unsettled: concurrent transactions may still commit some of them. */
const UNSETTLED_IDS = 200;

interface LiveOptions {
  store: Pick<Store, 'follow' | 'findCallbacks' | 'findGroups' | 'newestCallbackId'>;
  log: Logger;
  metrics: { liveReaders(count: number): void };
}

/** The live stream (server-sent events): follows the change feed of the store, sends callbacks and groups to readers. */
export function createLive({ store, log, metrics }: LiveOptions) {
  /** Until a reader's catch-up is sent, batches for it are held. */
  const readers = new Map<ServerResponse, { held: Buffer[] | null }>();
  let following: Promise<() => void> | null = null;
  let heartbeat: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pending: Stored[] = [];
  let settled = 0;
  let seen: { id: number; at: number }[] = [];
  let closed = false;
  let sending = false;

  return {
    /** Answers with the stream, until the reader disconnects. */
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
        const first = last === undefined ? `id: ${settled}\n\n` : await catchUp(String(last), newest);
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

    /** Ends every stream; browsers reconnect by themselves. */
    close(): void {
      closed = true;
      for (const response of readers.keys()) response.destroy();
    },
  };

  async function follow(): Promise<() => void> {
    heartbeat = setInterval(() => send(`: ${readers.size}\n\n`), HEARTBEAT_MS).unref();
    return store.follow((stored) => {
      pending.push(stored);
      if (!sending) timer ??= setTimeout(sendBatch, BATCH_MS);
    });
  }

  function leave(response: ServerResponse): void {
    if (!readers.delete(response)) return;
    metrics.liveReaders(readers.size);
    if (readers.size > 0) return;
    clearInterval(heartbeat);
    clearTimeout(timer);
    timer = undefined;
    pending = [];
    seen = [];
    settled = 0;
    following?.then(
      (unfollow) => unfollow(),
      () => {},
    );
    following = null;
  }

  async function catchUp(last: string, newest: number): Promise<string> {
    const from = Number(last) + 1;
    // An id above the newest belongs to a database that was replaced.
    if (!/^\d{1,15}$/.test(last) || from > newest + 1) return gap(0, settled);
    // Ids ascend, so this is an upper bound of what was missed.
    if (newest - from >= MAX_CATCH_UP) return gap(newest - from + 1, settled);
    return `${await eventsOf({ from, to: newest, changed: [] }, MAX_CATCH_UP)}id: ${settled}\n\n`;
  }

  async function sendBatch(): Promise<void> {
    timer = undefined;
    sending = true;
    const count = pending.reduce((sum, { from, to, changed }) => sum + Math.max(0, to - from + 1) + changed.length, 0);
    // Read as one range: what other receivers stored in between is sent a second time.
    const batch: Stored = {
      from: Math.min(...pending.map(({ from }) => from)),
      to: Math.max(...pending.map(({ to }) => to)),
      changed: pending.flatMap(({ changed }) => changed).slice(-MAX_BATCH),
    };
    pending = [];
    const limit = Math.max(FLOOD_NEWEST, Math.min(MAX_BATCH, Math.floor(MAX_WRITES_PER_BATCH / readers.size)));
    const flood = count > limit;
    try {
      const events = await eventsOf(batch, flood ? FLOOD_NEWEST : limit);
      const position = settle(batch.to);
      send(events + (flood ? gap(count - FLOOD_NEWEST, position) : `id: ${position}\n\n`));
    } catch (error) {
      log.warn({ err: error }, 'the live stream could not read a batch of callbacks; its readers get a gap');
      send(gap(count, settled));
    }
    sending = false;
    if (pending.length > 0) timer = setTimeout(sendBatch, flood ? FLOOD_BATCH_MS : BATCH_MS);
  }

  /** Notes an id of the change feed. @returns the watermark: below it no id can still appear */
  function settle(id: number): number {
    const now = performance.now();
    seen.push({ id, at: now });
    while (seen[0] && seen[0].at < now - SETTLED_MS) settled = Math.max(settled, seen.shift()?.id ?? 0);
    return settled;
  }

  /** Events for the callbacks, oldest first, after those for the present state of the groups that they name. */
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
      else if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
      else response.write(bytes);
    }
  }
}
