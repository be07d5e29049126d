import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { invocation } from '../../src/invocation.ts';
import type { VendorRequest } from './vendor-request.ts';

/** A request, with its unusual properties. */
export interface Sendable extends Omit<VendorRequest, 'body'> {
  body: string | Uint8Array;
  /** Default: application/json; `null`: no such header. */
  contentType?: string | null;
  /** In addition to Content-Type. */
  headers?: Record<string, string>;
  /** In two chunks, without Content-Length. */
  chunked?: boolean;
}

export interface Reply {
  status: number;
  contentType: string | undefined;
  body: string;
  milliseconds: number;
  /** Our receiver reports `unknown` for a command outside its contract. */
  outcome?: string | undefined;
  /** The sender's port: the same port is the same connection. */
  localPort: number | undefined;
}

export interface NoReply {
  /** Why there is no reply. */
  failure: string;
  /** No connection was established. */
  unreachable: boolean;
  /** The other side ended the connection. */
  closed: boolean;
}

export type Outcome = Reply | NoReply;

// The vendor gives up after 2 s; waiting longer shows how late a late reply is.
const DEFAULT_TIMEOUT_SECONDS = 5;
const MAX_REPLY_BYTES = 65_536;

/** An agent that keeps its connections. */
export function keepAliveAgent(url: string, maxSockets = Number.POSITIVE_INFINITY): http.Agent {
  return new (url.startsWith('https:') ? https : http).Agent({ keepAlive: true, maxSockets });
}

/** Sends over the agent's connections and never rejects. */
export function send(
  { method, url, body, contentType = 'application/json', headers = {}, chunked = false }: Sendable,
  agent: http.Agent,
  timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
): Promise<Outcome> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
    method,
    agent,
    headers: { ...(contentType !== null && { 'Content-Type': contentType }), ...headers },
  });
  const timer = setTimeout(() => fail(new Error(`no reply within ${timeoutSeconds} s`)), timeoutSeconds * 1000);
  outgoing.on('error', fail);
  outgoing.on('response', (incoming) => {
    const { localPort } = incoming.socket;
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('error', fail);
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_REPLY_BYTES) fail(new Error(`a reply of more than ${MAX_REPLY_BYTES} bytes`));
    });
    incoming.on('end', () => {
      clearTimeout(timer);
      resolve({
        status: incoming.statusCode ?? 0,
        contentType: incoming.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
        milliseconds: performance.now() - started,
        outcome: incoming.headers['callback-outcome']?.toString(),
        localPort,
      });
    });
  });
  if (chunked) {
    const middle = Math.ceil(body.length / 2);
    outgoing.write(body.slice(0, middle));
    outgoing.end(body.slice(middle));
  } else {
    outgoing.end(body);
  }
  return promise;

  function fail(error: NodeJS.ErrnoException) {
    clearTimeout(timer);
    const { code = '' } = error;
    resolve({
      failure: explain(error, url),
      unreachable: /^(ECONNREFUSED|ENOTFOUND)$/.test(code),
      closed: /^(ECONNRESET|EPIPE)$/.test(code),
    });
    outgoing.destroy();
  }
}

/** A raw connection to the URL's host, with TLS for https. */
export function connect({ protocol, hostname, port }: URL): net.Socket {
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port || (secure ? 443 : 80)) };
  // An IP address is not allowed as server name (RFC 6066, 3).
  return secure ? tls.connect({ ...target, ...(net.isIP(host) === 0 && { servername: host }) }) : net.connect(target);
}

function explain(error: NodeJS.ErrnoException, url: URL): string {
  const code = error.code ?? '';
  if (code === 'ECONNREFUSED')
    return `nothing listens at ${url.origin}: start the receiver with ${invocation('start')}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `there is no host ${url.hostname}: check --url`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was closed without a reply';
  if (code === 'EPROTO' || code.startsWith('HPE_')) return `${url.origin} does not speak ${url.protocol.slice(0, -1)}`;
  if (/CERT|VERIFY/.test(code)) {
    return `the certificate of ${url.origin} is not trusted (${code}): name its issuer by NODE_EXTRA_CA_CERTS=<file>`;
  }
  return error.message || code;
}
