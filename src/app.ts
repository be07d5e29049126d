import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { Arrivals } from './admin/arrivals.ts';
import { createLive, serverCloses } from './admin/live.ts';
import { PublicUrlChecker } from './admin/public-url-check.ts';
import { aboutThis, overTheNetwork, type SendCallback, sendTestCallback } from './admin/setup.ts';
import { createGroupAsker } from './backfill/group-asker.ts';
import { lastRunOf } from './backfill/last-run.ts';
import { startReconcile } from './backfill/reconcile.ts';
import { openContract, shown } from './callback/contract.ts';
import { withPlainErrors } from './callback/log-errors.ts';
import type { Logger } from './callback/logger.ts';
import type { Config } from './config.ts';
import { createDecide } from './decisions/decide.ts';
import { ruleBook } from './decisions/rules.ts';
import { type HandlerOptions, type On, RegistrationError } from './delivery/delivery.ts';
import { createDelivery } from './delivery/start.ts';
import { NatsStream } from './delivery/stream.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { fetchBy } from './receiver/fetch.ts';
import { judgeBy } from './receiver/judge.ts';
import { createHandler } from './receiver/receiver.ts';
import { startActivityWriter } from './store/activity-writer.ts';
import { openStore } from './store/open-store.ts';
import { startRetention } from './store/pruning.ts';
import type { AppendedCallback, Health, ReceivedCallback, Store } from './store/store.ts';

export interface AppOptions {
  log: Logger;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** The bundled callback contract. */
  document?: object;
  /** Replaces the store everywhere; for tests that make it fail. */
  wrapStore?: (store: Store) => Store;
}

/** Where the admin site is served. */
export interface AdminSite {
  config: Config & { demo: boolean };
  /**
   * The address that it listens on, which the Host header must name; null: mounted in an app's server, under its host
   * names.
   */
  host: string | null;
  /** Null: an app has mounted the receiver, and only the app knows the URL. */
  callbackUrl: string | null;
}

/** Emitted when the receiver can no longer take callbacks: the process has to be restarted. */
type OnFatal = (event: 'fatal', listener: (error: Error) => void) => void;

/** `receiver.admin` is used without anything that protects the data. */
export class AdminUnguarded extends Error {
  override name = 'AdminUnguarded';
}

export type App = Awaited<ReturnType<typeof createApp>>;

/**
 * Wires one receiver: store, decisions, delivery, callback handler, admin site. Opens no port.
 * @throws if the contract does not compile, or the database cannot be opened
 */
export async function createApp(
  config: Config & { adminAuth?: 'mine' | null },
  { log: given, now = Date.now, document = callbackDocument, wrapStore = (store) => store }: AppOptions,
) {
  const log = withPlainErrors(given);
  const contract = await openContract(document);
  const judgeCallback = judgeBy(contract, config.sdkAppId, config);
  const metrics = createMetrics();
  const fatalListeners: ((error: Error) => void)[] = [];
  let failure: Error | null = null;
  let closing: Promise<void> | null = null;
  let diskIsLow = false;
  let inFlight = 0;
  const lastAnswered = Promise.withResolvers<void>();

  const opened = await openStore(config.databaseUrl, {
    sdkAppId: config.sdkAppId,
    spoolFile: config.spoolFile,
    judge: (kept) => judgeCallback(kept).callback,
    log,
    consumerMaxIdleDays: config.consumerMaxIdleDays,
    observer: { ...metrics.store, disk: noteDisk },
    onFailed: fail,
  });
  const store = wrapStore(opened);
  metrics.watch(store);
  const arrivals = new Arrivals(now);
  const checker = config.publicUrl === null ? null : new PublicUrlChecker(config.publicUrl, config.sdkAppId, now);
  const activity = startActivityWriter({ store, minutes: metrics.minutes, log });
  const { rules, decide } = ruleBook();
  const delivery = createDelivery({ store, document, sdkAppId: config.sdkAppId, log, metrics });
  const { handler, refuse } = createHandler({
    config,
    judgeCallback,
    decide: createDecide({ config, rules, contract, log, metrics }),
    append,
    recordReply: activity.replied,
    whyClosed,
    log,
    metrics: watched(metrics, arrivals),
    now,
    ...(checker && { isOwnCheck: (query) => checker.isOwn(query) }),
  });
  if (config.webhook) {
    const { url, ...options } = config.webhook;
    delivery.deliverTo(url, options);
  }
  if (config.nats) {
    const { stream, servers } = config.nats;
    log.info({ consumer: 'stream', stream, servers }, 'callbacks are published to a stream');
    const target = new NatsStream(config.nats, { sdkAppId: config.sdkAppId, log });
    delivery.add({ name: 'stream', kind: 'stream', from: 'now', target });
  }
  const fetch = fetchBy(handle);
  const live = createLive({ store, log, metrics });
  const { retentionDays: days, consumerMaxIdleDays } = config;
  const retention = days === null ? null : startRetention({ store, days, consumerMaxIdleDays, log });
  const { rest, sdkAppId } = config;
  const asker = rest && createGroupAsker({ store, rest, sdkAppId, log });
  const auditing =
    rest && config.reconcile
      ? startReconcile({ store, rest, sdkAppId, ...config.reconcile, log, metrics: metrics.audit })
      : null;
  let mountedAdmin: RequestListener | null = null;

  const on: On & OnFatal = (name: string, listener: (given: never) => unknown, options?: HandlerOptions) => {
    if (name === 'fatal') onFatal(listener as (error: Error) => void);
    else delivery.on(name as '*', listener as Parameters<On>[1], options ?? {});
  };

  return {
    /** The parts for an app that mounts the receiver. */
    receiver: {
      on,
      decide,
      deliverTo: delivery.deliverTo,
      handler: handle,
      fetch,
      health,
      close,
      get admin() {
        return mountAdmin();
      },
    },
    contract,
    store,
    live,
    metrics,
    refuse,
    hasFailed: () => failure !== null,
    serveAdmin,
  };

  /** Counts the requests in flight, for which `close` waits. */
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    inFlight += 1;
    endWithServer(request, response);
    try {
      await handler(request, response);
    } finally {
      inFlight -= 1;
      if (closing && inFlight === 0) lastAnswered.resolve();
    }
  }

  /** A new consumer gets every callback that is answered after its registration. */
  function append(callback: ReceivedCallback): Promise<AppendedCallback> {
    const { registering, burst } = delivery;
    const stored = registering ? registering.then(() => store.append(callback)) : store.append(callback);
    return burst ? burst.whileStored(stored) : stored;
  }

  function whyClosed(): string | null {
    if (failure) return 'The receiver cannot take callbacks any more; it has to be started again';
    return closing ? 'The receiver is closed' : null;
  }

  async function health(): Promise<Health> {
    if (failure || closing) return { ready: false };
    const { ready, spool } = await store.health();
    return { ready, ...(spool && { spool }) };
  }

  function fail(error: Error): void {
    if (failure) return;
    failure = error;
    if (fatalListeners.length === 0)
      log.error({ err: error }, "the receiver cannot take callbacks any more: start it again (event 'fatal')");
    for (const listener of fatalListeners) tell(listener, error);
  }

  /** @throws {RegistrationError} */
  function onFatal(listener: (error: Error) => void): void {
    if (typeof listener !== 'function')
      throw new RegistrationError(`The listener of 'fatal' is ${shown(listener)}: give a function`);
    fatalListeners.push(listener);
    if (failure) tell(listener, failure);
  }

  function tell(listener: (error: Error) => void, failure: Error): void {
    try {
      listener(failure);
    } catch (error) {
      log.error({ err: error }, "a listener of 'fatal' failed");
    }
  }

  /** Answers the requests in flight, ends deliveries, then closes the store. */
  function close(): Promise<void> {
    closing ??= (async () => {
      live.close();
      if (inFlight > 0) await lastAnswered.promise;
      asker?.close();
      await auditing?.stop();
      await delivery.close();
      await retention?.stop();
      await activity.close();
      await opened.close();
    })();
    return closing;
  }

  function noteDisk(freeBytes: number, low: boolean): void {
    metrics.store.disk?.(freeBytes, low);
    if (low === diskIsLow) return;
    diskIsLow = low;
    if (low)
      log.error({ freeBytes }, 'the disk is nearly full: rejected and unknown callbacks are dropped to make room');
    else log.info({ freeBytes }, 'the disk has room again');
  }

  /** @throws {AdminUnguarded} */
  function mountAdmin(): RequestListener {
    if (config.adminPassword === null && config.adminAuth !== 'mine') {
      const remedy = "give the option adminPassword, or adminAuth: 'mine' where your app lets nobody else in";
      throw new AdminUnguarded(`receiver.admin would show your data to everybody: ${remedy}`);
    }
    mountedAdmin ??= serveAdmin({ config: { ...config, demo: false }, host: null, callbackUrl: null });
    return mountedAdmin;
  }

  /** Loads and builds the admin site on its first request, so that callbacks do not wait for it after a start. */
  function serveAdmin({ config, host, callbackUrl }: AdminSite): RequestListener {
    const { sdkAppId, tokens, adminPassword } = config;
    const send: SendCallback = callbackUrl === null ? sendInProcess : overTheNetwork(callbackUrl);
    return builtByFirstRequest(async () => {
      const { createAdmin } = await import('./admin/admin.ts');
      return createAdmin({
        config: { sdkAppId, adminHost: host, adminPassword },
        judgeCallback,
        store,
        live,
        about: aboutThis(config, callbackUrl),
        backfill: {
          ...{ askVendor: asker?.ask ?? null, reconcile: config.reconcile },
          lastRun: (kind) => lastRunOf(store, kind),
        },
        setup: {
          publicUrl: config.publicUrl !== null && checker ? { url: config.publicUrl, checker } : null,
          ...{ arrivals, signed: tokens.length > 0, expected: config.expectedCommands },
          handled: () => [...delivery.handled, ...Object.keys(rules)],
        },
        sendTestCallback: () => sendTestCallback(send, { sdkAppId, token: tokens[0] ?? null }),
        log,
        metrics,
        pendingReply: activity.pendingReply,
        now,
      });
    }, log);
  }

  async function sendInProcess(query: URLSearchParams, body: string) {
    const response = await fetch(new Request(`http://receiver/?${query}`, { method: 'POST', body }));
    return { status: response.status, reply: await response.json() };
  }
}

/** The handler's metrics, which also count the arrivals for the page. */
function watched(metrics: Metrics, arrivals: Arrivals): Metrics {
  return {
    ...metrics,
    probe() {
      metrics.probe();
      arrivals.probe();
    },
    callback(command, outcome) {
      metrics.callback(command, outcome);
      arrivals.taken();
    },
    refused(kind) {
      metrics.refused(kind);
      if (kind === 'not the vendor') arrivals.refused();
    },
  };
}

function builtByFirstRequest(build: () => Promise<RequestListener>, log: Logger): RequestListener {
  let built: Promise<RequestListener> | undefined;
  return (request, response) => {
    endWithServer(request, response);
    built ??= build();
    built.then(
      (serve) => serve(request, response),
      (error) => {
        // The next request tries again.
        built = undefined;
        log.error({ err: error }, 'the admin site cannot be built');
        response.writeHead(503).end();
      },
    );
  };
}

/** Ends the connection if the server is closing: close() waits for connections, and Node keeps busy ones open. */
function endWithServer(request: IncomingMessage, response: ServerResponse): void {
  if (serverCloses(request)) response.shouldKeepAlive = false;
}
