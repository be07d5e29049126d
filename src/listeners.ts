import { createServer, type Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aboutThis } from './admin/setup.ts';
import type { App } from './app.ts';
import type { Logger } from './callback/logger.ts';
import type { ProgramConfig } from './config.ts';
import { BACKLOG, guardServer, SERVER_LIMITS } from './receiver/guard-server.ts';
import { createRoutes } from './receiver/receiver.ts';
import { createTlsServer } from './receiver/tls-server.ts';

/** How long an open connection may still bring a request after the listeners stop accepting. */
const GRACE_MS = 1_000;

/** Connections of the admin listener: one for each reader of the live stream, and a few for each browser's requests. */
const MOST_ADMIN_CONNECTIONS = 500;

interface ListenersOptions {
  log: Logger;
  /** Limit of the public listener's connections; beyond it the least useful ones are evicted. */
  mostConnections?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * The program's two listeners around a receiver. Opens no port before `listen`.
 * @throws if the contract has an operation without a handler, or a TLS file cannot be used
 */
export function createListeners(app: App, config: ProgramConfig, options: ListenersOptions) {
  const { log, mostConnections, now } = options;
  const { receiver, contract, metrics, refuse, hasFailed } = app;
  let closing = false;
  const routes = createRoutes({
    config,
    contract,
    receiver: { handler: receiver.handler, refuse },
    // A load balancer that asks over an open connection must learn that the receiver is closing.
    health: async () => (closing ? { ready: false } : receiver.health()),
    hasFailed,
    ...(now && { now }),
  });
  const publicServer = config.tls
    ? createTlsServer({ paths: config.tls, log, options: SERVER_LIMITS }, routes)
    : createServer(SERVER_LIMITS, routes);
  guardServer(publicServer, { log, metrics, ...(mostConnections !== undefined && { mostConnections }) });
  const { requireHostHeader: _, ...limits } = SERVER_LIMITS;
  const adminServer = createServer(limits);
  adminServer.maxConnections = MOST_ADMIN_CONNECTIONS;
  // Closes idle connections, to make room for the client when it retries.
  adminServer.on('drop', () => adminServer.closeIdleConnections());

  return {
    publicServer,
    adminServer,

    /** Opens both. @returns their URLs, as bound, and the receiver's settings for the page */
    async listen() {
      await listen(publicServer, config.port, config.host);
      const callbackUrl = urlOf(publicServer) + config.callbackPath;
      const here = fromThisMachine(callbackUrl);
      adminServer.on('request', app.serveAdmin({ config, host: config.adminHost, callbackUrl: here }));
      await listen(adminServer, config.adminPort, config.adminHost);
      return { callbackUrl, adminUrl: urlOf(adminServer), about: aboutThis(config, here) };
    },

    /** Answers the requests in flight, then closes both. */
    async close(): Promise<void> {
      closing = true;
      app.live.close();
      await Promise.all([finish(publicServer), finish(adminServer)]);
    },
  };
}

/**
 * Binds the ports briefly, to find problems before `listen`.
 * @throws if a port is taken, or an address does not belong to this machine
 */
export async function demandFreePorts({ host, port, adminHost, adminPort }: ProgramConfig): Promise<void> {
  for (const [wanted, address] of [
    [port, host],
    [adminPort, adminHost],
  ] as const) {
    const server = new NetServer();
    await listen(server, wanted, address);
    await new Promise((resolve) => server.close(resolve));
  }
}

async function listen(server: NetServer, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen({ port, host, backlog: BACKLOG }, resolve);
  await promise;
}

/** Stops accepting; resolves when every request that is in flight, or arrives over an open connection, is answered. */
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

/** The URL as seen from this machine: loopback for a listener on a wildcard address. */
export function fromThisMachine(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
