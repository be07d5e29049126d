import { performance } from 'node:perf_hooks';

export interface Page<Item, Place> {
  items: Item[];
  /** The place after which the next page starts; null on the last page. */
  next: Place | null;
  /** The scan reached its deadline: the page may be short, and the next one continues from there. */
  incomplete?: true;
}

/** The store cannot answer a read now; another attempt may succeed. */
export class StoreBusy extends Error {}

/** Deadline after which a scan returns what it has found. */
const DEADLINE_MS = 3_000;
/** Concurrent steps of scans: appends need the rest of the machine, and of PostgreSQL's connections. */
const MAX_RUNNING = 2;
/** Waiting scans; further ones are refused at once. */
const MAX_WAITING = 32;
/** Rows of a scan's first step. Later steps adapt to the measured time, so that none blocks others for long. */
const FIRST_STEP = 1_000;
/** For larger steps, PostgreSQL would sort the whole table instead of reading the index. */
const LARGEST_STEP = 64_000;
const SHORT_STEP_MS = 10;
const LONG_STEP_MS = 40;

/**
 * Scans of an index that may have to read all of it, such as a search. They run in steps of about 10 ms, a few at once,
 * and take turns: a short scan does not wait for the end of a long one.
 */
export function boundedScans({ deadline = DEADLINE_MS, mostWaiting = MAX_WAITING } = {}) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return { scan, pageOfScan };

  /**
   * @param start the place after which it begins; undefined at the beginning of the index
   * @param step reads at most this many rows after a place, and returns the place of the last one; null ends the scan
   * @returns the place at which the deadline ended the scan, or null
   * @throws {StoreBusy} if too many scans wait
   */
  async function scan<Place>(
    start: Place | undefined,
    step: (after: Place | undefined, rows: number) => Promise<Place | null>,
  ): Promise<Place | null> {
    const end = performance.now() + deadline;
    let after = start;
    for (let rows = FIRST_STEP; ; ) {
      await turn();
      const began = performance.now();
      let reached: Place | null;
      try {
        reached = await step(after, rows);
      } finally {
        endTurn();
      }
      if (reached === null || performance.now() > end) return reached;
      after = reached;
      const took = performance.now() - began;
      if (took < SHORT_STEP_MS) rows = Math.min(LARGEST_STEP, rows * 2);
      else if (took > LONG_STEP_MS) rows = Math.max(100, Math.floor(rows / 2));
    }
  }

  /**
   * A page of matches in an index. If the deadline ends the scan, the page has the matches so far, and the next page
   * continues from there.
   */
  async function pageOfScan<Row, Item, Place>({
    limit,
    after,
    endOfStep,
    read,
    placeOf,
    toItems,
  }: {
    limit: number;
    after: Place | undefined;
    /**
     * The last of this many places after one, or null if there are fewer. The function itself is null if no scan is
     * needed.
     */
    endOfStep: ((start: Place | undefined, rows: number) => Promise<Place | null>) | null;
    /** The matches after one place and up to another, or up to the end. */
    read: (start: Place | undefined, end: Place | null, most: number) => Promise<Row[]>;
    placeOf: (row: Row) => Place;
    toItems: (rows: Row[]) => Promise<Item[]>;
  }): Promise<Page<Item, Place>> {
    if (endOfStep === null) {
      const rows = await read(after, null, limit + 1);
      return pageOf(rows, limit, await toItems(rows.slice(0, limit)), placeOf);
    }
    const rows: Row[] = [];
    const cut = await scan(after, async (start, size) => {
      const end = await endOfStep(start, size);
      rows.push(...(await read(start, end, limit + 1 - rows.length)));
      return rows.length > limit ? null : end;
    });
    const page = pageOf(rows, limit, await toItems(rows.slice(0, limit)), placeOf);
    return cut === null ? page : { ...page, next: cut, incomplete: true };
  }

  async function turn(): Promise<void> {
    if (running < MAX_RUNNING) {
      running += 1;
      return;
    }
    if (waiting.length >= mostWaiting) throw new StoreBusy('too many searches are running');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** Hands the turn over to the scan that has waited longest, if any. */
  function endTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** @param rows one more than `limit` if there is a next page */
export function pageOf<Row, Item, Place>(
  rows: readonly Row[],
  limit: number,
  items: readonly Item[],
  placeOf: (row: Row) => Place,
): Page<Item, Place> {
  const last = rows[limit - 1];
  return { items: items.slice(0, limit), next: rows.length > limit && last ? placeOf(last) : null };
}
