import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store } from './store.ts';

const DAY_MS = 86_400_000;
const BETWEEN_ROUNDS_MS = 3_600_000;
const AFTER_FAILURE_MS = 60_000;
/** Some 10 ms of a database's time. */
const MOST_IN_ONE_STEP = 200;
/** Of the time that it takes, pruning leaves this many times as much to appends. */
const REST = 4;
const LEAST_REST_MS = 5;

/**
 * Deletes callbacks that were received more than `days` ago, now and every hour, a few at a time; groups stay. Several
 * receivers may do so on one database.
 */
export function startRetention({
  store,
  days,
  log,
  now = Date.now,
}: {
  store: Pick<Store, 'pruneCallbacks'>;
  days: number;
  log: Logger;
  /** Milliseconds since 1970. */
  now?: () => number;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = run();
  return {
    /** Resolves when the step that runs is done. */
    async stop() {
      stopping.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const failed = await pruneAll().catch((error) => {
        log.warn({ err: error }, 'old callbacks could not be pruned: tried again in a minute');
        return true;
      });
      await rest(failed === true ? AFTER_FAILURE_MS : BETWEEN_ROUNDS_MS);
    }
  }

  async function pruneAll(): Promise<void> {
    const before = new Date(now() - days * DAY_MS);
    let pruned = 0;
    while (!stopping.signal.aborted) {
      const started = performance.now();
      const count = await store.pruneCallbacks(before, MOST_IN_ONE_STEP);
      pruned += count;
      if (count < MOST_IN_ONE_STEP) break;
      await rest(Math.max(LEAST_REST_MS, (performance.now() - started) * REST));
    }
    if (pruned > 0) log.info({ pruned, before: before.toISOString() }, 'old callbacks were pruned');
  }

  async function rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }
}
