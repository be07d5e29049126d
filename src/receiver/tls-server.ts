import { type RequestListener, STATUS_CODES } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { components } from '../../generated/callback.ts';
import type { Logger } from '../callback/logger.ts';
import {
  judgeTls,
  nameOf,
  readTlsFiles,
  readTlsFilesSync,
  TLS_VARIABLES,
  type TlsPaths,
  type TlsTexts,
} from './tls-files.ts';

/** The vendor waits 2 s for its answer. A stalled handshake also delays a graceful stop by up to this time. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
/**
 * Files are polled and compared by content: the kernel does not report that a symbolic link two folders up was swapped,
 * as Kubernetes and certbot do, nor a change on a network file system.
 */
const POLL_MS = 2_000;

export interface TlsServerOptions {
  paths: TlsPaths;
  log: Logger;
  /** Options of the HTTP server: its time-outs and limits. */
  options?: ServerOptions;
  pollMs?: number;
}

/**
 * An HTTPS server that reloads these files when they change. Open connections keep their certificate.
 * @throws if the files cannot be used
 */
export function createTlsServer(
  { paths, log, options, pollMs = POLL_MS }: TlsServerOptions,
  handler: RequestListener,
): Server {
  const texts = readTlsFilesSync(paths);
  const judged = judgeTls(texts);
  if (!('options' in judged)) throw new Error(describe(judged.problems, paths));

  const server = createServer(
    {
      ...options,
      ...judged.options,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      requestCert: paths.TLS_CLIENT_CA_FILE !== undefined,
      rejectUnauthorized: true,
    },
    handler,
  );
  announce(judged, log, 'HTTPS is served');
  answerPlainHttp(server, log);
  reloadOnChange(server, { paths, log, pollMs, texts });
  return server;
}

function reloadOnChange(
  server: Server,
  { paths, log, pollMs, texts }: Required<Omit<TlsServerOptions, 'options'>> & { texts: TlsTexts },
) {
  let judgedTexts = texts;
  let lastTexts = texts;
  let reading = false;

  async function look(): Promise<void> {
    const now = await readTlsFiles(paths);
    // Waits until the files are stable: certificate and key are not written at the same moment.
    const still = sameTexts(now, lastTexts);
    lastTexts = now;
    if (!still || sameTexts(now, judgedTexts)) return;
    judgedTexts = now;
    const judged = judgeTls(now);
    if (!('options' in judged)) {
      const problems = describe(judged.problems, paths);
      log.warn(paths, `the TLS files changed and cannot be served with, so the old ones stay: ${problems}`);
      return;
    }
    server.setSecureContext(judged.options);
    announce(judged, log, 'the certificate was reloaded');
  }

  const timer = setInterval(() => {
    // Reads must not pile up on a file system that hangs.
    if (reading) return;
    reading = true;
    look()
      .catch((error) => log.error({ err: error }, 'the TLS files could not be taken up'))
      .finally(() => {
        reading = false;
      });
  }, pollMs).unref();
  server.on('close', () => clearInterval(timer));
}

function sameTexts(some: TlsTexts, others: TlsTexts): boolean {
  const comparable = (texts: TlsTexts) =>
    TLS_VARIABLES.map((name) => {
      const text = texts[name];
      return text instanceof Error ? { code: text.code } : text;
    });
  return isDeepStrictEqual(comparable(some), comparable(others));
}

function announce(
  { certificate, options }: Extract<ReturnType<typeof judgeTls>, { options: object }>,
  log: Logger,
  what: string,
): void {
  const { validFromDate, validToDate } = certificate;
  log.info(
    { certificate: nameOf(certificate), validTo: validToDate, clientCertificates: options.ca !== undefined },
    what,
  );
  const now = Date.now();
  if (now > validToDate.getTime()) log.warn({ validTo: validToDate }, 'the certificate of TLS_CERT_FILE has expired');
  if (now < validFromDate.getTime())
    log.warn({ validFrom: validFromDate }, 'the certificate of TLS_CERT_FILE is not valid yet');
}

function describe(problems: readonly { name: keyof TlsPaths; expected: string }[], paths: TlsPaths): string {
  return problems
    .map(({ name, expected }) => `${name} (${JSON.stringify(paths[name])}): expected ${expected}`)
    .join('; ');
}

const HTTPS_ONLY = JSON.stringify({
  ActionStatus: 'FAIL',
  ErrorInfo: 'This port speaks HTTPS: the callback URL must start with https://',
  ErrorCode: 10100,
} satisfies components['schemas']['Reply']);

/** Answers plain HTTP with an explanation in plain HTTP; by default Node only closes the connection. */
function answerPlainHttp(server: Server, log: Logger): void {
  // A TLS socket cannot write unencrypted data, so the TCP socket beneath each is remembered.
  const beneath = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    beneath.set(peer, socket);
    socket.once('close', () => beneath.delete(peer));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const refusedCertificate = socket.authorizationError;
    // Port scans and health checks of load balancers disconnect before they send anything.
    if (error.code === 'ECONNRESET' && !refusedCertificate) return;
    log.warn(
      { outcome: 'refused', kind: 'TLS', from: socket.remoteAddress, code: refusedCertificate ?? error.code },
      'a sender did not pass the TLS handshake',
    );
    if (error.code !== 'ERR_SSL_HTTP_REQUEST') return;
    beneath
      .get(peerOf(socket))
      ?.end(
        `HTTP/1.1 400 ${STATUS_CODES[400]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
          `Content-Length: ${Buffer.byteLength(HTTPS_ONLY)}\r\nConnection: close\r\n\r\n${HTTPS_ONLY}`,
      );
  });
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
