import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { createLive } from './admin/live.ts';
import { aboutThis, sendTestCallback } from './admin/setup.ts';
import { openContract } from './callback/contract.ts';
import type { Config } from './config.ts';
import { createDecide } from './decisions/decide.ts';
import { RULES, type Rules } from './decisions/rules.ts';
import { createMetrics } from './metrics.ts';
import { BACKLOG, guardServer, SERVER_LIMITS } from './receiver/guard-server.ts';
import { judgeBy } from './receiver/judge.ts';
import { createReceiver } from './receiver/receiver.ts';
import { createTlsServer } from './receiver/tls-server.ts';
import { openStore } from './store/open-store.ts';
import { startRetention } from './store/pruning.ts';
import type { Store } from './store/store.ts';

/** How long an open connection may still bring a request when the app closes. */
const GRACE_MS = 1_000;

/** Connections of the admin listener: readers of the live stream hold one each, browsers a few for requests. */
const MOST_ADMIN_CONNECTIONS = 500;

export interface AppOptions {
  log: Logger;
  /** Milliseconds since 1970. */
  now?: () => number;
  rules?: Rules;
  /** The bundled callback contract. */
  document?: object;
  /** Connections of the public listener, beyond which the least useful are evicted. */
  mostConnections?: number;
  /** What the listeners use in place of the store; for tests that make it fail. */
  wrapStore?: (store: Store) => Store;
}

export type App = Awaited<ReturnType<typeof createApp>>;

/**
 * Wires one receiver: store, decisions, both listeners. Nothing listens before `listen`.
 * @throws when the contract does not compile, or the database or a TLS file cannot be opened
 */
export async function createApp(
  config: Config,
  {
    log,
    now = Date.now,
    rules = RULES,
    document = callbackDocument,
    mostConnections,
    wrapStore = (store) => store,
  }: AppOptions,
) {
  const contract = await openContract(document);
  const judgeCallback = judgeBy(contract, config.sdkAppId, config);
  const metrics = createMetrics();
  const failed = Promise.withResolvers<Error>();
  let failure: Error | null = null;
  let diskIsLow = false;
  const opened = await openStore(config.databaseUrl, {
    sdkAppId: config.sdkAppId,
    spoolFile: config.spoolFile,
    judge: (kept) => judgeCallback(kept).callback,
    log,
    consumerMaxIdleDays: config.consumerMaxIdleDays,
    observer: { ...metrics.store, disk: noteDisk },
    onFailed(error) {
      failure ??= error;
      failed.resolve(error);
    },
  });
  const store = wrapStore(opened);
  metrics.watch(store);

  let closing = false;
  let receiver: Server | TlsServer;
  try {
    receiver = buildReceiver();
  } catch (error) {
    await opened.close();
    throw error;
  }
  const live = createLive({ store, log, metrics });
  const { requireHostHeader: _, ...limits } = SERVER_LIMITS;
  const admin = createServer(limits, builtByFirstRequest(buildAdmin, log));
  admin.maxConnections = MOST_ADMIN_CONNECTIONS;
  // A connection that waits for its next request makes room for the client that tries again.
  admin.on('drop', () => admin.closeIdleConnections());
  let retention: ReturnType<typeof startRetention> | null = null;
  let callbackUrl = '';

  return {
    receiver,
    admin,
    store,
    metrics,
    about,
    /** Resolves with the reason when the receiver cannot take callbacks any more: it has to be started again. */
    failed: failed.promise,

    /** Opens both listeners and starts the retention. @returns their URLs, as bound */
    async listen(): Promise<{ callbackUrl: string; adminUrl: string }> {
      await listen(receiver, config.port, config.host);
      callbackUrl = urlOf(receiver) + config.callbackPath;
      await listen(admin, config.adminPort, config.adminHost);
      const { retentionDays: days, consumerMaxIdleDays } = config;
      if (days !== null) retention = startRetention({ store, days, consumerMaxIdleDays, log });
      return { callbackUrl, adminUrl: urlOf(admin) };
    },

    /** Answers what is in flight, then closes the listeners and the store. */
    async close(): Promise<void> {
      closing = true;
      live.close();
      await Promise.all([finish(receiver), finish(admin)]);
      await retention?.stop();
      await opened.close();
    },
  };

  function buildReceiver(): Server | TlsServer {
    const takeCallbacks = createReceiver({
      config,
      contract,
      judgeCallback,
      decide: createDecide({ config, rules, contract, log, metrics }),
      // A load balancer that asks over an open connection must learn that the receiver is closing.
      store: { ...store, health: async () => (closing || failure ? { ready: false } : store.health()) },
      hasFailed: () => failure !== null,
      log,
      metrics,
      now,
    });
    const server = config.tls
      ? createTlsServer({ paths: config.tls, log, options: SERVER_LIMITS }, takeCallbacks)
      : createServer(SERVER_LIMITS, takeCallbacks);
    guardServer(server, { log, metrics, ...(mostConnections !== undefined && { mostConnections }) });
    return server;
  }

  function noteDisk(freeBytes: number, low: boolean): void {
    metrics.store.disk?.(freeBytes, low);
    if (low === diskIsLow) return;
    diskIsLow = low;
    if (low)
      log.error({ freeBytes }, 'the disk is nearly full: rejected and unknown callbacks are dropped to make room');
    else log.info({ freeBytes }, 'the disk has room again');
  }

  /** The admin listener is loaded and built by its first request: callbacks do not wait for it at the start. */
  async function buildAdmin(): Promise<RequestListener> {
    const { createAdmin } = await import('./admin/admin.ts');
    const { sdkAppId, tokens } = config;
    return createAdmin({
      config,
      judgeCallback,
      store,
      live,
      about: about(),
      sendTestCallback: () => sendTestCallback(about().callbackUrl, { sdkAppId, token: tokens[0] ?? null }),
      log,
      metrics,
      now,
    });
  }

  function about() {
    return aboutThis(config, fromThisMachine(callbackUrl));
  }
}

function builtByFirstRequest(build: () => Promise<RequestListener>, log: Logger): RequestListener {
  let built: Promise<RequestListener> | undefined;
  return (request, response) => {
    built ??= build();
    built.then(
      (serve) => serve(request, response),
      (error) => {
        // The next request tries again.
        built = undefined;
        log.error({ err: error }, 'the admin listener cannot be built');
        response.writeHead(503).end();
      },
    );
  };
}

async function listen(server: Server | TlsServer, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen({ port, host, backlog: BACKLOG }, resolve);
  await promise;
}

/** Stops accepting; resolves when every request in flight, or on its way over an open connection, is answered. */
async function finish(server: Server | TlsServer): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // The close() of node:http destroys idle connections at once, and with them a request that is about to be read.
  NetServer.prototype.close.call(server, () => resolve());
  await Promise.race([promise, sleep(GRACE_MS)]);
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  await promise;
  clearInterval(sweep);
}

function urlOf(server: Server | TlsServer): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${server instanceof TlsServer ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** From this machine, a listener on a wildcard address is reached on loopback. */
function fromThisMachine(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
