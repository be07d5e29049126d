import { readFileSync, writeFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';

/** Figures of the deliveries so far. */
export interface DeliveryStatistics {
  delivered: number;
  /** Milliseconds since 1970 of the first and the last delivery; 0 before the first. */
  first: number;
  last: number;
  /** From the arrival of the callback to its delivery, without the first seconds; 0 if not measured. */
  p50Ms: number;
  p99Ms: number;
}

const WRITE_INTERVAL_MS = 100;
/** A new consumer begins within a second, and code is compiled on first use. */
const WARM_UP_MS = 2_000;

/** Counts deliveries, and keeps the figures in STATISTICS_FILE. @returns a function to call with each arrival time */
export function countDeliveries(): (receivedAt: number) => void {
  const latency = createHistogram();
  let delivered = 0;
  let first = 0;
  let last = 0;
  setInterval(() => {
    const [p50Ms, p99Ms] = [latency.percentile(50), latency.percentile(99)];
    const statistics: DeliveryStatistics = { delivered, first, last, p50Ms, p99Ms };
    writeFileSync(process.env.STATISTICS_FILE as string, JSON.stringify(statistics));
  }, WRITE_INTERVAL_MS).unref();
  return (receivedAt) => {
    last = Date.now();
    first ||= last;
    delivered += 1;
    if (last - first > WARM_UP_MS) latency.record(Math.max(1, last - receivedAt));
  };
}

export function statisticsIn(file: string): DeliveryStatistics {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The file does not exist yet, or is being written.
    return { delivered: 0, first: 0, last: 0, p50Ms: 0, p99Ms: 0 };
  }
}
