import { useEffect, useRef, useState } from 'preact/hooks';
import { type Batch, liveReady, watchBatches, watchGaps } from './live.ts';
import { rereading } from './rereading.ts';

/** What a list is made of; the same object for as long as the filters are the same. */
export interface Source<Item> {
  key(item: Item): string;
  /** Below zero when `a` stands above `b`: newest first. */
  compare(a: Item, b: Item): number;
  /** Whether the filters let it in, judged as the server does. */
  matches(item: Item): boolean;
  pick(batch: Batch): Item[];
  read(query: { limit: number; cursor?: string }): Promise<{ items: Item[]; next: string | null }>;
}

/** So much is kept and drawn, however long the page is open. */
const MOST_ROWS = 200;
const PAGE = 50;
const MOST_WAITING = 1000;
/** In place of a cursor after rows were dropped at the end: nobody knows the cursor of that place. */
const LOST = Symbol('lost');

interface Listing<Item> {
  rows: Item[];
  next: string | null | typeof LOST;
  state: 'loading' | 'ready' | 'failed';
  error: unknown;
  loadingMore: boolean;
  /** Whether new items appear by themselves; otherwise they are counted. */
  following: boolean;
  waiting: Set<string>;
}

/**
 * A list that is read once and kept up to date by the live stream: each item once, in its last version, newest first,
 * never more than MOST_ROWS of them.
 */
export function useLiveList<Item>(source: Source<Item>) {
  const [, redraw] = useState(0);
  const shown = useRef<Listing<Item>>(listing([]));
  const actions = useRef({ more: () => {}, pause: () => {}, follow: () => {} });

  useEffect(() => {
    // The rows of the filters before stay until the new ones are there.
    const list: Listing<Item> = listing(shown.current.rows);
    shown.current = list;
    let over = false;
    /** What the stream brought while a read was under way, which may be older. */
    let during: Item[] | null = null;

    function draw(): void {
      if (!over) redraw((count) => count + 1);
    }

    async function readHead(): Promise<void> {
      const arrived: Item[] = [];
      during = arrived;
      try {
        await liveReady;
        const pages = list.state === 'loading' ? 1 : Math.ceil(list.rows.length / PAGE);
        const { items, next } = await source.read({ limit: Math.min(MOST_ROWS, Math.max(1, pages) * PAGE) });
        Object.assign(list, listing(items), { next, state: 'ready' });
        for (const item of arrived) put(source, list, item);
      } catch (error) {
        Object.assign(list, { state: 'failed', error });
      } finally {
        during = null;
        draw();
      }
    }

    async function readMore(): Promise<void> {
      if (list.loadingMore || list.next === null) return;
      if (list.next === LOST) return head.ask(0);
      list.loadingMore = true;
      draw();
      try {
        const { items, next } = await source.read({ limit: PAGE, cursor: list.next });
        const known = new Set(list.rows.map(source.key));
        list.rows.push(...items.filter((item) => !known.has(source.key(item))));
        list.next = next;
        const surplus = list.rows.length - MOST_ROWS;
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
    const endBatches = watchBatches((batch) => {
      const items = source.pick(batch);
      during?.push(...items);
      if (list.state === 'loading') return;
      let changed = false;
      for (const item of items) changed = put(source, list, item) || changed;
      if (changed) draw();
    });
    const endGaps = watchGaps((readers) => {
      if (list.following) head.ask(readers);
    });
    actions.current = {
      more: () => void readMore(),
      pause() {
        list.following = false;
        draw();
      },
      follow() {
        list.rows.length = Math.min(list.rows.length, PAGE);
        head.ask(0);
      },
    };
    head.ask(0);
    draw();
    return () => {
      over = true;
      head.end();
      endBatches();
      endGaps();
    };
  }, [source]);

  const { rows, next, state, error, loadingMore, following, waiting } = shown.current;
  return {
    rows,
    state,
    error,
    loadingMore,
    following,
    hasMore: next !== null,
    waiting: waiting.size,
    more: () => actions.current.more(),
    pause: () => actions.current.pause(),
    follow: () => actions.current.follow(),
  };
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

/** Puts an item where it belongs. @returns whether something is to be drawn */
function put<Item>(source: Source<Item>, list: Listing<Item>, item: Item): boolean {
  const { rows, waiting } = list;
  const key = source.key(item);
  const at = rows.findIndex((row) => source.key(row) === key);
  if (at >= 0) rows.splice(at, 1);
  if (!source.matches(item)) return at >= 0;
  const below = rows.findIndex((row) => source.compare(item, row) < 0);
  if (at < 0 && !list.following) {
    if (below !== 0 || waiting.size >= MOST_WAITING) return false;
    waiting.add(key);
    return true;
  }
  // What is older than the last row stands among those that were not read yet.
  if (at < 0 && below < 0 && list.next !== null) return false;
  rows.splice(below < 0 ? rows.length : below, 0, item);
  if (rows.length > MOST_ROWS) {
    rows.length = MOST_ROWS;
    list.next = LOST;
  }
  return true;
}
