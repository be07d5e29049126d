import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { vendorRequest } from '../../simulator/vendor-request.ts';
import { hostileBodies, hostileCommands, hostileQueries } from './callbacks.ts';
import { heldRequests, type RawRequest, rawRequests } from './raw-requests.ts';

interface Target {
  /** A receiver on this machine that accepts unsigned callbacks. */
  callbackUrl: string;
  sdkAppId: string;
  /** The body of a valid callback. */
  example: Readonly<Record<string, unknown>> & { CallbackCommand: string };
  /** Its memory; null if the system does not report it. */
  megabytes(): number | null;
  /** Why it ended; null while it runs. */
  ended(): string | null;
}

export interface Fired {
  sent: number;
  statuses: Map<string, number>;
  findings: string[];
  /** Group ids of the good callbacks that were answered OK. */
  goodGroups: string[];
  slowestMs: number;
  peakMegabytes: number;
  held: number;
}

const CONCURRENCY = 32;
const BATCH = 500;
/** Held connections that are open at the same time; each lasts about as long as the receiver's longest time-out. */
const HELD = 40;
const HELD_NAME = 'held';
const MOST_FINDINGS = 20;

/**
 * Sends `requests` hostile requests in batches, and a valid callback after each batch. The same seed produces the same
 * requests, apart from the event times in some bodies.
 */
export async function fire(
  target: Target,
  { requests, seed, onProgress = () => {} }: { requests: number; seed: number; onProgress?: (fired: Fired) => void },
): Promise<Fired> {
  const fired: Fired = {
    sent: 0,
    statuses: new Map(),
    findings: [],
    goodGroups: [],
    slowestMs: 0,
    peakMegabytes: 0,
    held: 0,
  };
  const port = Number(new URL(target.callbackUrl).port);
  const usual = goodRequest(target);
  const all = hostileRequests(target);
  const [path = '', text = ''] = [usual.path, JSON.stringify({ ...target.example, GroupId: '@TGS#RAW' })];
  let held = Promise.resolve();

  for (let batch = 0; fired.sent < requests && fired.findings.length < MOST_FINDINGS; batch += 1) {
    if (batch % 50 === 0) {
      await held;
      held = runAll(
        fc.sample(heldRequests(path, text), { seed: seed + batch, numRuns: HELD }),
        HELD,
        `${HELD_NAME} ${batch}`,
      );
      fired.held += HELD;
    }
    const some = fc.sample(all, { seed: seed + batch, numRuns: Math.min(BATCH, requests - fired.sent) });
    await runAll(some, CONCURRENCY, `batch ${batch}`);
    fired.sent += some.length;
    await sendGood(batch);
    const ended = target.ended();
    if (ended !== null) {
      fired.findings.push(`batch ${batch}: the receiver ended: ${ended}`);
      break;
    }
    onProgress(fired);
  }
  await held;
  await sendGood('the last');
  return fired;

  async function runAll(raws: RawRequest[], concurrency: number, name: string): Promise<void> {
    const waiting = raws.entries();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (const [index, raw] of waiting) note(await exchange(port, raw), raw, `${name}, request ${index}`);
      }),
    );
  }

  function note({ statuses, end, milliseconds }: Exchange, raw: RawRequest, name: string): void {
    fired.peakMegabytes = Math.max(fired.peakMegabytes, target.megabytes() ?? 0);
    if (!name.startsWith(HELD_NAME)) fired.slowestMs = Math.max(fired.slowestMs, milliseconds);
    const outcome = statuses.length > 0 ? statuses : [end];
    for (const one of outcome) fired.statuses.set(String(one), (fired.statuses.get(String(one)) ?? 0) + 1);
    const wrong = statuses.find((status) => status >= 500 && status !== 503);
    if (wrong !== undefined) fired.findings.push(`${name}: answered ${wrong}\n${shown(raw)}`);
    if (end === 'hung') fired.findings.push(`${name}: neither answered nor ended\n${shown(raw)}`);
  }

  async function sendGood(batch: number | string): Promise<void> {
    const { path, body, groupId } = goodRequest(target);
    try {
      const reply = await fetch(new URL(path, target.callbackUrl), { method: 'POST', body });
      const answer = await reply.text();
      if (reply.status === 200 && JSON.parse(answer).ActionStatus === 'OK') fired.goodGroups.push(groupId);
      else fired.findings.push(`after batch ${batch}: a good callback was answered ${reply.status} ${answer}`);
    } catch (error) {
      fired.findings.push(`after batch ${batch}: a good callback got no answer: ${(error as Error).cause ?? error}`);
    }
  }
}

/** Bodies, queries and raw HTTP, in the proportion that finds the most. */
function hostileRequests(target: Target): fc.Arbitrary<RawRequest> {
  const { path } = goodRequest(target);
  const body = JSON.stringify({ ...target.example, GroupId: '@TGS#RAW' });
  const pathname = new URL(target.callbackUrl).pathname;
  const queries = hostileQueries(target.example.CallbackCommand, target.sdkAppId);
  return fc.oneof(
    {
      weight: 10,
      arbitrary: fc
        .tuple(hostileBodies(target.example), fc.integer({ min: 0, max: 4 }))
        .map(([bytes, chunked]) => post(path, bytes, chunked === 0)),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(queries, fc.oneof(fc.constant(Buffer.from(body)), hostileBodies(target.example)))
        .map(([query, bytes]) => post(`${pathname}?${query}`, bytes, false)),
    },
    { weight: 1, arbitrary: hostileCommands().map((command) => unknownCommand(command)) },
    { weight: 6, arbitrary: rawRequests(path, body) },
  );

  /** The same command in URL and body, so that it is unknown instead of refused. */
  function unknownCommand(command: string): RawRequest {
    const unknown = JSON.stringify({ ...target.example, CallbackCommand: command });
    return post(pathOf(command, unknown, target), Buffer.from(unknown), false);
  }
}

function post(target: string, body: Buffer, chunked: boolean): RawRequest {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
  const lines = [`POST ${target} HTTP/1.1`, 'Host: receiver', 'Content-Type: application/json', 'Connection: close'];
  const head = Buffer.from(`${[...lines, framing].join('\r\n')}\r\n\r\n`);
  const ends = Buffer.from('\r\n');
  const first = chunked && body.length > 0 ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, ends] : [];
  const pieces = chunked ? [...first, Buffer.from('0\r\n\r\n')] : [body];
  return { pieces: [Buffer.concat([head, ...pieces])], pauseMs: 0, halfClose: false };
}

let goods = 0;
function goodRequest(target: Target) {
  const { example } = target;
  goods += 1;
  const groupId = `@TGS#GOOD${goods}`;
  const body = JSON.stringify({ ...example, GroupId: groupId, EventTime: Date.now() });
  return { path: pathOf(example.CallbackCommand, body, target), body, groupId };
}

function pathOf(command: string, body: string, { callbackUrl, sdkAppId }: Target): string {
  const receiver = { url: callbackUrl, sdkAppId: Number(sdkAppId), token: undefined };
  const { url } = vendorRequest(command, body, receiver);
  return url.pathname + url.search;
}

const SHOWN_BYTES = 400;

/** The start of a request, with unprintable characters escaped. */
function shown({ pieces }: RawRequest): string {
  const bytes = Buffer.concat(pieces);
  const start = JSON.stringify(bytes.toString('latin1', 0, SHOWN_BYTES));
  return bytes.length > SHOWN_BYTES ? `${start} and ${bytes.length - SHOWN_BYTES} bytes more` : start;
}

interface Exchange {
  /** The status of every reply, in order. */
  statuses: number[];
  end: 'answered' | 'closed' | 'hung';
  milliseconds: number;
}

/** The receiver's time-out of a whole request is 5 s; the rest allows for a busy machine. */
const HANG_MS = 25_000;
/** If nothing follows a reply for this long, no further reply is expected. */
const QUIET_MS = 100;

/** Sends over a new connection and waits for replies or for the end of the connection. Never rejects. */
function exchange(port: number, { pieces, pauseMs, halfClose }: RawRequest): Promise<Exchange> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  let received = '';
  let quiet: NodeJS.Timeout | undefined;
  const hang = setTimeout(() => finish('hung'), HANG_MS);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    clearTimeout(quiet);
    quiet = setTimeout(() => finish('answered'), QUIET_MS);
  });
  socket.on('end', () => finish('closed'));
  socket.on('close', () => finish('closed'));
  // A reset counts as an end.
  socket.on('error', () => finish('closed'));
  socket.on('connect', async () => {
    for (const piece of pieces) {
      if (socket.destroyed) return;
      socket.write(piece);
      if (pauseMs > 0) await sleep(pauseMs);
    }
    if (halfClose && !socket.destroyed) socket.end();
  });
  return promise;

  function finish(end: Exchange['end']): void {
    clearTimeout(hang);
    clearTimeout(quiet);
    socket.destroy();
    const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
    resolve({ statuses, end, milliseconds: performance.now() - started });
  }
}
