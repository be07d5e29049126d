import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/backfill/limits.ts';
import { RestClient, type RestClientOptions } from '../../src/backfill/rest-client.ts';
import { serve, teardown } from './start.ts';

export const ACCOUNT = { sdkAppId: 1400123456, admin: 'administrator', key: 'fedcba9876543210'.repeat(4) };

/** Time that passes only during sleeps. */
export class SimulatedClock implements Clock {
  time = 1_700_000_000_000;
  readonly slept: number[] = [];

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    const until = this.time + ms;
    await nextTurn();
    signal?.throwIfAborted();
    this.time = Math.max(this.time, until);
  }
}

export interface Asked {
  /** The last part of the path. */
  command: string;
  url: URL;
  /** As sent. */
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests check what is asked for
  body: any;
  request: IncomingMessage;
}

/** Answers with an object as JSON or with a text, or handles the response itself and returns nothing. */
export type AnswerCall = (asked: Asked, response: ServerResponse) => unknown;

export const ok = (reply: object = {}) => ({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...reply });
export const fail = (code: number, info = 'no') => ({ ActionStatus: 'FAIL', ErrorCode: code, ErrorInfo: info });

/** A server whose answers the test defines. */
export async function restVendor(answer: AnswerCall) {
  const calls: Asked[] = [];
  const origin = await serve(async (request, response) => {
    const sent = await text(request).catch(() => '');
    const url = new URL(request.url ?? '/', 'http://vendor');
    const asked = { command: url.pathname.split('/').at(-1) ?? '', url, text: sent, body: JSON.parse(sent), request };
    calls.push(asked);
    const answered = await answer(asked, response);
    if (answered !== undefined) response.end(typeof answered === 'string' ? answered : JSON.stringify(answered));
  });
  return { url: new URL(origin), calls };
}

/** Collects the log, with all fields. */
export function recordingLog() {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

/** A client on simulated time, unless a clock is given. */
export function restClient(origins: URL | URL[], options: Partial<RestClientOptions> = {}) {
  const clock = new SimulatedClock();
  const { lines, log } = recordingLog();
  const client = new RestClient({ ...ACCOUNT, origins: [origins].flat(), log, clock, ...options });
  teardown(() => client.close());
  return { client, clock, lines };
}

/** Answers the calls in turn with these answers, repeating the last one. */
export async function answering(...answers: (object | string)[]) {
  let calls = 0;
  return restVendor(() => answers[Math.min(calls++, answers.length - 1)]);
}
