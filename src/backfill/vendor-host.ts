import {
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
  STATUS_CODES,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import type { Clock } from './limits.ts';

/** The vendor's replies have 1 MB at most. */
const MOST_BYTES = 4 * 1_024 * 1_024;
/** Longer than the pauses between calls of the slowest endpoint, and shorter than the usual keep-alive of servers. */
const IDLE_MS = 30_000;

/** No complete answer came. The text is all there is: an error of Node's may hold what was sent or received. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  /** Null if another attempt may succeed. */
  readonly remedy: string | null;

  constructor(what: string, remedy: string | null = null) {
    super(what);
    this.remedy = remedy;
  }
}

export interface VendorAnswer {
  status: number;
  /** Such as `200 OK`. */
  statusText: string;
  body: Buffer;
  /**
   * When the request was sent, by the vendor's clock, in milliseconds since 1970; null without a `Date` header. It is
   * the header's time, rounded down to seconds, minus the duration of the call: never too late, and too early by that
   * duration and a second at most. If it were too late, a snapshot would win over callbacks of changes it has not seen;
   * too early, it loses to callbacks of changes it has seen.
   */
  sentAt: number | null;
}

interface VendorHostOptions {
  timeoutMs: number;
  clock: Clock;
}

/** One of the vendor's domains, with kept-alive connections. */
export class VendorHost {
  readonly name: string;
  readonly #isHttps: boolean;
  readonly #agent: HttpAgent;
  readonly #options: RequestOptions;
  readonly #timeoutMs: number;
  readonly #clock: Clock;

  constructor(origin: URL, { timeoutMs, clock }: VendorHostOptions) {
    this.name = origin.host;
    this.#isHttps = origin.protocol === 'https:';
    const Agent = this.#isHttps ? HttpsAgent : HttpAgent;
    this.#agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
    this.#options = { ...urlToHttpOptions(origin), method: 'POST' };
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  close(): void {
    this.#agent.destroy();
  }

  /**
   * @param path with the signed query: secret
   * @throws {NoAnswer}, or the signal's reason
   */
  post(path: string, body: string, signal?: AbortSignal): Promise<VendorAnswer> {
    return this.#post(path, body, signal, this.#agent);
  }

  /** @param agent false: over a new connection */
  #post(path: string, body: string, signal: AbortSignal | undefined, agent: HttpAgent | false): Promise<VendorAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<VendorAnswer>();
    const send = this.#isHttps ? requestHttps : requestHttp;
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': `tencent-chat-callbacks/${packageJson.version}`,
    };
    const startedAt = this.#clock.monotonic();
    let isAnswered = false;
    let hasFailed = false;
    const request = send({ ...this.#options, path, agent, headers });
    const fail = (error: Error) => {
      hasFailed = true;
      reject(error);
      request.destroy();
    };
    const abort = () => fail(signal?.reason);
    const timer = setTimeout(() => fail(new NoAnswer(`no answer within ${this.#timeoutMs} ms`)), this.#timeoutMs);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    request.once('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (!isAnswered) reject(new NoAnswer('the connection was closed without an answer'));
    });
    request.once('response', (response) => {
      isAnswered = true;
      const sentAt = sentAtOf(response, this.#clock.monotonic() - startedAt);
      const { statusCode: status = 0 } = response;
      const statusText = [status, STATUS_CODES[status]].join(' ').trimEnd();
      read(response).then((bytes) => resolve({ status, statusText, body: bytes, sentAt }), fail);
    });
    request.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
      if (isAnswered || hasFailed) return;
      // The vendor closed a kept-alive connection at this very moment.
      if (request.reusedSocket && agent && ['ECONNRESET', 'EPIPE'].includes(code))
        resolve(this.#post(path, body, signal, false));
      else if ((request.socket as TLSSocket | null)?.authorizationError)
        reject(new NoAnswer(`the certificate does not verify, ${code}`, 'name its authority in NODE_EXTRA_CA_CERTS'));
      else reject(new NoAnswer(code));
    });
    request.end(body);
    return promise;
  }
}

function sentAtOf({ headers: { date = '' } }: IncomingMessage, tookMs: number): number | null {
  const seconds = / GMT$/.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(seconds) ? null : Math.floor(seconds - tookMs);
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw new NoAnswer('the answer ended before it was complete');
  }
  if (bytes > MOST_BYTES) throw new NoAnswer(`the answer is longer than ${MOST_BYTES} bytes`);
  return Buffer.concat(chunks);
}
