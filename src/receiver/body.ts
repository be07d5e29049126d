import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
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

/** Somebody has read the request's stream, and kept neither bytes nor text of it. */
export class BodyConsumed extends Error {}

/** What parsers in front of the receiver leave on a request. */
interface Parsed {
  /** By convention the bytes, kept by a parser's `verify` option, or by a cloud platform. */
  rawBody?: unknown;
  body?: unknown;
  /** Of the Request of the Fetch API that this one was made from. */
  bodyUsed?: boolean;
}

/**
 * The body that a parser in front of the receiver has read already; null where the stream is untouched, whatever is in
 * `request.body`: some parsers put an empty object there without reading.
 *
 * @throws {BodyConsumed} when the stream has been read and what was in it is not there as bytes or text
 * @throws {BodyTooLarge} when it is over the limit
 * @throws {SenderGone} when the connection ended inside the body
 */
export function bodyReadBefore(request: IncomingMessage, limit: number): Buffer | null {
  const { rawBody, body, bodyUsed = false } = request as Parsed;
  const given = bytesOf(rawBody) ?? bytesOf(body);
  if (given !== null) {
    if (given.length > limit) throw new BodyTooLarge(limit);
    return given;
  }
  if (!bodyUsed && !Readable.isDisturbed(request)) return null;
  if (request.destroyed && !request.complete) throw new SenderGone('The sender hung up');
  throw new BodyConsumed('The body was consumed before the receiver could read it');
}

function bytesOf(given: unknown): Buffer | null {
  if (typeof given === 'string') return Buffer.from(given);
  if (given instanceof Uint8Array) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  return null;
}

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
    request.on('data', (chunk: Buffer | string) => {
      // Text, where code in front of the receiver has set an encoding.
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, request.readableEncoding ?? 'utf8') : chunk;
      length += bytes.length;
      if (length <= limit) {
        chunks.push(bytes);
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

/** How a JSON object begins, and nothing compressed. Deflate without a header has no checksum: JSON may inflate to garbage. */
const JSON_OBJECT = /^\{[\s"}]/;

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
  if (!decode || body.length === 0 || JSON_OBJECT.test(body.toString('latin1', 0, 2))) return body;
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge(limit);
    return body;
  }
}
