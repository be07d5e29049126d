import type { Callback, Group } from './api.ts';
import { observable } from './state.ts';

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** Changes since the previous batch, each item in its latest version. */
export interface Batch {
  groups: Group[];
  callbacks: Callback[];
}

interface Watcher {
  batch(batch: Batch): void;
  /** A gap in the stream: whatever is shown must be read again. @param readers the number of pages with the same gap */
  gap(readers: number): void;
}

/** The page reports that it is offline after this long without a connection. */
const OFFLINE_MS = 8_000;
/** Limit of pending items while the window is hidden; beyond it the lists are read again. */
const MAX_PENDING = 500;
/** Back-off after a refusal, by the number of failures. */
const BACKOFF_MS = [1_000, 2_000, 5_000, 15_000];

export const connection = observable<Connection>('connecting');
const watchers = new Set<Watcher>();

const groups = new Map<string, Group>();
const callbacks = new Map<string, Callback>();
/** Changes were missed: whatever is shown must be read again. */
let missed = false;
let scheduled = false;
let opened = false;
let failures = 0;
let offlineTimer: ReturnType<typeof setTimeout> | undefined;

/** Lists are read once the stream is open, so that no change is missed in between; without a stream, after 1 s. */
const ready = Promise.withResolvers<void>();
export const liveReady = ready.promise;

/** Opens the stream, for as long as the page is open. */
export function startLive(): void {
  setTimeout(ready.resolve, 1_000);
  connect(ready.resolve);
}

/** @returns the unsubscribe function */
export function watchLive(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

function connect(onFirst: () => void): void {
  const source = new EventSource('api/live');

  source.addEventListener('open', () => {
    opened = true;
    failures = 0;
    clearTimeout(offlineTimer);
    offlineTimer = undefined;
    connection.set('live');
    onFirst();
  });
  source.addEventListener('error', () => {
    // Stays offline while the browser retries.
    if (connection.get() !== 'offline') connection.set(opened || failures > 0 ? 'reconnecting' : 'connecting');
    offlineTimer ??= setTimeout(() => connection.set('offline'), OFFLINE_MS);
    // The browser reconnects after a broken connection, but not after a refusal such as 401 or 503.
    if (source.readyState !== EventSource.CLOSED) return;
    onFirst();
    const wait = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)];
    failures += 1;
    // A new EventSource sends no Last-Event-ID, so there is no catch-up: the lists have to be read.
    setTimeout(() => connect(() => tellGap(1)), wait);
  });
  source.addEventListener('group', ({ data }) => {
    const group = JSON.parse(data) as Group;
    keep(groups, group.groupId, group);
  });
  source.addEventListener('callback', ({ data }) => {
    const callback = JSON.parse(data) as Callback;
    // Ignoring a callback may delete its group, for which there is no event.
    if (callback.ignored) missed = true;
    keep(callbacks, callback.id, callback);
  });
  source.addEventListener('gap', ({ data }) => tellGap((JSON.parse(data) as { readers: number }).readers));
}

function keep<Item>(pending: Map<string, Item>, key: string, item: Item): void {
  // Evicts the oldest: a Map keeps insertion order.
  pending.delete(key);
  pending.set(key, item);
  if (pending.size > MAX_PENDING) {
    pending.delete(pending.keys().next().value as string);
    missed = true;
  }
  if (scheduled) return;
  scheduled = true;
  // Hidden windows get no animation frames.
  if (document.hidden) setTimeout(flush, 1_000);
  else requestAnimationFrame(flush);
}

function flush(): void {
  scheduled = false;
  const batch = { groups: [...groups.values()], callbacks: [...callbacks.values()] };
  const isGap = missed;
  groups.clear();
  callbacks.clear();
  missed = false;
  for (const watcher of watchers) watcher.batch(batch);
  if (isGap) tellGap(1);
}

/** Makes everything that is shown be read again. */
export function rereadAll(): void {
  tellGap(1);
}

function tellGap(readers: number): void {
  for (const watcher of watchers) watcher.gap(readers);
}
