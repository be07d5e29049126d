import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CleanUps } from './clean-ups.ts';

export interface LoadOrder {
  callbackUrl: string;
  connections: number;
  warmUpSeconds: number;
  seconds: number;
  /** About so many in a body; the vendor's sample has some 400. */
  bodyBytes: number;
  /** Null: as many as are answered. */
  perSecond: number | null;
}

export interface Measured {
  seconds: number;
  /** Callbacks that were answered OK. */
  ok: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  bodyBytes: number;
  /** Share of one core that the sender took: near 1 it limits what it measures. */
  senderCpu: number;
}

/** Of the whole run, with the warm-up. */
export interface Sum {
  sent: number;
  ok: number;
  /** Answered otherwise. */
  other: number;
  /** Not answered. */
  failed: number;
  lastFailure: string;
}

export type LoadMessage = { at: 'start' } | { at: 'end'; measured: Measured } | { at: 'drained'; sum: Sum };

/** Longer than any warm-up, drain and start of a process. */
const SLACK_MS = 60_000;

/** Sends load from a process of its own. `onStart` and `onEnd` are called where measuring starts and ends. */
export async function runLoad(
  order: LoadOrder,
  cleanUps: CleanUps,
  { onStart, onEnd }: { onStart: () => void; onEnd: () => void },
): Promise<{ measured: Measured; sum: Sum }> {
  const child = fork(join(import.meta.dirname, 'send-load.ts'), [JSON.stringify(order)]);
  const forget = cleanUps.add(() => child.kill('SIGKILL'));
  const limit = setTimeout(() => child.kill('SIGKILL'), (order.warmUpSeconds + order.seconds) * 1000 + SLACK_MS);
  let measured: Measured | undefined;
  let sum: Sum | undefined;
  child.on('message', (message: LoadMessage) => {
    if (message.at === 'start') onStart();
    if (message.at === 'end') {
      onEnd();
      measured = message.measured;
    }
    if (message.at === 'drained') sum = message.sum;
  });
  const [code] = await once(child, 'exit');
  clearTimeout(limit);
  forget();
  if (!measured || !sum) throw new Error(`the sender of load ended with ${code} before it was done`);
  return { measured, sum };
}
