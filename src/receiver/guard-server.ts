import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { LogSampler } from '../callback/log-sampling.ts';
import type { Logger } from '../callback/logger.ts';
import { Refusal, type RefusalKind, rawRefusal, replyRefusal } from './reply.ts';

/** Deadline for the headers and for a whole request. The vendor gives up after 2 s. */
const REQUEST_TIMEOUT_MS = 5_000;
/** The vendor's URL takes about 500 bytes; a proxy adds its own headers. */
const MAX_HEADER_BYTES = 8 * 1024;

/** Options for `createServer` of http and https. */
export const SERVER_LIMITS = {
  headersTimeout: REQUEST_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 500,
  // Longer than nginx keeps an idle connection (60 s): this side must not close a connection that nginx is about to
  // use.
  keepAliveTimeout: 75_000,
  maxHeaderSize: MAX_HEADER_BYTES,
  // Node would refuse a request without Host with an empty body; the receiver's refusal follows the contract.
  requireHostHeader: false,
} as const satisfies ServerOptions;

/** A flood of 20,000 connections a second leaves a good sender 200 ms to complete its request before its eviction. */
export const MOST_CONNECTIONS = 4_000;
/**
 * Connections waiting to be accepted. Fewer than MOST_CONNECTIONS: otherwise new connections of one turn would evict
 * each other.
 */
export const BACKLOG = 2_000;
/** How long a client may take to read a refusal before its connection is destroyed. */
const LINGER_MS = 500;

/** Errors of a client that disconnected within a request and reads no reply. */
const SENDER_GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

export interface GuardOptions {
  log: Logger;
  metrics: { refused(kind: RefusalKind): void; connectionDropped(): void };
  mostConnections?: number;
}

interface Connection {
  socket: Socket;
  /** A callback on this connection was answered OK. */
  known: boolean;
  /** Number of requests without a reply. */
  pending: number;
  latest: { request: IncomingMessage; response: ServerResponse } | null;
  broken: boolean;
  /** The set that contains it; the sets order the candidates for eviction. */
  among: Set<Connection>;
}

/**
 * Keeps a server reachable for good senders under a flood of connections, and answers invalid HTTP in the contract's
 * form.
 *
 * `server.maxConnections` would refuse every new connection, those of good senders included. Instead, a new connection
 * evicts the least useful one: the oldest that never carried a callback, then the one that is idle the longest, then
 * the oldest with an incomplete request. A connection with a complete request is never evicted.
 */
export function guardServer(
  server: Server | TlsServer,
  { log, metrics, mostConnections = MOST_CONNECTIONS }: GuardOptions,
): void {
  const connections = new Map<Socket, Connection>();
  // A Set iterates in insertion order, so its first entry is the oldest.
  const strangers = new Set<Connection>();
  const idle = new Set<Connection>();
  const busy = new Set<Connection>();
  const refusals = new LogSampler();
  let dropped = 0;

  server.on('connection', (socket: Socket) => {
    const connection = { socket, known: false, pending: 0, latest: null, broken: false, among: strangers };
    if (connections.size >= mostConnections) drop(leastUseful() ?? connection);
    if (socket.destroyed) return;
    connections.set(socket, connection);
    strangers.add(connection);
    socket.once('close', () => forget(connection));
  });

  // With TLS, requests arrive on a different socket than that of the 'connection' event.
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

  // Node would answer 417 without a body; an unknown Expect header is no reason to refuse.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));

  server.on('clientError', (error: NodeJS.ErrnoException & { reason?: string }, socket: Socket) => {
    const connection = connections.get(socket);
    // A failed TLS handshake: Node leaves closing the connection to a 'clientError' listener.
    if (!connection) return void socket.destroy();
    if (connection.broken) return;
    connection.broken = true;
    if (SENDER_GONE.has(error.code ?? '') || !socket.writable) return void socket.destroy();
    const refusal = refusalFor(error);
    metrics.refused(refusal.kind);
    const { kind, message } = refusal;
    const from = socket.remoteAddress;
    refusals.sample(kind, (sampled) => log.warn({ outcome: 'refused', kind, from, ...sampled }, message));
    const { latest, pending } = connection;
    if (latest && !latest.request.complete) {
      // Broken within its body. If it was refused before, that reply has already been sent.
      if (!latest.response.headersSent) replyRefusal(latest.response, refusal);
      socket.destroySoon();
    } else if (latest && pending > 0) {
      // An earlier request was valid: its reply is sent first, and ends the connection.
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
    // One line per connection would flood the log.
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
