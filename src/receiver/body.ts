import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';

export class BodyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`The body is over ${limit} bytes`);
    this.limit = limit;
  }
}

export class BodyTooSlow extends Error {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`The body was not complete after ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/** The sender disconnected before its body was complete: no reply is possible. */
export class SenderGone extends Error {}

/**
 * Reads a body of at most `limit` bytes, for at most `milliseconds`. The rest is discarded; Node ends a request that takes
 * longer than the server's `requestTimeout`.
 *
 * @throws {BodyTooLarge} as soon as the length announced or read is over the limit
 * @throws {BodyTooSlow} when it is not complete in time
 * @throws {SenderGone} when the connection ends inside the body
 */
export function readBody(request: IncomingMessage, limit: number, milliseconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > limit) {
      reject(new BodyTooLarge(limit));
      return;
    }
    const timer = setTimeout(() => {
      chunks.length = 0;
      length = Number.POSITIVE_INFINITY;
      reject(new BodyTooSlow(milliseconds));
    }, milliseconds);
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        clearTimeout(timer);
        reject(new BodyTooLarge(limit));
      }
    });
    request.on('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
    request.on('error', (cause) => reject(new SenderGone('The sender hung up', { cause })));
    request.on('close', () => {
      clearTimeout(timer);
      // Only where needed: an Error with its stack for every successful request would be expensive.
      if (!request.readableEnded) reject(new SenderGone('The sender hung up'));
    });
  });
}

/** A Content-Encoding that is not read. */
export class UnknownEncoding extends Error {}

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
const gunzipBody: Inflate = promisify(gunzip);
const inflateBody: Inflate = promisify(inflate);
const inflateRawBody: Inflate = promisify(inflateRaw);

const DECODERS: Readonly<Record<string, Inflate>> = {
  gzip: gunzipBody,
  'x-gzip': gunzipBody,
  // With a zlib header by RFC 9110; some senders leave the header out.
  deflate: (body, options) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateBody : inflateRawBody)(body, options),
};

/** The encoding of a request's body: `gzip`, `x-gzip`, `deflate`, or '' for none. @throws {UnknownEncoding} for others */
export function encodingOf({ headers }: IncomingMessage): string {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return '';
  if (!Object.hasOwn(DECODERS, encoding)) throw new UnknownEncoding(encoding);
  return encoding;
}

/**
 * Decodes a body to at most `limit` bytes. A body that is not in its encoding is returned as it is: proxies that decode
 * may leave the header behind.
 * @throws {BodyTooLarge} when there are more bytes
 */
export async function decodeBody(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decode = DECODERS[encoding];
  if (!decode || body.length === 0) return body;
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge(limit);
    return body;
  }
}
