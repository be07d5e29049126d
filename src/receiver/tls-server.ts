import { type RequestListener, STATUS_CODES } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { components } from '../../generated/callback.ts';
import { readTlsFiles, readTlsFilesSync, type TlsPaths } from './read-tls-files.ts';
import { judgeTls, nameOf, TLS_VARIABLES, type TlsTexts } from './tls-files.ts';

/** The vendor waits 2 s for its answer. Whoever stalls here also holds up the stop for as long. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
/**
 * The files are read again this often and compared by content: of a link that is swapped two folders away, as
 * Kubernetes and certbot do it, and of a network file system, the kernel tells nothing.
 */
const POLL_MS = 2_000;

interface Needs {
  paths: TlsPaths;
  log: Logger;
  /** Of the HTTP server: its time-outs and limits. */
  options?: ServerOptions;
  pollMs?: number;
}

/**
 * An HTTPS server with these files, which takes up their changes until it is closed. Connections that stand keep the
 * certificate they began with.
 *
 * @throws when the files cannot be served with
 */
export function createTlsServer({ paths, log, options, pollMs = POLL_MS }: Needs, handler: RequestListener): Server {
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
  keepUp(server, { paths, log, pollMs, texts });
  return server;
}

function keepUp(server: Server, { paths, log, pollMs, texts }: Required<Omit<Needs, 'options'>> & { texts: TlsTexts }) {
  let judgedTexts = texts;
  let lastTexts = texts;
  let reading = false;

  async function look(): Promise<void> {
    const now = await readTlsFiles(paths);
    // What changed is looked at once it held still: certificate and key are not written at one moment.
    const still = sameTexts(now, lastTexts);
    lastTexts = now;
    if (!still || sameTexts(now, judgedTexts)) return;
    judgedTexts = now;
    const judged = judgeTls(now);
    if (!('options' in judged)) {
      log.warn(
        `the TLS files changed and cannot be served with, so the old ones stay: ${describe(judged.problems, paths)}`,
      );
      return;
    }
    server.setSecureContext(judged.options);
    announce(judged, log, 'the certificate was reloaded');
  }

  const timer = setInterval(() => {
    // A file system that hangs must not pile up reads.
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

/** Who sends plain HTTP is told so, in plain HTTP; by itself Node only hangs up. */
function answerPlainHttp(server: Server, log: Logger): void {
  // The TLS socket has no way to write around its encryption, so the connections beneath are remembered.
  const beneath = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    beneath.set(peer, socket);
    socket.once('close', () => beneath.delete(peer));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const refusedCertificate = socket.authorizationError;
    // A port scan, a balancer's check: it hung up before it said anything.
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
