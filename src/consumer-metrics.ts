import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ConsumerRecord, ConsumerStore } from './store/consumers.ts';

/** Buckets up to the handler's time-out. */
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];
const STATES = [
  'running',
  'paused',
  'backing off',
  'held back',
  'wrong stream',
  'idle',
] satisfies ConsumerRecord['state'][];
const OUTCOMES = ['ok', 'failed', 'dead'] as const;
/** Counting the lag of a consumer that is far behind takes about 10 ms; several scrapers share one count. */
const FRESH_MS = 2_000;

export type AttemptOutcome = (typeof OUTCOMES)[number];

/**
 * The metrics of the consumers. Their names come from the app's code, so their number is bounded.
 * @param clock milliseconds since 1970
 */
export function createConsumerMetrics(registry: Registry, clock: () => number) {
  const registers = [registry];
  const gauge = (name: string, help: string, ...labels: string[]) =>
    new Gauge({ name: `callbacks_consumer_${name}`, help, labelNames: ['consumer', ...labels], registers });
  const lag = gauge('lag', 'Callbacks after the place of the consumer, counted up to 100,000.');
  const lagSeconds = gauge('lag_seconds', 'Age of the first callback after the place of the consumer.');
  const parked = gauge('parked', 'Subjects that a failed delivery holds up.');
  const dead = gauge('dead', 'Deliveries that have been given up.');
  const state = gauge('state', '1 for the state that the consumer is in.', 'state');
  const idleSeconds = gauge('idle_seconds', 'How long no process has run the consumer; 0 while one does.');
  const attempts = new Counter({
    name: 'callbacks_delivery_attempts_total',
    help: 'Attempts to deliver by outcome: ok, failed and tried again later, or dead, given up.',
    labelNames: ['consumer', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'callbacks_delivery_seconds',
    help: 'Duration of an attempt to deliver.',
    labelNames: ['consumer'],
    buckets: SECONDS,
    registers,
  });
  let readAt = Number.NEGATIVE_INFINITY;

  return {
    delivered(consumer: string, duration: number, outcome: AttemptOutcome): void {
      attempts.inc({ consumer, outcome });
      seconds.observe({ consumer }, duration);
    },

    /**
     * Reads the gauges, unless they are fresh. Removes them if the read fails: no figure is better than a stale one.
     */
    async refresh(store: Pick<ConsumerStore, 'listConsumers'>): Promise<void> {
      const now = clock();
      if (Math.abs(now - readAt) < FRESH_MS) return;
      readAt = now;
      const consumers = await store.listConsumers().catch(() => []);
      for (const one of [lag, lagSeconds, parked, dead, state, idleSeconds]) one.reset();
      for (const one of consumers) {
        const consumer = one.name;
        const secondsSince = (time: string) => Math.max(0, now - Date.parse(time)) / 1000;
        lag.set({ consumer }, one.lag);
        lagSeconds.set({ consumer }, one.oldest === null ? 0 : secondsSince(one.oldest));
        parked.set({ consumer }, one.parked);
        dead.set({ consumer }, one.dead);
        for (const known of STATES)
          state.set({ consumer, state: known.replace(' ', '_') }, one.state === known ? 1 : 0);
        idleSeconds.set({ consumer }, one.state === 'idle' ? secondsSince(one.ranAt) : 0);
        // Series start at 0: increase() misses the first event of a series that appears with it.
        for (const outcome of OUTCOMES) attempts.inc({ consumer, outcome }, 0);
      }
    },
  };
}
