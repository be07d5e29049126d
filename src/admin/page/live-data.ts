import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { databaseIsAway, noteFailure } from './database.ts';
import { type Batch, liveReady, watchLive } from './live.ts';
import { MAYBE, rereading } from './rereading.ts';
import { useObservable } from './state.ts';

/**
 * Reads something, and reads it again when the stream reports a change.
 *
 * @param key identifies what is read
 * @param concerns whether a batch of the stream may change it; `maybe` if the batch cannot tell
 * @param everyMs polling interval while the window is visible. With it, or while the database is away, the last value
 *   stays if a read fails
 */
export function useRead<Value>(
  key: string,
  read: () => Promise<Value>,
  { concerns = () => false, everyMs }: { concerns?: (batch: Batch) => boolean | 'maybe'; everyMs?: number } = {},
) {
  const [result, setResult] = useState<{ key: string | null; value?: Value; error?: unknown }>({ key: null });
  const [again, setAgain] = useState(0);

  useEffect(() => {
    let over = false;
    const reader = rereading(async () => {
      try {
        await liveReady;
        const value = await read();
        if (!over) setResult({ key, value });
      } catch (error) {
        const isOfStore = noteFailure(error);
        const stays = everyMs !== undefined || isOfStore;
        if (!over) setResult((before) => ({ key, error, ...(stays && before.key === key && { value: before.value }) }));
      }
    });
    const timer = everyMs !== undefined && setInterval(() => document.hidden || reader.ask(0), everyMs);
    const unwatch = watchLive({
      batch(batch) {
        const concerned = concerns(batch);
        if (concerned) reader.ask(concerned === 'maybe' ? MAYBE : 0);
      },
      gap: reader.ask,
    });
    reader.ask(0);
    return () => {
      over = true;
      clearInterval(timer || undefined);
      reader.end();
      unwatch();
    };
  }, [key, again]);

  // Never show the result of another key.
  const current = result.key === key;
  const isAway = useObservable(databaseIsAway);
  const shows = everyMs !== undefined || isAway || result.error === undefined;
  return {
    value: current && shows ? result.value : undefined,
    error: current ? result.error : undefined,
    again: useCallback(() => setAgain((count) => count + 1), []),
  };
}

/** An action of a button, which runs once per click. */
export function useAction<Result>(work: () => Promise<Result>) {
  const [state, setState] = useState<{ busy: boolean; result?: Result; error?: unknown }>({ busy: false });
  async function run(): Promise<void> {
    setState({ busy: true });
    try {
      setState({ busy: false, result: await work() });
    } catch (error) {
      setState({ busy: false, error });
    }
  }
  return { ...state, run };
}

/** Where a list gets its items; the same object while the filters stay the same. */
export interface Source<Item> {
  key(item: Item): string;
  /** Negative if `a` is listed above `b`: newest first. */
  compare(a: Item, b: Item): number;
  /** Whether the filters match, by the server's rules; `maybe` if the item cannot tell. */
  matches(item: Item): boolean | 'maybe';
  pick(batch: Batch): Item[];
  read(query: { limit: number; cursor?: string }): Promise<{ items: Item[]; next: string | null }>;
}

/** Limit of the rows that are kept and drawn, however long the page is open. */
const MAX_ROWS = 200;
const PAGE = 50;
const MAX_WAITING = 1000;
/** Replaces the cursor after rows were dropped at the end: the cursor at that position is unknown. */
const LOST = Symbol('lost');

interface Listing<Item> {
  rows: Item[];
  next: string | null | typeof LOST;
  state: 'loading' | 'ready' | 'failed';
  error: unknown;
  loadingMore: boolean;
  /** Whether new items appear automatically; otherwise they are counted. */
  following: boolean;
  waiting: Set<string>;
}

/**
 * A list that is read once and kept up to date by the live stream: each item once, in its latest version, newest first,
 * at most MAX_ROWS.
 */
export function useLiveList<Item>(source: Source<Item>) {
  const [, redraw] = useState(0);
  const shown = useRef<Listing<Item>>(listing([]));
  const actions = useRef({ more: () => {}, pause: () => {}, follow: () => {} });

  useEffect(() => {
    // The old rows stay until those of the new filters have been read.
    const list: Listing<Item> = listing(shown.current.rows);
    shown.current = list;
    let over = false;
    /** Items that the stream brings during a read, whose result may be older. */
    let during: Item[] | null = null;

    function draw(): void {
      if (!over) redraw((count) => count + 1);
    }

    async function readHead(): Promise<void> {
      // The list was paused after the request.
      if (!list.following && list.state === 'ready') return;
      const arrived: Item[] = [];
      during = arrived;
      try {
        await liveReady;
        const pages = list.state === 'loading' ? 1 : Math.ceil(list.rows.length / PAGE);
        const { items, next } = await source.read({ limit: Math.min(MAX_ROWS, Math.max(1, pages) * PAGE) });
        Object.assign(list, listing(items), { next, state: 'ready' });
        for (const item of arrived) put(source, list, item);
      } catch (error) {
        noteFailure(error);
        Object.assign(list, { state: 'failed', error });
      } finally {
        during = null;
        draw();
      }
    }

    async function readMore(): Promise<void> {
      if (list.loadingMore || list.next === null) return;
      if (list.next === LOST) {
        list.following = true;
        return head.ask(0);
      }
      list.loadingMore = true;
      draw();
      try {
        const { items, next } = await source.read({ limit: PAGE, cursor: list.next });
        const known = new Set(list.rows.map(source.key));
        list.rows.push(...items.filter((item) => !known.has(source.key(item))));
        list.next = next;
        const surplus = list.rows.length - MAX_ROWS;
        if (surplus > 0) {
          list.rows.splice(0, surplus);
          list.following = false;
        }
      } catch (error) {
        Object.assign(list, { state: 'failed', error });
      } finally {
        list.loadingMore = false;
        draw();
      }
    }

    const head = rereading(readHead);
    const unwatch = watchLive({
      batch(batch) {
        const items = source.pick(batch);
        during?.push(...items);
        if (list.following && items.some((item) => source.matches(item) === 'maybe')) head.ask(MAYBE);
        if (list.state === 'loading') return;
        let changed = false;
        for (const item of items) changed = put(source, list, item) || changed;
        if (changed) draw();
      },
      gap: (readers) => list.following && head.ask(readers),
    });
    actions.current = {
      more: () => void readMore(),
      pause() {
        list.following = false;
        draw();
      },
      follow() {
        list.following = true;
        list.rows.length = Math.min(list.rows.length, PAGE);
        head.ask(0);
      },
    };
    head.ask(0);
    draw();
    return () => {
      over = true;
      head.end();
      unwatch();
    };
  }, [source]);

  const { next, waiting, ...list } = shown.current;
  return { ...list, ...actions.current, hasMore: next !== null, waiting: waiting.size };
}

function listing<Item>(rows: Item[]): Listing<Item> {
  return {
    rows,
    next: null,
    state: 'loading',
    error: undefined,
    loadingMore: false,
    following: true,
    waiting: new Set(),
  };
}

/** Inserts, moves or removes an item. @returns whether a redraw is needed */
function put<Item>(source: Source<Item>, list: Listing<Item>, item: Item): boolean {
  const { rows, waiting } = list;
  const key = source.key(item);
  const at = rows.findIndex((row) => source.key(row) === key);
  if (at >= 0) rows.splice(at, 1);
  const matches = source.matches(item);
  // The server found the items that are shown, so `maybe` does not remove them.
  if (!matches || (matches === 'maybe' && at < 0)) return at >= 0;
  const below = rows.findIndex((row) => source.compare(item, row) < 0);
  if (at < 0 && !list.following) {
    if (below !== 0 || waiting.size >= MAX_WAITING) return false;
    waiting.add(key);
    return true;
  }
  // An item older than the last row belongs to a page that has not been read yet.
  if (at < 0 && below < 0 && list.next !== null) return false;
  rows.splice(below < 0 ? rows.length : below, 0, item);
  if (rows.length > MAX_ROWS) {
    rows.length = MAX_ROWS;
    list.next = LOST;
  }
  return true;
}
