import { isDeepStrictEqual } from 'node:util';
import type CircuitBreaker from 'opossum';
import { type Callback, isObject } from '../callback/callback.ts';
import { type EndpointUrl, readEndpointUrl } from '../callback/endpoint-url.ts';
import { parseJson } from '../callback/json.ts';
import type { Logger } from '../callback/logger.ts';
import { complete, formOf, OK } from './reply-of.ts';
import type { DecidedCommand, ReplyTo } from './verdicts.ts';

/** Leaves the store its share of the 2 s that the vendor waits. */
const TIMEOUT_MS = 1_500;
const MOST_ANSWER_BYTES = 256 * 1024;
/** Calls at the same time; beyond that the fallback answers at once instead of queueing. */
const MOST_AT_ONCE = 256;

// The circuit breaker opens when more than half of the calls within 10 s fail, of at least 10, and tries one 5 s later.
const BREAKER = {
  timeout: false,
  capacity: MOST_AT_ONCE,
  errorThresholdPercentage: 50,
  volumeThreshold: 10,
  rollingCountTimeout: 10_000,
  resetTimeout: 5_000,
  // A call beyond MOST_AT_ONCE says nothing about the endpoint.
  errorFilter: (error: { code?: unknown }) => error.code === 'ESEMLOCKED',
  rollingPercentilesEnabled: false,
  enableSnapshots: false,
} as const;

/** Asks the app. Rejects if the answer is late or breaks the contract. */
export type AskApp = (callback: Callback<DecidedCommand>, signal: AbortSignal) => Promise<ReplyTo>;

interface EndpointOptions {
  /** May contain user and password. */
  url: string;
  /** The fields of the reply to that command, by the contract. */
  fieldsOf: (command: DecidedCommand) => readonly string[];
  /** Throws unless the contract allows the reply to that command. */
  check: (command: DecidedCommand, reply: unknown) => ReplyTo;
  log: Logger;
  metrics: { breaker(state: 'open' | 'closed'): void };
}

/** The app's decision endpoint. It receives the vendor's request and answers with the vendor's reply. */
export function createEndpoint({ url, fieldsOf, check, log, metrics }: EndpointOptions): AskApp {
  // The settings have already been validated.
  const { url: target, authorization } = readEndpointUrl(url, () => {}) as EndpointUrl;
  const headers = {
    'Content-Type': 'application/json',
    ...(authorization !== null && { Authorization: authorization }),
  };
  // Loaded on the first call: a receiver without before-callbacks stays small.
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

  async function ask(callback: Callback<DecidedCommand>, signal: AbortSignal): Promise<ReplyTo> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await post(callback, inTime).catch((error) => {
      // The endpoint closed a kept-alive connection at this very moment, which is not a failure.
      if (!isBrokenConnection(error)) throw error;
      return post(callback, inTime);
    });
    const answer = await bytesOf(response);
    if (response.status !== 200) throw new Error(`the decision endpoint answered ${response.status}, not 200`);
    const { value, problem } = parseJson(answer);
    if (problem !== undefined) throw new Error(`the answer of the decision endpoint ${problem}`);
    const { command, payload } = callback;
    return check(command, complete(command, readReply(command, value, fieldsOf(command), payload), payload));
  }

  function post(callback: Callback<DecidedCommand>, signal: AbortSignal): Promise<Response> {
    const asked = new URL(target);
    asked.searchParams.set('SdkAppid', String(callback.sdkAppId));
    asked.searchParams.set('CallbackCommand', callback.command);
    asked.searchParams.set('contenttype', 'json');
    if (callback.clientIp !== null) asked.searchParams.set('ClientIP', callback.clientIp);
    if (callback.optPlatform !== null) asked.searchParams.set('OptPlatform', callback.optPlatform);
    return fetch(asked, { method: 'POST', headers, body: JSON.stringify(callback.payload), redirect: 'error', signal });
  }
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

/**
 * Reads the reply in an answer leniently, as the vendor evidently does: known fields only. Real endpoints answer with
 * the reply merged into the whole callback, with null for an empty list, with quoted digits, or with unquoted accounts
 * of digits. A value that merely echoes the callback replaces nothing.
 */
function readReply(command: DecidedCommand, answer: unknown, fields: readonly string[], payload: object): unknown {
  if (!isObject(answer)) return answer;
  const asked = payload as Record<string, unknown>;
  const known = fields.filter((name) => {
    const value = answer[name] ?? null;
    return value !== null && !(name in asked && isDeepStrictEqual(value, asked[name]));
  });
  const reply: Record<string, unknown> = Object.fromEntries(known.map((name) => [name, answer[name]]));
  if ('ErrorCode' in reply) reply.ErrorCode = readCode(reply.ErrorCode);
  // A failure with an error code is treated as that code; without one it decides nothing, and the contract rejects it.
  if (reply.ActionStatus === 'FAIL' && typeof reply.ErrorCode === 'number' && reply.ErrorCode !== 0)
    reply.ActionStatus = 'OK';
  const { refused, results, data } = formOf(command);
  if (refused !== undefined && Array.isArray(reply[refused])) reply[refused] = reply[refused].map(readAccount);
  if (results !== undefined && Array.isArray(reply[results])) reply[results] = reply[results].map(readResult);
  if (data !== undefined) {
    if (reply[data] === undefined && reply.ErrorCode !== 0) reply[data] = '';
    if (typeof reply[data] === 'object') reply[data] = JSON.stringify(reply[data]);
  }
  // `ErrorCode` alone is an answer: the other required fields are the same in every answer.
  return 'ErrorCode' in reply ? { ...OK, ...reply } : reply;
}

function readResult(result: unknown): unknown {
  if (!isObject(result)) return result;
  const { To_Account, ResultCode, ResultInfo } = result;
  return { To_Account: readAccount(To_Account), ResultCode: readCode(ResultCode), ResultInfo: ResultInfo ?? '' };
}

function readAccount(account: unknown): unknown {
  return typeof account === 'number' ? String(account) : account;
}

function readCode(code: unknown): unknown {
  return typeof code === 'string' && /^\d{1,9}$/.test(code.trim()) ? Number(code) : code;
}

function isBrokenConnection(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(String(cause?.code));
}
