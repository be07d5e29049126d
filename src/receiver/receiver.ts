import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type Request, type Response } from 'express';
import type { OpenAPIBackend } from 'openapi-backend';
import { describeViolations, requireHandlers, shown } from '../callback/contract.ts';
import { LogSampler } from '../callback/log-sampling.ts';
import type { Logger } from '../callback/logger.ts';
import { judgeSender, parseQuery, type Query, type SignatureRules } from '../callback/signature.ts';
import { PLAIN_OK } from '../store/activity.ts';
import type { AppendedCallback, Decision, Health, ReceivedCallback } from '../store/store.ts';
import {
  BodyConsumed,
  BodyTooLarge,
  BodyTooSlow,
  bodyReadBefore,
  decodeBody,
  encodingOf,
  readBody,
  SenderGone,
  UnknownEncoding,
} from './body.ts';
import type { JudgeCallback, Judgement } from './judge.ts';
import { Refusal, type RefusalKind, replyDecided, replyJson, replyOk, replyRefusal } from './reply.ts';

/** A reply in JSON, and its decision. */
interface Decided {
  reply: string;
  decision: Decision;
}

export interface HandlerOptions {
  config: SignatureRules & { maxBodyBytes: number; keepMessages: boolean };
  judgeCallback: JudgeCallback;
  /** Decides a before-callback within this many milliseconds; null for any other callback. */
  decide: (callback: NonNullable<Judgement['accepted']>, milliseconds: number) => Promise<Decided | null>;
  /** Resolves once the callback and its change are on disk. */
  append: (callback: ReceivedCallback) => Promise<AppendedCallback>;
  /** Records how a stored callback was answered; must return at once. */
  recordReply: (id: string, sent: SentBody, milliseconds: number) => void;
  /** Why callbacks can no longer be taken; null while they can. */
  whyClosed: () => string | null;
  /** Whether a request is the receiver's own check that its public URL leads here. */
  isOwnCheck?: (query: Query) => boolean;
  log: Logger;
  /** Counts requests by outcome; must return at once. */
  metrics: {
    callback(command: string, outcome: AppendedOutcome): void;
    probe(): void;
    refused(kind: RefusalKind): void;
    senderGone(): void;
    unkept(): void;
    /** An event time was read as seconds, or ignored because it lies in the future. */
    eventTimeCorrected(reason: 'seconds' | 'future'): void;
    replied(seconds: number): void;
  };
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** A reply as recorded. Body absent: the plain OK; null: not kept. */
export interface SentBody {
  status: number;
  body?: string | null;
}

/** The outcome of a stored callback. */
export type AppendedOutcome = ReceivedCallback['status'] | 'repeat';

/** The vendor gives up 2 s after it began to send: every reply must be sent by then. */
const REPLY_MS = 1_800;
/** The rest of the time is for the store. */
const DECISION_MS = 1_600;
const BODY_MS = 1_500;
/** Longest possible body of the console's probe: `{}` with some white space. */
const PROBE_BYTES = 16;
const PARSER_REMEDY =
  'mount the receiver before express.json() and other body parsers, or keep the bytes: ' +
  "express.json({ limit: '256kb', verify: (request, _response, bytes) => { request.rawBody = bytes } })";

/**
 * Answers one request: a callback, whatever the path. Never rejects, and never leaves a request without an answer.
 *
 * In an app's server, it may be mounted behind parsers that have read the body.
 */
export type CallbackHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Receiver {
  handler: CallbackHandler;
  /** Refuses a request in the contract's form. */
  refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void;
}

/** Handles a callback from its request to the reply. */
export function createHandler(options: HandlerOptions): Receiver {
  const {
    config,
    judgeCallback,
    decide,
    append,
    recordReply,
    whyClosed,
    isOwnCheck = () => false,
    log,
    metrics,
    now = Date.now,
  } = options;
  const refusals = new LogSampler();
  return { handler: receiveCallback, refuse };

  async function receiveCallback(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const receivedAt = new Date(now());
    try {
      if (request.method !== 'POST') {
        response.setHeader('Allow', 'POST');
        throw new Refusal('no such method', `${request.method} is not served here: use POST`);
      }
      const closed = whyClosed();
      if (closed !== null) throw new Refusal('store unavailable', closed);
      const query = queryOf(request);
      const parameters = parseQuery(query);
      // The receiver's own check is not a callback: it is not read, stored or counted, and needs no signature.
      if (isOwnCheck(parameters)) return replyOk(response);
      const sender = judgeSender(parameters, config, receivedAt.getTime());
      if (typeof sender !== 'string') throw new Refusal(sender.refused, sender.reason);
      const body = sender === 'our app' ? await readWhole(request) : await readProbe(request);
      if (isProbe(body)) {
        replyOk(response);
        metrics.probe();
        metrics.replied(secondsSince(started));
        log.info({ outcome: 'probe', milliseconds: since(started) }, 'the console probed');
        return;
      }
      const judgement = judgeCallback({ arrival: randomUUID(), query, body, receivedAt }, parameters);
      if (judgement.eventTimeCorrected) metrics.eventTimeCorrected(judgement.eventTimeCorrected);
      const decided = judgement.accepted && (await decide(judgement.accepted, DECISION_MS - since(started)));
      const callback = decided ? { ...judgement.callback, decision: decided.decision } : judgement.callback;
      const appended = await appendInTime(callback, REPLY_MS - since(started)).catch((error) => {
        // The vendor needs the decision even if it was not stored: without a reply, the vendor allows everything.
        if (!decided) throw error;
        metrics.unkept();
        return null;
      });
      const sent = answer(response, judgement, decided);
      const { command, groupId, status } = callback;
      const milliseconds = since(started);
      // A duplicate does not replace the recorded reply of the first.
      if (appended && !appended.repeat && !appended.spooled) recordReply(appended.id, sent, milliseconds);
      const outcome = appended?.repeat ? 'repeat' : status;
      if (appended) metrics.callback(command, outcome);
      metrics.replied(secondsSince(started));
      log.info(
        {
          command: cut(command),
          group: groupId && cut(groupId),
          outcome: appended ? outcome : 'not kept',
          decision: decided?.decision.action,
          callback: appended?.spooled ? undefined : appended?.id,
          milliseconds,
        },
        'callback',
      );
    } catch (error) {
      refuse(error, request, response, since(started));
    }
  }

  function answer(response: ServerResponse, { callback, refusal }: Judgement, decided: Decided | null): SentBody {
    if (decided) {
      replyDecided(response, decided.reply);
      const { action } = decided.decision;
      const holdsContent = action === 'replace' || action === 'answer';
      if (holdsContent && !config.keepMessages) return { status: 200, body: null };
      return decided.reply === PLAIN_OK ? { status: 200 } : { status: 200, body: decided.reply };
    }
    if (refusal !== null) return replyRefusal(response, new Refusal(refusal, callback.reason ?? ''));
    replyOk(response, callback.status === 'unknown' ? 'unknown' : undefined);
    return { status: 200 };
  }

  async function readWhole(request: IncomingMessage): Promise<Buffer> {
    const { maxBodyBytes: limit } = config;
    const given = bodyReadBefore(request, limit);
    // A parser may also have decoded the body, whatever the header says.
    if (given) return decodeBody(given, request.headers['content-encoding']?.trim().toLowerCase() ?? '', limit);
    const encoding = encodingOf(request);
    return decodeBody(await readBody(request, limit, BODY_MS), encoding, limit);
  }

  /**
   * Appends a callback to the store before a deadline in milliseconds.
   * @throws {Refusal} if the store fails or is late; if it is late, the callback may still be stored after the reply
   */
  async function appendInTime(callback: ReceivedCallback, milliseconds: number): Promise<AppendedCallback> {
    const about = { command: cut(callback.command), group: callback.groupId && cut(callback.groupId) };
    const appending = append(callback);
    let late = false;
    try {
      return await new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => {
            late = true;
            reject(new Error('the store did not settle in time'));
          },
          Math.max(0, milliseconds),
        );
        appending.then(
          (appended) => {
            clearTimeout(timer);
            resolve(appended);
          },
          (error) => {
            clearTimeout(timer);
            reject(error);
          },
        );
      });
    } catch (error) {
      refusals.sample('not stored', (sampled) =>
        log.error({ err: error, ...about, ...sampled }, 'the store did not take a callback'),
      );
      if (!late) throw new Refusal('store unavailable', 'The callback could not be stored; nothing of it was');
      // Harmless: if the sender repeats the callback, it is a duplicate of this one.
      appending.then(
        ({ id }) => log.warn({ ...about, callback: id }, 'stored after the reply'),
        () => {},
      );
      throw new Refusal('store unavailable', 'The callback could not be stored in time; send it again');
    }
  }

  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse, milliseconds?: number): void {
    if (error instanceof SenderGone) {
      metrics.senderGone();
      log.info({ outcome: 'sender gone', milliseconds }, 'the sender hung up');
      return;
    }
    // The connection broke meanwhile, and guardServer has answered it.
    if (response.headersSent) return;
    const refusal = refusalOf(error);
    const { kind, message } = refusal;
    const { status } = replyRefusal(response, refusal);
    metrics.refused(kind);
    if (milliseconds !== undefined) metrics.replied(milliseconds / 1000);
    const from = request.socket.remoteAddress;
    refusals.sample(kind, (sampled) =>
      log.warn({ outcome: 'refused', status, kind, from, milliseconds, ...sampled }, message),
    );
  }

  function refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof BodyTooLarge)
      return new Refusal('body too large', `The body is over ${error.limit} bytes (MAX_BODY_BYTES)`);
    if (error instanceof UnknownEncoding)
      return new Refusal(
        'unknown encoding',
        `Content-Encoding ${shown(error.message)} is not read: use gzip, deflate or none`,
      );
    if (error instanceof BodyConsumed) {
      refusals.sample(error.message, (sampled) => log.error({ ...sampled }, `${error.message}: ${PARSER_REMEDY}`));
      return new Refusal('body consumed', `${error.message}; the log of the app names the remedy`);
    }
    if (error instanceof BodyTooSlow)
      return new Refusal('too slow', `The body was not complete after ${error.milliseconds / 1000} s`);
    log.error({ err: error }, 'a callback could not be judged');
    return new Refusal('store unavailable', 'The callback could not be taken; nothing of it was stored');
  }
}

export interface RouteOptions {
  config: SignatureRules & { callbackPath: string };
  /** The callback contract, with which its operations and failure handlers are registered. */
  contract: OpenAPIBackend;
  receiver: Receiver;
  health: () => Promise<Health>;
  /** Whether the receiver has failed permanently, so that a supervisor should restart it. */
  hasFailed: () => boolean;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * The program's public listener: callbacks and health checks only. Express routes strictly. The operations, the
 * security handler and the failure handlers are registered with the contract, which refuses to start if one is missing;
 * but callbacks bypass its `handleRequest`, which costs 70 µs, while the compiled validators alone cost 5 µs.
 */
export function createRoutes(options: RouteOptions): RequestListener {
  const { config, contract, receiver, health, hasFailed, now = Date.now } = options;
  const { handler, refuse } = receiver;

  contract.register({
    receiveCallback: (_context, request, response) => handler(request, response),
    getHealth: (_context, request, response) => getHealth(request, response),
    getReadiness: (_context, request, response) => getReadiness(request, response),
    notFound: (_context, request, response) => notFound(request, response),
    methodNotAllowed: (_context, request, response) => onlyReads(request, response),
    unauthorizedHandler: (_context, request, response) => {
      const refusal = new Refusal('not the vendor', 'Sign is not the SHA-256 of token and RequestTime');
      refuse(refusal, request, response);
    },
    validationFail: ({ validation }, request, response) =>
      refuse(new Refusal('against the contract', describeViolations(validation.errors ?? [])), request, response),
  });
  contract.registerSecurityHandler(
    'Sign',
    ({ request }) => typeof judgeSender(request.query as Query, config, now()) === 'string',
  );
  requireHandlers(contract);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.post(config.callbackPath, handler);
  app.get('/healthz', getHealth);
  app.get('/readyz', getReadiness);
  app.all(['/healthz', '/readyz'], onlyReads);
  app.all(config.callbackPath, handler);
  return (request, response) => {
    // Node's own check is off, because it answers without a body.
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return refuse(new Refusal('malformed HTTP', 'Host is missing (RFC 9112)'), request, response);
    // Express's final handler answers in HTML.
    app(request as Request, response as Response, (error?: unknown) =>
      error === undefined ? notFound(request, response) : refuse(error, request, response),
    );
  };

  function getHealth(_request: IncomingMessage, response: ServerResponse): void {
    if (hasFailed()) replyJson(response, 503, { status: 'failed' });
    else replyJson(response, 200, { status: 'ok' });
  }

  async function getReadiness(_request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { ready, ...rest } = await health();
    if (ready) replyJson(response, 200, { status: 'ready', ...rest });
    else replyJson(response, 503, { status: 'unavailable' });
  }

  function notFound(request: IncomingMessage, response: ServerResponse): void {
    const message = `Nothing is served at this path: callbacks go to ${config.callbackPath}`;
    refuse(new Refusal('no such path', message), request, response);
  }

  function onlyReads(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(new Refusal('no such method', `${request.method} is not served here: use GET, HEAD`), request, response);
  }
}

/** Everything after the first `?`; a later one is part of a value. */
function queryOf({ url = '' }: IncomingMessage): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** Without SdkAppid only the console's probe is accepted; a longer body is refused before it is read. */
async function readProbe(request: IncomingMessage): Promise<Buffer> {
  let body: Buffer | null = null;
  try {
    body = bodyReadBefore(request, PROBE_BYTES) ?? (await readBody(request, PROBE_BYTES, BODY_MS));
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
  }
  if (body === null || !isProbe(body)) {
    throw new Refusal('not our app', 'SdkAppid is missing: the URL must name the app of this receiver');
  }
  return body;
}

function isProbe(body: Buffer): boolean {
  return body.length <= PROBE_BYTES && /^\s*(\{\s*\})?\s*$/.test(body.toString());
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

/** Milliseconds, rounded to a tenth. */
function since(started: number): number {
  return Math.round((performance.now() - started) * 10) / 10;
}

/** Truncates: long ids must not fill the log. */
function cut(text: string): string {
  return text.slice(0, 100);
}
