import { ApiError, readState, type State } from './api.ts';
import { rereadAll } from './live.ts';
import { rereading } from './rereading.ts';
import { observable } from './state.ts';

const POLL_MS = 5_000;
/** Polling interval while the database is away, so that its return shows at once. */
const AWAY_MS = 1_000;

/** The state of the database and the spool, as last read. */
export const state = observable<State | null>(null);
export const databaseIsAway = observable(false);

const reader = rereading(async () => {
  try {
    const next = await readState();
    const isAway = next.database.state === 'away';
    const isBack = databaseIsAway.get() && !isAway;
    state.set(next);
    databaseIsAway.set(isAway);
    if (isBack) rereadAll();
  } catch {
    // If the receiver cannot be reached, the connection indicator shows it.
  }
});

/** Polls the state for as long as the page is open and visible. */
export function startDatabase(): void {
  const poll = () => document.hidden || reader.ask(0);
  let timer = setInterval(poll, POLL_MS);
  databaseIsAway.watch((isAway) => {
    clearInterval(timer);
    timer = setInterval(poll, isAway ? AWAY_MS : POLL_MS);
  });
  document.addEventListener('visibilitychange', poll);
  poll();
}

/** Whether a read failed because the store did not answer. If so, checks immediately whether the database is away. */
export function noteFailure(error: unknown): boolean {
  const isOfStore = error instanceof ApiError && error.status === 503;
  if (isOfStore && !databaseIsAway.get()) reader.ask(0);
  return isOfStore;
}
