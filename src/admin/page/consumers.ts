import { type Consumer, readConsumers } from './api.ts';
import { liveReady } from './live.ts';
import { rereading } from './rereading.ts';
import { observable, route } from './state.ts';

/** Polling interval while the view Deliveries is open. */
const VIEW_MS = 500;
/** Polling interval for the badge in the navigation. */
const BADGE_MS = 5_000;

/** The consumers as last read; kept while a read fails. */
export const consumers = observable<{ value?: readonly Consumer[]; error?: unknown }>({});

const reader = rereading(async () => {
  try {
    await liveReady;
    consumers.set({ value: (await readConsumers()).consumers });
  } catch (error) {
    consumers.set({ ...consumers.get(), error });
  }
});

/** Polls them for as long as the page is open and visible. */
export function startConsumers(): void {
  const poll = () => document.hidden || reader.ask(0);
  const every = () => setInterval(poll, route.get().view === 'deliveries' ? VIEW_MS : BADGE_MS);
  let timer = every();
  let view = route.get().view;
  route.watch((next) => {
    if (next.view === view) return;
    view = next.view;
    clearInterval(timer);
    timer = every();
    poll();
  });
  document.addEventListener('visibilitychange', poll);
  poll();
}

/** Call after a change. */
export function rereadConsumers(): void {
  reader.ask(0);
}
