import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Prism } from './prism.ts';
import {
  commandIn,
  commandOfBody,
  commandOfUrl,
  placeText,
  type Reply,
  type Request,
  type Violation,
} from './violation.ts';

/** Hop-by-hop headers (RFC 9110, 7.6.1), and `Expect`, which Node answers itself. */
const HOP_BY_HOP =
  /^(connection|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|te|trailer|transfer-encoding|upgrade|expect)$/i;

/** Longer bodies are forwarded unchecked. */
const MAX_CHECKED_BYTES = 16 * 1024 * 1024;

const decoders: Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Limits the lines per message: the first ones suffice for a list of 500 wrong members. */
const MAX_LINES = 20;

export interface Tally {
  requests: number;
  violations: number;
  /** Requests with a violation in either direction. */
  violating: number;
}

interface Checker {
  tally: Tally;
  /** To be called after the reply is forwarded. A request without a body is checked in its other parts. */
  check(request: Omit<Request, 'body'> & { body: Buffer | undefined }, reply: Reply): void;
  /** Resolves when all exchanges passed to `check` are checked. */
  settled(): Promise<unknown>;
}

/** Prints one line for each violation of the contract. */
export function createChecker(prism: Prism, print: (line: string) => void): Checker {
  const tally: Tally = { requests: 0, violations: 0, violating: 0 };
  let queue: Promise<unknown> = Promise.resolve();

  async function check(request: Request, reply: Reply, time: string, isWhole: boolean): Promise<void> {
    const found = await prism.check(request, reply);
    const [path] = request.url.split('?', 1);
    if (!isWhole) {
      found.request = found.request.filter(({ place }) => !/^body\b/.test(place));
      print(`${time}  not checked  ${request.method} ${request.url}: the request's body, cut short or very long`);
    }
    const isPost = request.method === 'POST' && path === '/';
    if (isPost && isWhole && isProbe(request.body)) found.request = [];
    const [inUrl, inBody] = [commandOfUrl(request.url), commandOfBody(request.body)];
    if (isPost && inUrl && inBody && inUrl !== inBody) {
      const rule = `differs from body.CallbackCommand (${JSON.stringify(inBody)})`;
      found.request.push({ place: 'query.CallbackCommand', value: inUrl, rule });
    }
    const count = found.request.length + found.response.length;
    tally.requests += 1;
    tally.violations += count;
    if (count > 0) tally.violating += 1;
    const command = commandIn(request.url, request.body) || `${request.method} ${path}`;
    const printAll = (direction: string, violations: Violation[]) => {
      const line = (...cells: string[]) => print([time, direction.padEnd(8), command, ...cells].join('  '));
      for (const violation of violations.slice(0, MAX_LINES)) line(placeText(violation), violation.rule);
      const more = violations.length - MAX_LINES;
      if (more > 0) line(`and ${more} more`);
    };
    printAll('request', found.request);
    printAll('response', found.response);
  }

  return {
    tally,
    check({ body, ...request }, reply) {
      const time = new Date().toISOString();
      // One at a time, so that the lines are in the order of the replies.
      queue = queue
        .then(() => check({ ...request, body: body ?? Buffer.alloc(0) }, reply, time, body !== undefined))
        .catch((error) => print(`${time}  not checked  ${request.method} ${request.url}: ${error.message}`));
    },
    settled: () => queue,
  };
}

/** The empty body of the console's verify button, which is not a callback and has no schema. */
function isProbe(body: Buffer): boolean {
  return body.length <= 16 && /^\s*(\{\s*\})?\s*$/.test(body.toString());
}

/**
 * Forwards requests to `upstream`, which stands for `/`, and its replies back: status, headers and bodies unchanged, as
 * streams. Passes each complete exchange to the checker.
 */
export function createProxy(upstream: URL, checker: Checker, print: (line: string) => void): RequestListener {
  const { request: send } = upstream.protocol === 'https:' ? https : http;

  return (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const asked = collect(request);
    const target = new URL(upstream);
    const path = pathOf(upstream, url);
    const outgoing = send(
      target,
      {
        method,
        path,
        // A new connection: a kept-alive one may close while the request is in flight, and a callback must not be sent
        // twice.
        agent: false,
        setHost: false,
        headers: [...forwarded(request, 'host'), 'Host', upstream.host, ...framing(request)],
      },
      (reply) => {
        const answered = collect(reply);
        reply.on('end', async () => {
          // A reply may come before its request is complete.
          await ended(request);
          const replyBody = answered();
          if (!replyBody) {
            print(
              `${new Date().toISOString()}  not checked  ${method} ${url}: the reply is over ${MAX_CHECKED_BYTES} bytes`,
            );
            return;
          }
          checker.check(
            {
              method,
              url,
              contentType: request.headers['content-type'],
              body: request.readableEnded ? asDecoded(asked(), request.headers['content-encoding']) : undefined,
            },
            {
              status: reply.statusCode ?? 0,
              contentType: reply.headers['content-type'],
              body: decoded(replyBody, reply.headers['content-encoding']),
            },
          );
        });
        reply.on('error', () => response.destroy());
        response.sendDate = false;
        response.writeHead(reply.statusCode ?? 502, reply.statusMessage, forwarded(reply));
        reply.pipe(response);
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The rest of the body is discarded.
      request.resume();
      fail(error, request, response);
    });
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    request.pipe(outgoing);
  };

  function fail(error: NodeJS.ErrnoException, request: IncomingMessage, response: ServerResponse): void {
    // The sender has hung up.
    if (response.destroyed || response.writableEnded) return;
    const reason =
      error.code === 'ECONNREFUSED' ? `nothing listens at ${upstream.origin}` : error.message || error.code;
    print(`${new Date().toISOString()}  no reply  ${request.method} ${request.url}: ${reason}`);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    response.end(`No reply from ${upstream.href}: ${reason}\n`);
  }
}

/** `/?query` is the callback URL itself; other paths are below it. */
function pathOf({ pathname }: URL, url: string): string {
  const [path = '/', query] = url.split(/\?(.*)/s);
  const base = path === '/' ? pathname : pathname.replace(/\/$/, '') + path;
  return query === undefined ? base : `${base}?${query}`;
}

/** Raw headers, spelled and ordered as received, without hop-by-hop headers and the one that is replaced. */
function forwarded({ rawHeaders, headers }: IncomingMessage, replaced?: string): string[] {
  const dropped = [...String(headers.connection ?? '').split(','), replaced ?? ''].map((name) =>
    name.trim().toLowerCase(),
  );
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index] as string, rawHeaders[index + 1] as string];
    if (!HOP_BY_HOP.test(name) && !dropped.includes(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** The framing of a body without Content-Length: by default Node chooses it by the method. */
function framing({ headers }: IncomingMessage): string[] {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  return headers['content-length'] === undefined ? ['Content-Length', '0'] : [];
}

/** Resolves at the end of the request or of its connection: after the reply, Node emits no error on the request. */
async function ended(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.socket.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  request.once('end', resolve);
  request.socket.once('close', resolve);
  await promise;
  request.socket.off('close', resolve);
}

/** A copy of a stream's bytes; undefined if they exceed the limit. */
function collect(stream: IncomingMessage): () => Buffer | undefined {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MAX_CHECKED_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  return () => (length <= MAX_CHECKED_BYTES ? Buffer.concat(chunks) : undefined);
}

function asDecoded(body: Buffer | undefined, encoding?: string): Buffer | undefined {
  return body && decoded(body, encoding);
}

function decoded(body: Buffer, encoding = 'identity'): Buffer {
  try {
    return decoders[encoding.trim().toLowerCase()]?.(body, { maxOutputLength: MAX_CHECKED_BYTES }) ?? body;
  } catch {
    // Checked undecoded, and reported as not JSON.
    return body;
  }
}
