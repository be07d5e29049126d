import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readExamples } from '../simulator/examples.ts';
import { send } from '../simulator/send.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';
import { waitedForCoreMs } from './process.ts';

const COMMAND = 'Group.CallbackAfterCreateGroup';
const SDK_APP_ID = 1_400_000_000;
/** The vendor gives up after 2 s. */
const VENDOR_WAITS_MS = 2_000;
/** Ends a request without a reply, which counts as late. */
const GIVE_UP_SECONDS = 10;
/** Limits the requests in flight: a hanging receiver must not fill the memory of this process. */
const MOST_IN_FLIGHT = 4_000;
const TICK_MS = 10;
const STARVATION_SAMPLE_MS = 50;

/** Outcome of the callbacks so far. */
export interface Sent {
  sent: number;
  /** The bodies that were answered 200, each sent once only. */
  acknowledged: Set<string>;
  /** Answered with another status. */
  refused: number;
  /** Not answered: the connection was refused or broke. */
  failed: number;
  /** Why the last one was not answered. */
  lastFailure: string;
  slowestMs: number;
  /** Not answered within the 2 s that the vendor waits. */
  late: number;
}

export interface Load {
  soFar: Readonly<Sent>;
  /** Stops sending, and resolves when nothing is in flight. */
  stop(): Promise<Sent>;
}

/**
 * Plays the vendor at a fixed rate, whether or not replies arrive. Every body has its own group and event time and is
 * sent once. Time that sender and receivers spend waiting for a processor core is not counted as theirs.
 * @param receivers the present receivers; callbacks go to them in turn
 * @param keepAlive false: a new connection for each callback
 */
export function startLoad(
  receivers: () => readonly { callbackUrl: string; pid: number }[],
  { perSecond, keepAlive = true }: { perSecond: number; keepAlive?: boolean },
): Load {
  const example = readExamples()[COMMAND]?.value;
  const run = randomUUID().slice(0, 8);
  const agent = new Agent({ keepAlive, maxFreeSockets: 64 });
  const sent: Sent = {
    sent: 0,
    acknowledged: new Set(),
    refused: 0,
    failed: 0,
    lastFailure: '',
    slowestMs: 0,
    late: 0,
  };
  const inFlight = new Set<Promise<void>>();
  let stopped = false;
  const starvation = new Starvation(() => [process.pid, ...receivers().map(({ pid }) => pid)]);
  const sampling = setInterval(() => starvation.sample(), STARVATION_SAMPLE_MS);
  const sending = keepSending();

  return {
    soFar: sent,
    async stop() {
      stopped = true;
      await sending;
      await Promise.all(inFlight);
      clearInterval(sampling);
      agent.destroy();
      return sent;
    },
  };

  async function keepSending(): Promise<void> {
    const started = performance.now();
    let due = 0;
    while (!stopped) {
      const elapsed = performance.now() - started;
      // A delayed process does not send the missed callbacks in one burst.
      due = Math.max(due, (elapsed / 1000) * perSecond - perSecond / 10);
      for (; due < (elapsed / 1000) * perSecond && inFlight.size < MOST_IN_FLIGHT; due += 1) {
        const one: Promise<void> = sendOne().finally(() => inFlight.delete(one));
        inFlight.add(one);
      }
      await sleep(TICK_MS);
    }
  }

  async function sendOne(): Promise<void> {
    sent.sent += 1;
    const body = JSON.stringify({
      ...example,
      GroupId: `@TGS#${run}-${sent.sent}`,
      EventTime: 1_700_000_000_000 + sent.sent,
    });
    const targets = receivers();
    const url = targets[sent.sent % targets.length]?.callbackUrl;
    if (url === undefined) throw new Error('there is no receiver to send to: receivers() is empty');
    const started = performance.now();
    const starvedBefore = starvation.totalMs;
    const receiver = { url, sdkAppId: SDK_APP_ID, token: undefined };
    const outcome = await send(vendorRequest(COMMAND, body, receiver), agent, GIVE_UP_SECONDS);
    const milliseconds = performance.now() - started - (starvation.totalMs - starvedBefore);
    if ('failure' in outcome) {
      sent.failed += 1;
      sent.lastFailure = `${outcome.failure}, after ${Math.round(milliseconds)} ms`;
    } else if (outcome.status === 200) sent.acknowledged.add(body);
    else sent.refused += 1;
    if (milliseconds > VENDOR_WAITS_MS) sent.late += 1;
    sent.slowestMs = Math.max(sent.slowestMs, Math.round(milliseconds));
  }
}

/** Measures how long processes waited for a processor core on a busy machine. */
class Starvation {
  totalMs = 0;
  readonly #pids: () => readonly number[];
  readonly #last = new Map<number, number>();

  constructor(pids: () => readonly number[]) {
    this.#pids = pids;
  }

  sample(): void {
    for (const pid of this.#pids()) {
      const now = waitedForCoreMs(pid);
      this.totalMs += Math.max(0, now - (this.#last.get(pid) ?? now));
      this.#last.set(pid, now);
    }
  }
}
