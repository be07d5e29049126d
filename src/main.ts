import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { createLive } from './admin/live.ts';
import { aboutThis, sendTestCallback } from './admin/setup.ts';
import { openContract } from './callback/contract.ts';
import { ConfigError, readConfig } from './config.ts';
import { createDecide } from './decisions/decide.ts';
import { RULES } from './decisions/rules.ts';
import { createMetrics } from './metrics.ts';
import { BACKLOG, guardServer, SERVER_LIMITS } from './receiver/guard-server.ts';
import { commandsOf, judgeBy } from './receiver/judge.ts';
import { createReceiver } from './receiver/receiver.ts';
import { createTlsServer } from './receiver/tls-server.ts';
import { openStore } from './store/open-store.ts';
import { startRetention } from './store/retention.ts';

/** What is in flight gets this long to finish; a process manager kills soon after. */
const SHUTDOWN_MS = 10_000;
/** Nobody may read the log. */
const LAST_LINES_MS = 500;
/** How long a connection that is open may still bring a request when the receiver stops. */
const GRACE_MS = 1_000;

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : explain(error as NodeJS.ErrnoException)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  const output = pino.destination();
  const log = pino({ level: config.logLevel }, output);
  const contract = await openContract(callbackDocument);
  const judgeCallback = judgeBy(contract, config.sdkAppId, config);
  const metrics = createMetrics(commandsOf(contract));
  collectDefaultMetrics({ register: metrics.registry });
  const store = await openStore(config.databaseUrl, {
    sdkAppId: config.sdkAppId,
    judgeCallback,
    log,
    observer: metrics.store,
  });
  metrics.watch(store);

  const decide = createDecide({ config, rules: RULES, contract, log, metrics });
  let stopping = false;
  const takeCallbacks = createReceiver({
    config,
    judgeCallback,
    decide,
    // A balancer that asks over an open connection must learn that the receiver goes.
    store: { ...store, health: async () => (stopping ? { ready: false } : store.health()) },
    log,
    metrics,
  });
  const receiver = config.tls
    ? createTlsServer({ paths: config.tls, log, options: SERVER_LIMITS }, takeCallbacks)
    : createServer(SERVER_LIMITS, takeCallbacks);
  guardServer(receiver, { log, metrics });
  await listen(receiver, config.port, config.host);
  const { requireHostHeader: _, ...limits } = SERVER_LIMITS;
  const callbackUrl = urlOf(receiver) + config.callbackPath;
  const live = createLive({ store, log, metrics });
  const admin = createServer(
    limits,
    builtByFirstRequest(async () => {
      const { createAdmin } = await import('./admin/admin.ts');
      const { sdkAppId, tokens } = config;
      return createAdmin({
        config,
        judgeCallback,
        store,
        live,
        about: aboutThis(config, fromHere(callbackUrl)),
        sendTestCallback: () => sendTestCallback(fromHere(callbackUrl), { sdkAppId, token: tokens[0] ?? null }),
        log,
        metrics,
      });
    }, log),
  );
  await listen(admin, config.adminPort, config.adminHost);
  const retention = config.retentionDays === null ? null : startRetention({ store, days: config.retentionDays, log });

  const adminUrl = urlOf(admin);
  log.info({ callbackUrl, adminUrl, sdkAppId: config.sdkAppId, database: withoutSecrets(config.databaseUrl) }, 'ready');
  if (config.tokens.length === 0) {
    log.warn(
      'CALLBACK_TOKEN is unset: unsigned callbacks are taken. Switch authentication on in the console and set it.',
    );
  }
  if (config.demo) {
    process.stderr.write(
      `\nDemo: SDK_APP_ID is unset, so this is app ${config.sdkAppId}, on this machine only.\n` +
        `  callbacks go to   ${callbackUrl}\n  groups are at     ${adminUrl}/api/groups\n  try now           ${aboutThis(config, fromHere(callbackUrl)).triggerCommand}\n\n`,
    );
  }

  /** Once the log is written; its own flush at exit never ends where nobody reads it. */
  async function end(code: number): Promise<void> {
    await Promise.race([new Promise((resolve) => output.once('close', resolve).end()), sleep(LAST_LINES_MS)]);
    process.removeAllListeners('exit');
    process.exit(code);
  }
  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (stopping) {
      log.warn({ signal }, 'a second signal: ended at once');
      return end(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error(`requests are still in flight after ${SHUTDOWN_MS} ms: ended`);
      void end(1);
    }, SHUTDOWN_MS).unref();
    live.close();
    await Promise.all([finish(receiver), finish(admin)]);
    await retention?.stop();
    await store.close();
    log.info('stopped');
    await end(0);
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** The private listener is built when somebody asks it: callbacks need not wait for it at the start. */
function builtByFirstRequest(build: () => Promise<RequestListener>, log: Logger): RequestListener {
  let built: Promise<RequestListener> | undefined;
  return (request, response) => {
    built ??= build();
    built.then(
      (serve) => serve(request, response),
      (error) => {
        log.error({ err: error }, 'the private listener cannot be built');
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

/**
 * Stops accepting, and resolves when every request was answered that is in flight or on its way over an open connection.
 */
async function finish(server: Server | TlsServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // http's own close() cuts the connections that are idle now, and with them a request that is about to be read.
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

/** A wildcard address is reached from here on loopback. */
function fromHere(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** A password may stand before the host, or among the parameters. */
function withoutSecrets(databaseUrl: string): string {
  return databaseUrl.startsWith('sqlite:') ? databaseUrl : databaseUrl.replace(/\/\/.*@/, '//').replace(/\?.*/, '');
}

function explain(error: NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number }): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${error.port} on ${error.address} is taken: end what listens there, or set PORT or ADMIN_PORT`;
  }
  if (error.code === 'EADDRNOTAVAIL' || error.syscall === 'getaddrinfo') {
    return `${error.address ?? error.hostname} is no address of this machine: set another HOST or ADMIN_HOST`;
  }
  if (error.code === 'EACCES' && error.port !== undefined)
    return `Port ${error.port} may not be used by this user: set another PORT`;
  return error.message;
}
