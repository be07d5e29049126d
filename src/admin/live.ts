import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../callback/logger.ts';
import { StoreBusy } from '../store/bounded-scans.ts';
import { indexedText } from '../store/rows.ts';
import type { Store, Stored } from '../store/store.ts';

/** Entries of the change feed are batched for this long, and longer during a flood. */
const BATCH_MS = 100;
const FLOOD_BATCH_MS = 500;
/** Rate limit: callbacks in one batch, lower with more readers. During a flood, a batch has only the newest. */
const MAX_BATCH = 400;
const MAX_WRITES_PER_BATCH = 4_000;
const FLOOD_NEWEST = 10;
/** Limit of a reconnecting reader's catch-up. Beyond it the reader gets a gap and reads the lists again. */
const MAX_CATCH_UP = 500;
/** Limit of what one catch-up or batch may read and send; beyond it, the newest are sent, with a gap for the rest. */
const MAX_EVENT_BYTES = 1024 * 1024;
/** Groups that are read together: one may be as large as MAX_BODY_BYTES. */
const GROUPS_AT_ONCE = 10;
/** Catch-ups that are shared with other readers, until the next batch is sent. */
const MAX_SHARED = 8;
/** Further readers are refused. */
export const MAX_READERS = 200;
/** Back-pressure: a reader with more unsent bytes is evicted. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Batches of at most MAX_EVENT_BYTES that are held for a reader whose catch-up is being read. */
const MAX_HELD = 20;
const HEARTBEAT_MS = 15_000;
/** How often to look for streams of a closing server, which waits for its connections to end. */
const SWEEP_MS = 500;
/** Without no-transform, an app's compression middleware holds events back until they fill a buffer. */
const STREAM = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};
/** How long browsers wait before they reconnect. */
const RETRY = 'retry: 1000\n';
/**
 * Receivers do not commit in the order of ids, but at most one statement timeout late. An id that was seen longer ago
 * than this is settled: nothing below it can still appear.
 */
const SETTLED_MS = 3_000;
/** On connect, the newest 200 ids count as unsettled: concurrent transactions may still commit some of them. */
const UNSETTLED_IDS = 200;

interface LiveOptions {
  store: Pick<Store, 'follow' | 'findCallbacks' | 'findGroups' | 'newestCallbackId'>;
  log: Logger;
  metrics: { liveReaders(count: number): void };
}

/** The live stream (server-sent events): follows the store's change feed, and sends callbacks and groups to readers. */
export function createLive({ store, log, metrics }: LiveOptions) {
  /** Batches for a reader are held until its catch-up is sent. */
  const readers = new Map<ServerResponse, { held: Buffer[] | null }>();
  let following: Promise<() => void> | null = null;
  let heartbeat: NodeJS.Timeout | undefined;
  let sweep: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pending: Stored[] = [];
  let settled = 0;
  let seen: { id: number; at: number }[] = [];
  let closed = false;
  let sending = false;
  /** Keyed by the last id that a reader has. After a restart many readers ask for the same catch-up. */
  const catchUps = new Map<string, Promise<Buffer>>();
  /** Catch-ups are read one after the other, to limit memory use to that of one. */
  let reading: Promise<unknown> = Promise.resolve();

  return {
    /** Replies with the stream, until the reader disconnects. */
    async listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
      if (closed) {
        response.destroy();
        return;
      }
      if (readers.size >= MAX_READERS) throw new StoreBusy(`the live stream has ${MAX_READERS} readers`);
      const reader: { held: Buffer[] | null } = { held: [] };
      readers.set(response, reader);
      metrics.liveReaders(readers.size);
      response.on('close', () => leave(response));
      try {
        following ??= follow();
        await following;
        const last = request.headers['last-event-id'];
        const first = last === undefined ? await begin() : await sharedCatchUp(String(last));
        if (response.destroyed) return;
        response.writeHead(200, STREAM);
        response.write(first);
        for (const bytes of reader.held ?? []) response.write(bytes);
        reader.held = null;
      } catch (error) {
        leave(response);
        throw error;
      }
    },

    /** Ends every stream; browsers reconnect automatically. */
    close(): void {
      closed = true;
      for (const response of readers.keys()) response.destroy();
    },
  };

  async function follow(): Promise<() => void> {
    heartbeat = setInterval(() => send(`: ${readers.size}\n\n`), HEARTBEAT_MS).unref();
    sweep = setInterval(() => {
      for (const response of readers.keys()) if (serverCloses(response.req)) response.destroy();
    }, SWEEP_MS).unref();
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
    clearInterval(sweep);
    clearTimeout(timer);
    timer = undefined;
    pending = [];
    seen = [];
    settled = 0;
    catchUps.clear();
    following?.then(
      (unfollow) => unfollow(),
      () => {},
    );
    following = null;
  }

  /** @returns the newest callback's id */
  async function readNewest(): Promise<number> {
    const newest = await store.newestCallbackId();
    settled = Math.max(settled, newest - UNSETTLED_IDS);
    return newest;
  }

  async function begin(): Promise<string> {
    await readNewest();
    return `${RETRY}id: ${settled}\n\n`;
  }

  /** As bytes that all of its readers share. */
  function sharedCatchUp(last: string): Promise<Buffer> {
    const shared = catchUps.get(last);
    if (shared) return shared;
    const found = reading.then(async () => Buffer.from(RETRY + (await catchUp(last))));
    reading = found.catch(() => catchUps.delete(last));
    if (catchUps.size >= MAX_SHARED) catchUps.clear();
    catchUps.set(last, found);
    return found;
  }

  async function catchUp(last: string): Promise<string> {
    const newest = await readNewest();
    const from = Number(last) + 1;
    // An id above the newest belongs to a database that was replaced.
    if (!/^\d{1,15}$/.test(last) || from > newest + 1) return gap(0, settled);
    // Ids ascend, so this is an upper bound of the missed callbacks.
    if (newest - from >= MAX_CATCH_UP) return gap(newest - from + 1, settled);
    const { text, left } = await eventsOf({ from, to: newest, changed: [] }, MAX_CATCH_UP);
    return text + (left > 0 ? gap(left, settled) : `id: ${settled}\n\n`);
  }

  async function sendBatch(): Promise<void> {
    timer = undefined;
    sending = true;
    const count = pending.reduce((sum, { from, to, changed }) => sum + Math.max(0, to - from + 1) + changed.length, 0);
    // Read as one range: what other receivers stored in between is sent twice.
    const batch: Stored = {
      from: Math.min(...pending.map(({ from }) => from)),
      to: Math.max(...pending.map(({ to }) => to)),
      changed: pending.flatMap(({ changed }) => changed).slice(-MAX_BATCH),
    };
    pending = [];
    const limit = Math.max(FLOOD_NEWEST, Math.min(MAX_BATCH, Math.floor(MAX_WRITES_PER_BATCH / readers.size)));
    const flood = count > limit;
    try {
      const { text, left } = await eventsOf(batch, flood ? FLOOD_NEWEST : limit);
      const missed = left + (flood ? count - FLOOD_NEWEST : 0);
      const position = settle(batch.to);
      send(text + (missed > 0 ? gap(missed, position) : `id: ${position}\n\n`));
    } catch (error) {
      log.warn({ err: error }, 'the live stream could not read a batch of callbacks; its readers get a gap');
      send(gap(count, settled));
    }
    sending = false;
    if (pending.length > 0) timer = setTimeout(sendBatch, flood ? FLOOD_BATCH_MS : BATCH_MS);
  }

  /** Records an id of the change feed. @returns the watermark: below it no id can still appear */
  function settle(id: number): number {
    const now = performance.now();
    seen.push({ id, at: now });
    while (seen[0] && seen[0].at < now - SETTLED_MS) settled = Math.max(settled, seen.shift()?.id ?? 0);
    return settled;
  }

  /**
   * Events for the callbacks, oldest first, preceded by events for the current state of the groups that they name.
   * @returns `left`: the number of callbacks, the oldest ones, that did not fit
   */
  async function eventsOf({ from, to, changed }: Stored, limit: number): Promise<{ text: string; left: number }> {
    const callbacks = await store.findCallbacks({ ids: changed, from, to, limit });
    const groups = new Map<string, string>();
    const events: string[] = [];
    let bytes = 0;
    for (let start = 0; start < callbacks.length; start += GROUPS_AT_ONCE) {
      const some = callbacks.slice(start, start + GROUPS_AT_ONCE);
      const named = some.flatMap(({ groupId, status }) =>
        groupId !== null && status === 'accepted' && !groups.has(groupId) ? groupId : [],
      );
      const found = new Map(
        (await store.findGroups([...new Set(named)])).map((group) => [indexedText(group.groupId), group]),
      );
      for (const callback of some) {
        const { groupId } = callback;
        const event = `event: callback\ndata: ${JSON.stringify(callback)}\n\n`;
        const group = groupId === null ? undefined : found.get(groupId);
        const groupEvent =
          group && groupId !== null && !groups.has(groupId) ? `event: group\ndata: ${JSON.stringify(group)}\n\n` : '';
        bytes += Buffer.byteLength(event) + Buffer.byteLength(groupEvent);
        if (bytes > MAX_EVENT_BYTES) return { text: textOf(), left: callbacks.length - events.length };
        events.push(event);
        if (groupId !== null && groupEvent) groups.set(groupId, groupEvent);
      }
    }
    return { text: textOf(), left: 0 };

    function textOf(): string {
      return [...groups.values()].join('') + events.reverse().join('');
    }
  }

  function gap(missed: number, position: number): string {
    return `id: ${position}\nevent: gap\ndata: ${JSON.stringify({ missed, readers: readers.size })}\n\n`;
  }

  function send(text: string): void {
    const bytes = Buffer.from(text);
    // The shared catch-ups lack this batch.
    catchUps.clear();
    for (const [response, { held }] of readers) {
      if (held && held.length < MAX_HELD) held.push(bytes);
      else if (held) response.destroy();
      else if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
      else response.write(bytes);
    }
  }
}

/** Whether the server of a request has stopped listening. */
export function serverCloses({ socket }: IncomingMessage): boolean {
  // `socket.server` is not documented, but Node has had it since version 0.1. If it is missing, assume that the server
  // listens.
  return (socket as { server?: { listening?: boolean } }).server?.listening === false;
}
