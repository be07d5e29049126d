import type CircuitBreaker from 'opossum';
import type { Logger } from 'pino';
import type { Callback } from '../callback/callback.ts';
import { isNestedDeeper, MOST_LEVELS } from '../callback/json.ts';
import type { CheckReply } from './reply-check.ts';
import { ALLOW, type BeforeCommand, type ReplyTo } from './rule.ts';

/** Leaves the store its share of the 2 s that the vendor waits. */
const TIMEOUT_MS = 1_500;
const MOST_ANSWER_BYTES = 256 * 1024;
/** Asked at once; more than that fall back, rather than wait behind each other. */
const MOST_AT_ONCE = 256;

// The breaker opens when more than half of the calls of 10 s failed, of at least 10, and lets one through 5 s later.
const BREAKER = {
  timeout: false,
  capacity: MOST_AT_ONCE,
  errorThresholdPercentage: 50,
  volumeThreshold: 10,
  rollingCountTimeout: 10_000,
  resetTimeout: 5_000,
  // Too many at once is no fault of the endpoint.
  errorFilter: (error: { code?: unknown }) => error.code === 'ESEMLOCKED',
  rollingPercentilesEnabled: false,
  enableSnapshots: false,
} as const;

/** Asks the app. Rejects when it does not answer in time, or not within the contract. */
export type AskApp = (callback: Callback<BeforeCommand>, signal: AbortSignal) => Promise<ReplyTo>;

interface Needs {
  /** May hold user and password. */
  url: string;
  check: CheckReply;
  log: Logger;
  metrics: { breaker(state: 'open' | 'closed'): void };
}

/** The app's endpoint: asked as the vendor asks, answers as the vendor is answered. */
export function createEndpoint({ url, check, log, metrics }: Needs): AskApp {
  const { target, headers } = withoutCredentials(url);
  // Loaded when it is first asked: a receiver without before-callbacks stays small.
  let breaker: Promise<CircuitBreaker<Parameters<AskApp>, ReplyTo>> | undefined;
  return async (callback, signal) => {
    breaker ??= openBreaker();
    return (await breaker).fire(callback, signal);
  };

  async function openBreaker(): Promise<CircuitBreaker<Parameters<AskApp>, ReplyTo>> {
    const { default: Breaker } = await import('opossum');
    const opened = new Breaker(ask, BREAKER);
    opened.on('open', () => {
      log.error({ endpoint: target.origin }, 'the decision endpoint fails: it is left alone for a while');
      metrics.breaker('open');
    });
    opened.on('close', () => {
      log.info({ endpoint: target.origin }, 'the decision endpoint answers again');
      metrics.breaker('closed');
    });
    return opened;
  }

  async function ask(callback: Callback<BeforeCommand>, signal: AbortSignal): Promise<ReplyTo> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await post(callback, inTime).catch((error) => {
      // A kept connection that the endpoint closed just then; it says nothing about the endpoint.
      if (!isBrokenConnection(error)) throw error;
      return post(callback, inTime);
    });
    const answer = await bytesOf(response);
    if (response.status !== 200) throw new Error(`the decision endpoint answered ${response.status}, not 200`);
    if (isNestedDeeper(answer, MOST_LEVELS)) throw new Error('the decision endpoint answered with too deep a nesting');
    return check(callback.command, withDefaults(parseJson(answer)));
  }

  function post(callback: Callback<BeforeCommand>, signal: AbortSignal): Promise<Response> {
    const asked = new URL(target);
    asked.searchParams.set('SdkAppid', String(callback.sdkAppId));
    asked.searchParams.set('CallbackCommand', callback.command);
    asked.searchParams.set('contenttype', 'json');
    if (callback.clientIp !== null) asked.searchParams.set('ClientIP', callback.clientIp);
    if (callback.optPlatform !== null) asked.searchParams.set('OptPlatform', callback.optPlatform);
    return fetch(asked, { method: 'POST', headers, body: JSON.stringify(callback.payload), redirect: 'error', signal });
  }
}

/** fetch refuses a URL with user and password in it. */
function withoutCredentials(url: string): { target: URL; headers: Record<string, string> } {
  const target = new URL(url);
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (target.username !== '' || target.password !== '') {
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers.Authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  target.username = '';
  target.password = '';
  return { target, headers };
}

async function bytesOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MOST_ANSWER_BYTES)
      throw new Error(`the decision endpoint answered more than ${MOST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString());
  } catch {
    // The error of JSON.parse quotes the text, which may be a message.
    throw new Error('the decision endpoint answered what is no JSON');
  }
}

/** `{"ErrorCode": 1}` is an answer: what is the same in every one may be left out. */
function withDefaults(answer: unknown): unknown {
  const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  return isObject && 'ErrorCode' in answer ? { ...ALLOW, ...answer } : answer;
}

function isBrokenConnection(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(String(cause?.code));
}
