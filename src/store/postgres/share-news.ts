import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Store, Stored } from '../store.ts';
import { Followers } from '../stored-news.ts';

const CHANNEL = 'callbacks_stored';
/** A notification takes a lock that all who notify share; so often is enough for a person who looks on. */
const APART_MS = 50;
/** What others took in just before a break may have got lower ids than what was heard of last. */
const OVERLAP = 1_000;
/** PostgreSQL carries 8,000 bytes. */
const MOST_CHANGED = 500;
const RECONNECT_MS = 1_000;

interface Needs {
  pool: pg.Pool;
  url: string;
  sdkAppId: number;
  newestCallbackId: Store['newestCallbackId'];
}

/**
 * Tells what is stored to those who follow here, at once, and to the other receivers of the app by NOTIFY, beside the
 * commits. A receiver listens, over a connection of its own, while somebody follows.
 */
export function shareNews({ pool, url, sdkAppId, newestCallbackId }: Needs) {
  const self = randomUUID();
  const followers = new Followers();
  let listening: { abort: AbortController; ready: Promise<void> } | null = null;
  let untold: Stored | null = null;
  let telling: Promise<void> | null = null;
  // What was heard of; what came after it while nobody could hear is made up for.
  let newest = 0;
  let closed = false;

  return {
    tell(stored: Stored): void {
      pass(stored);
      untold = untold ? join(untold, stored) : stored;
      telling ??= notify().finally(() => {
        telling = null;
      });
    },

    async follow(onStored: (stored: Stored) => void): Promise<() => void> {
      const remove = followers.add(onStored);
      if (!listening) {
        const abort = new AbortController();
        const { promise: ready, resolve } = Promise.withResolvers<void>();
        void listen(abort.signal, resolve);
        listening = { abort, ready };
      }
      await listening.ready;
      return () => {
        remove();
        if (followers.some) return;
        listening?.abort.abort();
        listening = null;
      };
    },

    async close(): Promise<void> {
      closed = true;
      listening?.abort.abort();
      await telling;
    },
  };

  function pass(stored: Stored): void {
    newest = Math.max(newest, stored.to);
    if (followers.some) followers.tell(stored);
  }

  /** A database that is away is reported by the appends. */
  async function notify(): Promise<void> {
    while (untold && !closed) {
      const telling = untold;
      untold = null;
      const { from, to, changed } = telling;
      const values = [CHANNEL, [self, sdkAppId, from, to, changed.slice(0, MOST_CHANGED).join()].join(' ')];
      const told = await pool.query('SELECT pg_notify($1, $2)', values).then(
        () => true,
        () => false,
      );
      if (!told) untold = untold ? join(telling, untold) : telling;
      if (!closed) await sleep(told ? APART_MS : RECONNECT_MS, undefined, { ref: false });
    }
  }

  /** @param tried is called when it listens, or when the first attempt failed */
  async function listen(signal: AbortSignal, tried: () => void): Promise<void> {
    for (let first = true; !signal.aborted; first = false) {
      const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: RECONNECT_MS });
      const { promise: broken, resolve: end } = Promise.withResolvers<void>();
      client.on('error', () => end());
      client.on('end', end);
      const onAbort = () => end();
      signal.addEventListener('abort', onAbort);
      client.on('notification', ({ payload = '' }) => hear(payload));
      try {
        await client.connect();
        await client.query(`LISTEN ${CHANNEL}`);
        const id = await newestCallbackId();
        if (first) newest = Math.max(newest, id);
        else pass({ from: Math.max(1, newest - OVERLAP), to: id, changed: [] });
        tried();
        await broken;
      } catch {
        // The appends report what is wrong with the database.
      }
      signal.removeEventListener('abort', onAbort);
      tried();
      await client.end().catch(() => {});
      if (!signal.aborted) await sleep(RECONNECT_MS, undefined, { ref: false });
    }
  }

  function hear(payload: string): void {
    const [sender, app, from, to, changed = ''] = payload.split(' ');
    if (sender === self || app !== String(sdkAppId)) return;
    pass({ from: Number(from), to: Number(to), changed: changed === '' ? [] : changed.split(',').map(Number) });
  }
}

function join(one: Stored, other: Stored): Stored {
  return {
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    changed: [...one.changed, ...other.changed].slice(-MOST_CHANGED),
  };
}
