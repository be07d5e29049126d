import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express from 'express';
import type { Logger } from 'pino';
import { judgeSender, parseQuery } from '../callback/signature.ts';
import type { Decide } from '../decisions/decide.ts';
import type { AppendedCallback, Health, ReceivedCallback } from '../store/store.ts';
import { appendInTime } from './append-in-time.ts';
import { BodyTooLarge, BodyTooSlow, readBody, SenderGone } from './body.ts';
import type { JudgeCallback, Judgement } from './judge.ts';
import { Refusal, type RefusalKind, replyDecided, replyJson, replyOk, replyRefusal } from './reply.ts';

interface Needs {
  config: { sdkAppId: number; tokens: readonly string[]; callbackPath: string; maxBodyBytes: number };
  judgeCallback: JudgeCallback;
  decide: Decide;
  store: {
    /** Resolves once the callback and its change are on disk. */
    append(callback: ReceivedCallback): Promise<AppendedCallback>;
    health(): Promise<Health>;
  };
  log: Logger;
  /** Counts what became of a request; must return at once. */
  metrics: {
    callback(command: string, outcome: AppendedOutcome): void;
    probe(): void;
    refused(kind: RefusalKind): void;
    senderGone(): void;
    unkept(): void;
    replied(seconds: number): void;
  };
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** What became of a callback that was stored. */
export type AppendedOutcome = ReceivedCallback['status'] | 'repeat';

/** The vendor gives up 2 s after it began to send: the reply must be there by then, whatever happens. */
const REPLY_MS = 1_800;
/** A decision that takes longer leaves the store no time. */
const DECISION_MS = 1_600;
/** A body that takes longer leaves the store no time. */
const BODY_MS = 1_500;
/** A body that may be the console's probe, `{}` with some white space, is no longer than this. */
const PROBE_BYTES = 16;

/** The public listener: answers the vendor and health checks, nothing else. */
export function createReceiver({
  config,
  judgeCallback,
  decide,
  store,
  log,
  metrics,
  now = Date.now,
}: Needs): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');

  app.post(config.callbackPath, receive);
  app.get('/healthz', (_request, response) => replyJson(response, 200, { status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const { ready, ...rest } = await store.health();
    replyJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable', ...rest });
  });
  app.all(config.callbackPath, refuseMethod('POST'));
  app.all(['/healthz', '/readyz'], refuseMethod('GET, HEAD'));
  // Express answers in HTML what nobody answered before.
  return (request, response) => {
    // Callbacks go past the router: it would take a tenth of the time of each.
    if (request.method === 'POST' && pathOf(request) === config.callbackPath) return void receive(request, response);
    app(request as express.Request, response as express.Response, (error?: unknown) =>
      refuse(
        error ?? new Refusal('no such path', `Nothing is served at this path: callbacks go to ${config.callbackPath}`),
        request,
        response,
      ),
    );
  };

  function refuseMethod(allowed: string): RequestListener {
    return (request, response) => {
      response.setHeader('Allow', allowed);
      refuse(new Refusal('no such method', `${request.method} is not served here: use ${allowed}`), request, response);
    };
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const receivedAt = new Date(now());
    try {
      if (request.headers.host === undefined && request.httpVersion === '1.1')
        throw new Refusal('malformed HTTP', 'Host is missing (RFC 9112)');
      const query = queryOf(request);
      const parameters = parseQuery(query);
      const sender = judgeSender(parameters, config, receivedAt.getTime());
      const body =
        sender === 'our app' ? await readBody(request, config.maxBodyBytes, BODY_MS) : await readProbe(request);
      if (isProbe(body)) {
        replyOk(response);
        metrics.probe();
        metrics.replied(secondsSince(started));
        log.info({ outcome: 'probe', milliseconds: since(started) }, 'the console probed');
        return;
      }
      const judgement = judgeCallback({ arrival: randomUUID(), query, body, receivedAt }, parameters);
      const decided = judgement.accepted && (await decide(judgement.accepted, DECISION_MS - since(started)));
      const callback = decided ? { ...judgement.callback, decision: decided.decision } : judgement.callback;
      const appended = await appendInTime({ store, log }, callback, REPLY_MS - since(started)).catch((error) => {
        // The vendor waits for a decision, not for a row: without one it goes on as if all were allowed.
        if (!decided) throw error;
        metrics.unkept();
        return null;
      });
      if (decided) replyDecided(response, decided.reply);
      else tell(judgement, response);
      const { command, groupId, status } = callback;
      const outcome = appended?.repeat ? 'repeat' : status;
      if (appended) metrics.callback(command, outcome);
      metrics.replied(secondsSince(started));
      log.info(
        {
          command: cut(command),
          group: groupId && cut(groupId),
          outcome: appended ? outcome : 'not kept',
          decision: decided?.decision.action,
          callback: appended?.id,
          milliseconds: since(started),
        },
        'callback',
      );
    } catch (error) {
      refuse(error, request, response, since(started));
    }
  }

  function tell({ refusal, callback }: Judgement, response: ServerResponse): void {
    if (refusal === null) replyOk(response);
    else replyRefusal(response, new Refusal(refusal, callback.reason ?? ''));
  }

  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse, milliseconds?: number): void {
    if (error instanceof SenderGone) {
      metrics.senderGone();
      log.info({ outcome: 'sender gone', milliseconds }, 'the sender hung up');
      return;
    }
    // Its connection broke meanwhile, and was answered for that.
    if (response.headersSent) return;
    let refusal = error;
    if (error instanceof BodyTooLarge)
      refusal = new Refusal('body too large', `The body is over ${error.limit} bytes (MAX_BODY_BYTES)`);
    if (error instanceof BodyTooSlow)
      refusal = new Refusal('too slow', `The body was not complete after ${error.milliseconds / 1000} s`);
    if (!(refusal instanceof Refusal)) {
      log.error({ err: error }, 'a callback could not be judged');
      refusal = new Refusal('store unavailable', 'The callback could not be taken; nothing of it was stored');
    }
    const { kind, message } = refusal as Refusal;
    const status = replyRefusal(response, refusal as Refusal);
    metrics.refused(kind);
    if (milliseconds !== undefined) metrics.replied(milliseconds / 1000);
    log.warn({ outcome: 'refused', status, kind, from: request.socket.remoteAddress, milliseconds }, message);
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** All that follows the first `?`: a later one belongs to a value. */
function queryOf({ url = '' }: IncomingMessage): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** Without SdkAppid only the console's probe may pass: whatever is more than `{}` is refused before it is all read. */
async function readProbe(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request, PROBE_BYTES, BODY_MS).catch((error) => {
    if (error instanceof BodyTooLarge) return null;
    throw error;
  });
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

function since(started: number): number {
  return Math.round((performance.now() - started) * 10) / 10;
}

/** Whoever sends ids of any length must not fill the log. */
function cut(text: string): string {
  return text.slice(0, 100);
}
