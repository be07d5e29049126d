import type { RequestListener } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Context } from 'openapi-backend';
import adminDocument from '../../generated/admin.json' with { type: 'json' };
import type { components } from '../../generated/admin.ts';
import { namesOfGroupType } from '../callback/callback.ts';
import { describeViolations, openContract, requireHandlers } from '../callback/contract.ts';
import type { Logger } from '../callback/logger.ts';
import type { SentReply } from '../store/activity.ts';
import { StoreBusy } from '../store/bounded-scans.ts';
import type { GroupPlace, Store } from '../store/store.ts';
import { aboutBackfill, type BackfillSettings, backfillOperations } from './backfill.ts';
import { compressJson } from './compression.ts';
import { deliveryOperations } from './deliveries.ts';
import { exportFormOf, sendExport } from './export.ts';
import { createFigures } from './figures.ts';
import { createGuard, isAuthorized, replyUnauthorized } from './guard.ts';
import { jsonBody } from './json-body.ts';
import { CONTRACT, findPageAsset, pageFor, policyOfReference, REFERENCE, securityHeaders } from './page-files.ts';
import { callbackFilterOf, missingCallback, pathParameter, possibleCallbackId, queryOf } from './parameters.ts';
import { portionOperations } from './portions.ts';
import { BadRequest, decodeCursor, encodeCursor, NotFound, replyProblem } from './problem.ts';
import type { RecentMinutes } from './recent-minutes.ts';
import type { TestResult } from './setup.ts';
import { type SetupSources, setupOperations } from './setup-operations.ts';
import { sendStatic } from './static-files.ts';

type Judge = Parameters<Store['retry']>[1];

interface AdminOptions {
  config: { sdkAppId: number; adminHost: string | null; adminPassword: string | null };
  judgeCallback: (...kept: Parameters<Judge>) => { callback: ReturnType<Judge> };
  store: Pick<
    Store,
    | 'listGroups'
    | 'findGroup'
    | 'countGroupsByType'
    | 'listCallbacks'
    | 'newestCallbackId'
    | 'listHistory'
    | 'findCallback'
    | 'findAccount'
    | 'retry'
    | 'setIgnored'
    | 'health'
    | 'seenCommands'
    | 'findReply'
    | 'listMinutes'
  > &
    Parameters<typeof deliveryOperations>[0]['store'];
  live: { listen(request: Request, response: Response): Promise<void> };
  about: Omit<components['schemas']['About'], 'backfill'>;
  backfill: BackfillSettings;
  setup: SetupSources;
  /** Sends a callback as the vendor would; rejects if there is no answer. */
  sendTestCallback: () => Promise<TestResult>;
  log: Logger;
  metrics: { contentType: string; text(): Promise<string>; minutes: Pick<RecentMinutes, 'oldest' | 'read'> };
  /** A reply that has not been saved yet. */
  pendingReply: (id: string) => SentReply | null;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** The admin listener: the read API of `openapi/admin.yaml`, which routes and validates the requests. */
export async function createAdmin({
  config,
  judgeCallback,
  store,
  live,
  about,
  backfill,
  setup,
  sendTestCallback,
  log,
  metrics,
  pendingReply,
  now = Date.now,
}: AdminOptions): Promise<RequestListener> {
  const since = new Date(now()).toISOString();
  const figures = createFigures({ store, minutes: metrics.minutes, log, now });
  const contract = await openContract(adminDocument, {
    coerceQuery: true,
    security: {
      // Defence in depth: the guard has checked this already, unless a route is ever mounted in front of it.
      basic: (_context, request: Request) =>
        config.adminPassword === null || isAuthorized(request.headers.authorization, config.adminPassword),
    },
    operations: {
      getPage: (_context, _request, response: Response) => response.type('html').send(pageFor(config.sdkAppId)),

      async getPageAsset(context, request: Request, response: Response) {
        const file = pathParameter(context, 'file');
        const asset = await findPageAsset(file);
        if (asset) await sendStatic(request, response, asset.path, asset.type);
        else replyProblem(response, 404, `The page has no file ${JSON.stringify(file)}`);
      },

      async listGroups(context, request: Request, response: Response) {
        const { search, type, owner, limit, cursor, format } = queryOf('listGroups', context);
        const [createdAt, groupId] = cursor === undefined ? [] : decodeCursor(cursor, 'number', 'string');
        const types = type === undefined ? undefined : namesOfGroupType(type);
        const after = createdAt === undefined ? undefined : { createdAt, groupId: groupId as string };
        const read = (after: GroupPlace | undefined, limit: number) =>
          store.listGroups({ search, owner, types, limit, after });
        const form = exportFormOf(request, format);
        if (form) return sendExport(request, response, form, { name: 'groups', schema: 'Group', after, read });
        const { items, next, incomplete } = await read(after, Number(limit));
        response.json({
          groups: items,
          nextCursor: next && encodeCursor([next.createdAt, next.groupId]),
          ...(incomplete && { incomplete }),
        });
      },

      async getGroup(context, _request, response: Response) {
        const groupId = pathParameter(context, 'groupId');
        replyFound(response, await store.findGroup(groupId), `No group has the id ${JSON.stringify(groupId)}`);
      },

      async getGroupHistory(context, _request, response: Response) {
        const { limit, cursor } = queryOf('getGroupHistory', context);
        const groupId = pathParameter(context, 'groupId');
        const after = cursor === undefined ? undefined : String(decodeCursor(cursor, 'number')[0]);
        const { items, next } = await store.listHistory({ groupId, limit: Number(limit), after });
        response.json({ callbacks: items, nextCursor: next && encodeCursor([Number(next)]) });
      },

      async listCallbacks(context, request: Request, response: Response) {
        const query = queryOf('listCallbacks', context);
        const { order, limit, cursor, format } = query;
        const filter = callbackFilterOf(query);
        const after = cursor === undefined ? undefined : decodeCursor(cursor, 'place')[0];
        const read = (after: string | undefined, limit: number) =>
          store.listCallbacks({ ...filter, order, limit, after });
        const form = exportFormOf(request, format);
        if (form) return sendExport(request, response, form, { name: 'callbacks', schema: 'Callback', after, read });
        const { items, next, incomplete } = await read(after, Number(limit));
        response.json({
          callbacks: items,
          nextCursor: next && encodeCursor([next]),
          ...(incomplete && { incomplete }),
        });
      },

      async getCallback(context, _request, response: Response) {
        const id = callbackIdOf(context);
        const found = await store.findCallback(id);
        const reply = found && (pendingReply(id) ?? (await store.findReply(id)));
        replyFound(response, found && { ...found, reply }, missingCallback(id));
      },

      async retryCallback(context, _request, response: Response) {
        const id = callbackIdOf(context);
        const result = await store.retry(id, (kept) => judgeCallback(kept).callback);
        if (result === 'not found') return replyProblem(response, 404, missingCallback(id));
        if (result === 'already accepted')
          return replyProblem(response, 409, `The callback ${id} is accepted: there is nothing to retry`);
        if (result === 'ignored') {
          const remedy = `send DELETE /api/callbacks/${id}/ignore first, then retry it`;
          return replyProblem(response, 409, `The callback ${id} is ignored: ${remedy}`);
        }
        log.info({ callback: id, now: result.id, outcome: result.status }, 'a callback was retried');
        response.json(result);
      },

      ignoreCallback: (context, _request, response: Response) => setIgnored(context, response, true),

      unignoreCallback: (context, _request, response: Response) => setIgnored(context, response, false),

      async getAccount(context, _request, response: Response) {
        const account = pathParameter(context, 'account');
        const missing = `Nothing is known of the account ${JSON.stringify(account)}: no stored callback names it`;
        replyFound(response, await store.findAccount(account), missing);
      },

      ...portionOperations({ store, judge: (kept) => judgeCallback(kept).callback, log, now }),

      ...deliveryOperations({ store, log }),

      ...backfillOperations({ ...backfill, log }),

      ...setupOperations({ setup, store, now }),

      async getAbout(_context, _request, response: Response) {
        response.json({ ...about, backfill: await aboutBackfill(backfill) });
      },

      async sendTestCallback(_context, _request, response: Response) {
        try {
          response.json(await sendTestCallback());
        } catch (error) {
          log.warn({ err: error }, 'the test callback was not answered');
          const reason = 'Where it asks for client certificates, only who has one can send';
          replyProblem(response, 502, `${about.callbackUrl ?? 'The receiver'} did not answer. ${reason}`);
        }
      },

      async getStats(_context, _request, response: Response) {
        response.json({ since, ...(await figures.read()) });
      },

      async getState(_context, _request, response: Response) {
        response.json(await figures.readState());
      },

      streamLive: (_context, request: Request, response: Response) =>
        isHead(request)
          ? response.setHeader('Content-Type', 'text/event-stream').end()
          : live.listen(request, response),

      async getReference(_context, request: Request, response: Response) {
        try {
          response.setHeader('Content-Security-Policy', `${await policyOfReference()}; frame-ancestors 'none'`);
          await sendStatic(request, response, REFERENCE, 'html');
        } catch (error) {
          log.error({ err: error }, 'the reference cannot be read');
          replyProblem(response, 503, 'The reference cannot be read; run npm run generate. The log says more');
        }
      },

      getContract: (_context, request: Request, response: Response) =>
        sendStatic(request, response, CONTRACT, 'application/yaml'),

      async getMetrics(_context, _request, response: Response) {
        const text = await metrics.text();
        response.setHeader('Content-Type', metrics.contentType);
        response.end(text);
      },

      notFound: (_context, request: Request, response: Response) =>
        replyProblem(response, 404, `Nothing is served at ${request.path}; GET / names what is`),
      methodNotAllowed: (_context, request: Request, response: Response) =>
        replyProblem(response, 405, `${request.method} is not served at ${request.path}`),
      validationFail: ({ validation }, _request, response: Response) =>
        replyProblem(response, 400, describeViolations(validation.errors ?? [])),
      unauthorizedHandler: (_context, _request, response: Response) => replyUnauthorized(response),
    },
  });
  requireHandlers(contract);

  async function setIgnored(context: Context, response: Response, ignored: boolean): Promise<void> {
    const id = callbackIdOf(context);
    const result = await store.setIgnored(id, ignored);
    if (result === 'not found') return replyProblem(response, 404, missingCallback(id));
    if (result === 'pruned') {
      const reason = 'some of its callbacks have been deleted (RETENTION_DAYS)';
      return replyProblem(response, 409, `The group of callback ${id} cannot be rebuilt: ${reason}`);
    }
    log.info({ callback: id, group: result.groupId, ignored }, 'a callback was struck out or taken back');
    response.json(result);
  }

  const app = express();
  app.disable('x-powered-by');
  // Lists change all the time, and the contract has no 304.
  app.disable('etag');
  app.use(securityHeaders());
  app.use(createGuard({ config, log, now }));
  app.use(endWithSlash);
  app.use(compressJson());
  app.use(jsonBody((request) => Boolean(contract.matchOperation(routed(request))?.requestBody)));
  app.use((request: Request, response: Response) =>
    contract.handleRequest({ ...routed(request), body: request.body }, request, response),
  );
  // Express's own handler would send the stack trace.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (error instanceof BadRequest) return replyProblem(response, 400, error.message);
    if (error instanceof NotFound) return replyProblem(response, 404, error.message);
    if (error instanceof URIError) return replyProblem(response, 400, 'The path is not percent-encoded UTF-8');
    if (error instanceof StoreBusy) {
      log.warn({ path: request.path }, error.message);
      return replyProblem(response, 503, `The store is busy (${error.message}): try again in a few seconds`);
    }
    log.error({ err: error, path: request.path }, 'the admin listener failed');
    if (response.headersSent) response.destroy();
    else replyProblem(response, 503, 'The store did not answer; the log says more');
  });
  return (request, response) => {
    if (/^[^?]/.test(request.url ?? '')) return app(request, response);
    // Express does not route an empty path, and only the app knows the mount that it has stripped.
    response.writeHead(404, { 'Content-Type': 'text/plain' });
    response.end('Nothing is served here: add a slash to the end of the path\n');
  };
}

/** The page's URLs are relative: if it is mounted at `/x/admin`, it has to be opened as `/x/admin/`. */
function endWithSlash({ originalUrl, path }: Request, response: Response, next: NextFunction): void {
  const [mounted = '', query] = originalUrl.split(/\?(.*)/s, 2);
  // Relative, because a proxy in front may have another prefix.
  const target = `./${mounted.slice(mounted.lastIndexOf('/') + 1)}/`;
  if (path !== '/' || mounted.endsWith('/')) next();
  else response.redirect(308, query === undefined ? target : `${target}?${query}`);
}

/** The request for openapi-backend. HEAD is treated as GET: Express and Node.js omit the body. */
function routed(request: Request) {
  const { path, query, headers } = request;
  const method = isHead(request) ? 'GET' : request.method;
  return { method, path, query: query as Record<string, string>, headers: headers as Record<string, string> };
}

function isHead({ method }: Request): boolean {
  return method === 'HEAD';
}

function callbackIdOf(context: Context): string {
  return possibleCallbackId(pathParameter(context, 'id'));
}

function replyFound(response: Response, found: object | null, missing: string): void {
  if (found) response.json(found);
  else replyProblem(response, 404, missing);
}
