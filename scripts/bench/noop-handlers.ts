import { writeFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';

/** What has been delivered so far, in the file of STATISTICS_FILE. */
export interface DeliveryStatistics {
  delivered: number;
  /** Milliseconds since 1970 of the first and the last delivery; 0 before. */
  first: number;
  last: number;
  /** From the arrival of the callback to its handler, without the first seconds. */
  p50Ms: number;
  p99Ms: number;
}

interface Receiver {
  on(command: '*', handler: (callback: { receivedAt: Date }) => unknown, options: { from: 'beginning' }): void;
}

const WRITE_INTERVAL_MS = 100;
/** A consumer that is new begins within a second, and code is compiled by its first use. */
const WARM_UP_MS = 2_000;

/** For HANDLERS: does nothing with a callback but to count it. */
export default function count(receiver: Receiver): void {
  const latency = createHistogram();
  let delivered = 0;
  let first = 0;
  let last = 0;
  receiver.on(
    '*',
    ({ receivedAt }) => {
      last = Date.now();
      first ||= last;
      delivered += 1;
      if (last - first > WARM_UP_MS) latency.record(Math.max(1, last - receivedAt.getTime()));
    },
    { from: 'beginning' },
  );
  setInterval(() => {
    const statistics: DeliveryStatistics = {
      delivered,
      first,
      last,
      p50Ms: latency.percentile(50),
      p99Ms: latency.percentile(99),
    };
    writeFileSync(process.env.STATISTICS_FILE as string, JSON.stringify(statistics));
  }, WRITE_INTERVAL_MS).unref();
}
