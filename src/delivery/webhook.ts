import {
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
  STATUS_CODES,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import type { Webhook as Signer } from 'standardwebhooks';
import packageJson from '../../package.json' with { type: 'json' };
import { EVENT_TYPE, eventOf } from './event.ts';
import { refusingLookup } from './refused-addresses.ts';
import { AttemptFailed, type Delivery, EndpointGone, type Target } from './target.ts';
import type { WebhookSettings } from './webhook-settings.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The schedule that Standard Webhooks recommends: 27.5 hours in total. */
const SCHEDULE_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
const TIMEOUT_MS = 15 * SECOND;
const CONCURRENCY = 16;
/** A mistaken Retry-After must not stop the consumer for days. */
const LONGEST_WAIT_MS = HOUR;
/** Up to this size the answer's body is read, so that its connection can be reused. */
const MOST_ANSWER_BYTES = 64 * 1024;
const ANSWER_ENDS_WITHIN_MS = SECOND;
/** Longer than an attempt: closes idle connections. */
const IDLE_MS = 30 * SECOND;

/** Failures that do not depend on the callback: the endpoint or the network is down. */
const AWAY_CODES = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];
const AWAY_STATUSES = [502, 503, 504];

interface WebhookOptions {
  consumer: string;
  sdkAppId: number;
  /** Resolves names; for tests. */
  lookup?: LookupFunction | undefined;
}

/** Posts each delivery to an endpoint, signed by Standard Webhooks. */
export class Webhook implements Target {
  readonly schedule = SCHEDULE_MS;
  readonly jitter = 0.1;
  readonly timeoutMs = TIMEOUT_MS;
  readonly concurrency = CONCURRENCY;
  readonly needsGroup = false;
  readonly wants: Target['wants'];
  readonly includesUnknown: Target['includesUnknown'];
  readonly #url: URL;
  readonly #authorization: string | null;
  readonly #secrets: readonly string[];
  /** Empty before the first delivery: without a webhook, the package is not loaded. */
  #signers: readonly Signer[] = [];
  readonly #consumer: string;
  readonly #sdkAppId: number;
  readonly #agent: HttpAgent;
  /** Options of every request. */
  readonly #options: RequestOptions;

  constructor(
    { url, authorization, secrets, selection }: WebhookSettings,
    { consumer, sdkAppId, lookup }: WebhookOptions,
  ) {
    const Agent = url.protocol === 'https:' ? HttpsAgent : HttpAgent;
    this.wants = selection.wants;
    this.includesUnknown = selection.includesUnknown;
    this.#url = url;
    this.#authorization = authorization;
    this.#secrets = secrets;
    this.#consumer = consumer;
    this.#sdkAppId = sdkAppId;
    this.#agent = new Agent({ keepAlive: true, timeout: IDLE_MS, maxFreeSockets: CONCURRENCY });
    this.#options = { ...urlToHttpOptions(url), method: 'POST', lookup: refusingLookup(lookup) };
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    if (this.#signers.length === 0) this.#signers = await signersOf(this.#secrets);
    const response = await this.#post(delivery.id, eventOf(delivery, this.#sdkAppId), signal);
    const failure = this.#failureOf(response);
    if (failure) throw failure;
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  /**
   * @param agent false: over a new connection
   * @returns the answer, its body read
   */
  #post(
    id: string,
    event: string,
    signal: AbortSignal,
    agent: HttpAgent | false = this.#agent,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const send = this.#url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send({ ...this.#options, agent, headers: this.#headersOf(id, event) });
    // The option `signal` would cost a tenth of a delivery.
    const abort = () => request.destroy(signal.reason);
    signal.addEventListener('abort', abort);
    request.once('close', () => signal.removeEventListener('abort', abort));
    let isAnswered = false;
    request.once('response', async (response) => {
      isAnswered = true;
      await drain(response);
      // If the endpoint answered without reading the event, the connection would stay half-sent and in use.
      request.destroy();
      resolve(response);
    });
    // Without a listener, Node closes the connection without an event.
    request.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The answer counts, whatever happens to its connection: sending the event again would duplicate it.
      if (isAnswered) return;
      const { code = '' } = error;
      // The endpoint closed a kept-alive connection at this very moment.
      if (request.reusedSocket && agent && ['ECONNRESET', 'EPIPE'].includes(code) && !signal.aborted)
        resolve(this.#post(id, event, signal, false));
      else reject(error instanceof AttemptFailed ? error : noAnswer(code || error.name, request.socket));
    });
    request.end(event);
    return promise;
  }

  #headersOf(id: string, event: string): Record<string, string | number> {
    const now = new Date();
    return {
      'Content-Type': EVENT_TYPE,
      'Content-Length': Buffer.byteLength(event),
      'User-Agent': `tencent-chat-callbacks/${packageJson.version}`,
      'webhook-id': id,
      'webhook-timestamp': Math.floor(now.getTime() / 1000),
      'webhook-signature': this.#signers.map((signer) => signer.sign(id, now, event)).join(' '),
      ...(this.#authorization !== null && { Authorization: this.#authorization }),
    };
  }

  /** Why an answer fails the attempt; null if it does not. Only its status is shown. */
  #failureOf({ statusCode: status = 0, headers }: IncomingMessage): AttemptFailed | null {
    if (status >= 200 && status < 300) return null;
    const answered = `the endpoint answered ${[status, STATUS_CODES[status]].join(' ').trimEnd()}`;
    if (status === 410) {
      const remedy = `resume the consumer ${this.#consumer}, on the page or through the admin API, once it wants deliveries again`;
      return new EndpointGone(`${answered}, so nothing is sent to it any more: ${remedy}`);
    }
    if (status >= 300 && status < 400) {
      const to = originOf(headers.location, this.#url);
      return new AttemptFailed(`${answered}${to}: redirects are not followed, so give the URL of the endpoint itself`);
    }
    const retryAfterMs = [429, 503].includes(status) ? waitOf(headers['retry-after']) : 0;
    return new AttemptFailed(answered, { isAway: AWAY_STATUSES.includes(status), retryAfterMs });
  }
}

async function signersOf(secrets: readonly string[]): Promise<Signer[]> {
  const { Webhook: Signer } = await import('standardwebhooks');
  return secrets.map((secret) => new Signer(secret));
}

function noAnswer(code: string, socket: Socket | null): AttemptFailed {
  if ((socket as TLSSocket | null)?.authorizationError) {
    const remedy = 'mend it, or name its authority in NODE_EXTRA_CA_CERTS';
    return new AttemptFailed(`the endpoint's certificate does not verify, ${code}: ${remedy}`, { isAway: true });
  }
  return new AttemptFailed(`no answer from the endpoint: ${code}`, { isAway: AWAY_CODES.includes(code) });
}

/** Reads and discards the body. A long or slow body costs the connection, not the delivery. */
function drain(response: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  const tooSlow = setTimeout(() => response.destroy(), ANSWER_ENDS_WITHIN_MS);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => {});
  response.once('close', () => {
    clearTimeout(tooSlow);
    resolve();
  });
  return promise;
}

/** Where a redirect leads. Path and query may hold a secret. */
function originOf(location: string | undefined, base: URL): string {
  return location !== undefined && URL.canParse(location, base.href)
    ? ` with a redirect to ${new URL(location, base.href).origin}`
    : '';
}

/** The delay that a Retry-After, in seconds or as a date, asks for; 0 if it is missing or unreadable. */
function waitOf(retryAfter: string | undefined): number {
  const text = retryAfter?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * SECOND : / GMT$/.test(text) ? Date.parse(text) - Date.now() : 0;
  return waitMs > 0 ? Math.min(waitMs, LONGEST_WAIT_MS) : 0;
}
