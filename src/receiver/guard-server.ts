import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Refusal, type RefusalKind, rawRefusal, replyRefusal } from './reply.ts';

/** Headers, and a whole request, must be in by then. The vendor gives up after 2 s, so nobody waits for a slower one. */
const REQUEST_TIMEOUT_MS = 5_000;
/** The vendor's URL takes some 500 bytes; a proxy adds its own headers. */
const MAX_HEADER_BYTES = 8 * 1024;

/** What `createServer` of http and https is to be given. */
export const SERVER_LIMITS = {
  headersTimeout: REQUEST_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 500,
  // Longer than the 60 s that nginx keeps an idle connection: who closes last never meets a request on its way.
  keepAliveTimeout: 75_000,
  maxHeaderSize: MAX_HEADER_BYTES,
  // Node answers a request without Host by itself, with no body; the receiver refuses it as the contract says.
  requireHostHeader: false,
} as const satisfies ServerOptions;

/**
 * How many newcomers a good sender can be overtaken by before its request is in. A flood of 20,000 connections a second
 * leaves it 200 ms.
 */
export const MOST_CONNECTIONS = 4_000;
/** Waiting to be accepted. Fewer than MOST_CONNECTIONS: those that are accepted at once must not drive each other out. */
export const BACKLOG = 2_000;
/** A client that does not close its side after a refusal gets this long to read it. */
const LINGER_MS = 500;

/** It hung up, or closed its side within a request: nobody reads a reply. */
const SENDER_GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

interface Needs {
  log: Logger;
  metrics: { refused(kind: RefusalKind): void; connectionDropped(): void };
  mostConnections?: number;
}

interface Connection {
  socket: Socket;
  /** A callback of it was answered OK. */
  known: boolean;
  /** Requests that have no reply yet. */
  pending: number;
  latest: { request: IncomingMessage; response: ServerResponse } | null;
  broken: boolean;
  /** Where it stands among those that could be dropped. */
  among: Set<Connection>;
}

/**
 * Keeps a server open to a good sender, whatever else connects, and answers what is not HTTP as the contract says.
 *
 * `server.maxConnections` would shut out whoever comes last, the good sender among them. Instead a newcomer takes the
 * place of the least useful connection: the oldest that never brought a callback, then the one that brought none for
 * longest, then the oldest whose request is incomplete. A request that is complete is never given up.
 */
export function guardServer(
  server: Server | TlsServer,
  { log, metrics, mostConnections = MOST_CONNECTIONS }: Needs,
): void {
  const connections = new Map<Socket, Connection>();
  // Sets keep the order of insertion, so the first is the oldest.
  const strangers = new Set<Connection>();
  const idle = new Set<Connection>();
  const busy = new Set<Connection>();
  let dropped = 0;

  server.on('connection', (socket: Socket) => {
    const connection = { socket, known: false, pending: 0, latest: null, broken: false, among: strangers };
    if (connections.size >= mostConnections) drop(leastUseful() ?? connection);
    if (socket.destroyed) return;
    connections.set(socket, connection);
    strangers.add(connection);
    socket.once('close', () => forget(connection));
  });

  // With TLS, requests come over another socket than the one that connected.
  server.on('secureConnection', (secure: Socket) => {
    for (const connection of strangers) {
      if (connection.socket.remotePort !== secure.remotePort) continue;
      if (connection.socket.remoteAddress !== secure.remoteAddress) continue;
      connections.delete(connection.socket);
      connection.socket = secure;
      connections.set(secure, connection);
      secure.once('close', () => forget(connection));
      return;
    }
  });

  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket);
    if (!connection) return;
    connection.pending += 1;
    connection.latest = { request, response };
    move(connection, busy);
    response.once('close', () => {
      connection.pending -= 1;
      connection.known ||= request.method === 'POST' && response.statusCode === 200;
      if (connection.pending === 0 && connections.has(connection.socket)) {
        move(connection, connection.known ? idle : strangers);
      }
    });
  });

  // Node would answer 417 without a body. Whoever expects something else than 100-continue may be served all the same.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));

  server.on('clientError', (error: NodeJS.ErrnoException & { reason?: string }, socket: Socket) => {
    const connection = connections.get(socket);
    // A TLS handshake that failed: with a listener here, Node leaves its connection to us.
    if (!connection) return void socket.destroy();
    if (connection.broken) return;
    connection.broken = true;
    if (SENDER_GONE.has(error.code ?? '') || !socket.writable) return void socket.destroy();
    const refusal = refusalFor(error);
    metrics.refused(refusal.kind);
    log.warn({ outcome: 'refused', kind: refusal.kind, from: socket.remoteAddress }, refusal.message);
    const { latest, pending } = connection;
    if (latest && !latest.request.complete) {
      // Broken inside its body. Where it was refused before that, its reply is on its way.
      if (!latest.response.headersSent) replyRefusal(latest.response, refusal);
      socket.destroySoon();
    } else if (latest && pending > 0) {
      // The reply to what was in order comes first, and ends the connection.
      latest.response.shouldKeepAlive = false;
    } else {
      socket.end(rawRefusal(refusal));
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    }
  });

  function leastUseful(): Connection | undefined {
    const [stranger] = strangers;
    if (stranger) return stranger;
    const [longestIdle] = idle;
    if (longestIdle) return longestIdle;
    for (const connection of busy) if (!connection.latest?.request.complete) return connection;
    return undefined;
  }

  function drop(connection: Connection): void {
    forget(connection);
    connection.socket.destroy();
    metrics.connectionDropped();
    dropped += 1;
    // One line a connection would be a flood of its own.
    if (dropped % 1000 === 1)
      log.warn({ dropped, mostConnections }, 'too many connections: the least useful is dropped');
  }

  function forget(connection: Connection): void {
    connections.delete(connection.socket);
    connection.among.delete(connection);
  }

  function move(connection: Connection, to: Set<Connection>): void {
    connection.among.delete(connection);
    connection.among = to;
    to.add(connection);
  }
}

function refusalFor({ code, reason }: { code?: string | undefined; reason?: string }): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Refusal('headers too large', `The headers are over ${MAX_HEADER_BYTES} bytes`);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal('too slow', `The request was not complete after ${REQUEST_TIMEOUT_MS / 1000} s`);
  return new Refusal('malformed HTTP', `The request is not HTTP/1.1: ${reason ?? code ?? 'it cannot be read'}`);
}
