import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ChangeFeed } from '../change-feed.ts';
import type { Store, Stored } from '../store.ts';
import { clientOf, connect } from './connection.ts';

const CHANNEL = 'callbacks_stored';
/** NOTIFY takes a lock that all notifying sessions share. This interval is short enough for a live view. */
const NOTIFY_INTERVAL_MS = 50;
/** Concurrent transactions may commit ids somewhat below the newest one known before the connection broke. */
const CATCH_UP_OVERLAP = 1_000;
/** The payload of NOTIFY is limited to 8,000 bytes. */
const MAX_CHANGED = 500;
const RECONNECT_MS = 1_000;

interface SharedFeedOptions {
  pool: Pool;
  url: string;
  sdkAppId: number;
  newestCallbackId: Store['newestCallbackId'];
}

/**
 * The change feed of all receivers of an app: immediate within this process, by NOTIFY beside the commits to the
 * others. Listens over a connection of its own while it has followers here.
 */
export function sharedChangeFeed({ pool, url, sdkAppId, newestCallbackId }: SharedFeedOptions) {
  const self = randomUUID();
  const local = new ChangeFeed();
  let listening: { abort: AbortController; ready: Promise<void> } | null = null;
  let pending: Stored | null = null;
  let notifying: Promise<void> | null = null;
  // The newest known id: after a broken connection, the feed catches up from there.
  let newest = 0;
  let closed = false;

  return {
    publish(stored: Stored): void {
      publishLocally(stored);
      pending = pending ? join(pending, stored) : stored;
      notifying ??= notify().finally(() => {
        notifying = null;
      });
    },

    async follow(onStored: (stored: Stored) => void): Promise<() => void> {
      const unfollow = local.follow(onStored);
      if (!listening) {
        const abort = new AbortController();
        const { promise: ready, resolve } = Promise.withResolvers<void>();
        void listen(abort.signal, resolve);
        listening = { abort, ready };
      }
      await listening.ready;
      return () => {
        unfollow();
        if (local.isFollowed) return;
        listening?.abort.abort();
        listening = null;
      };
    },

    async close(): Promise<void> {
      closed = true;
      listening?.abort.abort();
      await notifying;
    },
  };

  function publishLocally(stored: Stored): void {
    newest = Math.max(newest, stored.to);
    if (local.isFollowed) local.publish(stored);
  }

  /** Failures are not logged: the appends report an unreachable database. */
  async function notify(): Promise<void> {
    while (pending && !closed) {
      const entry = pending;
      pending = null;
      const { from, to, changed } = entry;
      const values = [CHANNEL, [self, sdkAppId, from, to, changed.slice(0, MAX_CHANGED).join()].join(' ')];
      const sent = await pool.query('SELECT pg_notify($1, $2)', values).then(
        () => true,
        () => false,
      );
      if (!sent) pending = pending ? join(entry, pending) : entry;
      if (!closed) await sleep(sent ? NOTIFY_INTERVAL_MS : RECONNECT_MS, undefined, { ref: false });
    }
  }

  /** @param onTried called when it listens, or when the first attempt has failed */
  async function listen(signal: AbortSignal, onTried: () => void): Promise<void> {
    for (let first = true; !signal.aborted; first = false) {
      const client = clientOf(url, 'listen');
      const { promise: broken, resolve: end } = Promise.withResolvers<void>();
      client.on('error', () => end());
      client.on('end', end);
      const onAbort = () => end();
      signal.addEventListener('abort', onAbort);
      client.on('notification', ({ payload = '' }) => onNotification(payload));
      try {
        await connect(client, 'listen');
        await client.query(`LISTEN ${CHANNEL}`);
        const id = await newestCallbackId();
        if (first) newest = Math.max(newest, id);
        else publishLocally({ from: Math.max(1, newest - CATCH_UP_OVERLAP), to: id, changed: [] });
        onTried();
        await broken;
      } catch {
        // The appends report the failure of the database.
      }
      signal.removeEventListener('abort', onAbort);
      onTried();
      await client.end().catch(() => {});
      if (!signal.aborted) await sleep(RECONNECT_MS, undefined, { ref: false });
    }
  }

  function onNotification(payload: string): void {
    const [sender, app, from, to, changed = ''] = payload.split(' ');
    if (sender === self || app !== String(sdkAppId)) return;
    publishLocally({
      from: Number(from),
      to: Number(to),
      changed: changed === '' ? [] : changed.split(',').map(Number),
    });
  }
}

function join(one: Stored, other: Stored): Stored {
  return {
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    changed: [...one.changed, ...other.changed].slice(-MAX_CHANGED),
  };
}
