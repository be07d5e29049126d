import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Checker } from './checker.ts';

/** They belong to one connection (RFC 9110, 7.6.1). Node asks for the body itself where `Expect` wants to be asked. */
const HOP_BY_HOP =
  /^(connection|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|te|trailer|transfer-encoding|upgrade|expect)$/i;

/** What is longer is passed on unchecked. */
const MAX_CHECKED_BYTES = 16 * 1024 * 1024;

const decoders: Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * Passes requests on to `upstream`, which stands for `/`, and its replies back: status, headers and bodies as they
 * came, as they come. Each exchange is handed to the checker when it is over.
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
        // A connection of its own: a kept one may close just as the request is on its way, and that cannot be repeated.
        agent: false,
        setHost: false,
        headers: [...passedOn(request, 'host'), 'Host', upstream.host, ...framing(request)],
      },
      (reply) => {
        const answered = collect(reply);
        reply.on('end', async () => {
          // A reply may come before its request is all there.
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
              body: request.readableEnded ? asked() : undefined,
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
        response.writeHead(reply.statusCode ?? 502, reply.statusMessage, passedOn(reply));
        reply.pipe(response);
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // What is left of the body has nowhere to go.
      request.resume();
      fail(error, request, response);
    });
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    request.pipe(outgoing);
  };

  function fail(error: NodeJS.ErrnoException, request: IncomingMessage, response: ServerResponse): void {
    // The sender hung up, so there is nobody to tell.
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

/** `/?query` goes to the callback URL itself, other paths below it. */
function pathOf({ pathname }: URL, url: string): string {
  const [path = '/', query] = url.split(/\?(.*)/s);
  const base = path === '/' ? pathname : pathname.replace(/\/$/, '') + path;
  return query === undefined ? base : `${base}?${query}`;
}

/** Raw headers, as written and in their order, but for those of the connection, and the one that is replaced. */
function passedOn({ rawHeaders, headers }: IncomingMessage, replaced?: string): string[] {
  const dropped = [...String(headers.connection ?? '').split(','), replaced ?? ''].map((name) =>
    name.trim().toLowerCase(),
  );
  const passed: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index] as string, rawHeaders[index + 1] as string];
    if (!HOP_BY_HOP.test(name) && !dropped.includes(name.toLowerCase())) passed.push(name, value);
  }
  return passed;
}

/** How the end of the body is told, where the sender named no length: left to itself Node decides by the method. */
function framing({ headers }: IncomingMessage): string[] {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  return headers['content-length'] === undefined ? ['Content-Length', '0'] : [];
}

/** Resolves when the request came to its end, or its connection did: after the reply Node does not tell the request. */
async function ended(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.socket.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  request.once('end', resolve);
  request.socket.once('close', resolve);
  await promise;
  request.socket.off('close', resolve);
}

/** A copy of what streams by; undefined when that was too much. */
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

function decoded(body: Buffer, encoding = 'identity'): Buffer {
  try {
    return decoders[encoding.trim().toLowerCase()]?.(body, { maxOutputLength: MAX_CHECKED_BYTES }) ?? body;
  } catch {
    // Checked as it is, which is no JSON.
    return body;
  }
}
