import http from 'node:http';
import https from 'node:https';
import type { Expected } from './faults.ts';
import type { VendorRequest } from './vendor-request.ts';

/** A request with what may be unusual about it. */
export interface Sendable extends Omit<VendorRequest, 'body'> {
  body: string | Uint8Array;
  /** `null` = no such header; application/json unless given. */
  contentType?: string | null;
  /** In two pieces, without announcing the length. */
  chunked?: boolean;
}

export interface Reply {
  status: number;
  contentType: string | undefined;
  body: string;
  milliseconds: number;
  /** The sender's port: the same one = the same connection. */
  localPort: number | undefined;
}

/** Why there is no reply. */
export interface Failure {
  failure: string;
  /** Not even a connection came about. */
  unreachable: boolean;
  /** The other side ended the connection. */
  closed: boolean;
}

export type Outcome = Reply | Failure;

// The vendor gives up after 2 s; waiting longer shows how late a late reply is.
const defaultTimeoutSeconds = 5;
const maxReplyBytes = 65_536;

/** Sends over the agent's connections and never rejects. */
export function send(
  { method, url, body, contentType = 'application/json', chunked = false }: Sendable,
  agent: http.Agent,
  timeoutSeconds = defaultTimeoutSeconds,
): Promise<Outcome> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
    method,
    agent,
    headers: contentType === null ? {} : { 'Content-Type': contentType },
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
      if (bytes > maxReplyBytes) fail(new Error(`a reply of more than ${maxReplyBytes} bytes`));
    });
    incoming.on('end', () => {
      clearTimeout(timer);
      resolve({
        status: incoming.statusCode ?? 0,
        contentType: incoming.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
        milliseconds: performance.now() - started,
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

/** How a reply differs from what is expected, nothing where it does not. */
export function differences(reply: Reply, { status, errorCode }: Expected): string[] {
  const found: string[] = [];
  if (reply.status !== status) found.push(`status ${reply.status} instead of ${status}`);
  if (!/^application\/json\s*(;|$)/i.test(reply.contentType ?? '')) {
    found.push(`Content-Type ${reply.contentType ?? 'missing'} instead of application/json`);
  }
  const body = parseObject(reply.body);
  if (!body) return [...found, 'a body that is not a JSON object'];
  const actionStatus = errorCode === 0 ? 'OK' : 'FAIL';
  for (const [name, wanted] of Object.entries({ ActionStatus: actionStatus, ErrorCode: errorCode })) {
    if (body[name] === wanted) continue;
    found.push(`${name} ${JSON.stringify(body[name]) ?? 'missing'} instead of ${JSON.stringify(wanted)}`);
  }
  return found;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function explain(error: NodeJS.ErrnoException, url: URL): string {
  const code = error.code ?? '';
  if (code === 'ECONNREFUSED') return `nothing listens at ${url.origin}: start the receiver with npm start`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `there is no host ${url.hostname}: check --url`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was closed without a reply';
  if (code === 'EPROTO' || code.startsWith('HPE_')) return `${url.origin} does not speak ${url.protocol.slice(0, -1)}`;
  if (/CERT|VERIFY/.test(code)) {
    return `the certificate of ${url.origin} is not trusted (${code}): name its issuer by NODE_EXTRA_CA_CERTS=<file>`;
  }
  return error.message || code;
}
