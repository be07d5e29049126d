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

/** The sender disconnected before its body was complete, so no reply is possible. */
export class SenderGone extends Error {}

/** Something has read the request's stream without keeping its bytes or text. */
export class BodyConsumed extends Error {}

/** Properties that earlier parsers set on a request. */
interface Parsed {
  /** By convention the bytes, kept by a parser's `verify` option or by a cloud platform. */
  rawBody?: unknown;
  body?: unknown;
  /** From the Fetch API's Request that this request was made from. */
  bodyUsed?: boolean;
}

/**
 * The body that an earlier parser has read; null if the stream is untouched, whatever `request.body` holds: some
 * parsers set it to an empty object without reading.
 *
 * @throws {BodyConsumed} if the stream has been read, but its content is not available as bytes or text
 * @throws {BodyTooLarge} if it is over the limit
 * @throws {SenderGone} if the connection ended inside the body
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
 * Reads a body of at most `limit` bytes, for at most `milliseconds`. The rest is discarded; Node ends a request that
 * takes longer than the server's `requestTimeout`.
 *
 * @throws {BodyTooLarge} as soon as the announced or read length is over the limit
 * @throws {BodyTooSlow} if it is not complete in time
 * @throws {SenderGone} if the connection ends inside the body
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
      // Chunks are text if earlier code has set an encoding.
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
      // Only if needed: an Error with its stack for every successful request would be expensive.
      if (!request.readableEnded) reject(new SenderGone('The sender hung up'));
    });
  });
}

/** The Content-Encoding is not supported. */
export class UnknownEncoding extends Error {}

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
const gunzipBody: Inflate = promisify(gunzip);
const inflateBody: Inflate = promisify(inflate);
const inflateRawBody: Inflate = promisify(inflateRaw);

const DECODERS: Readonly<Record<string, Inflate>> = {
  gzip: gunzipBody,
  'x-gzip': gunzipBody,
  // RFC 9110 requires a zlib header, but some senders omit it.
  deflate: (body, options) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateBody : inflateRawBody)(body, options),
};

/**
 * The beginning of a JSON object, which no compressed data has. Deflate without a header has no checksum, so JSON may
 * inflate to garbage.
 */
const JSON_OBJECT = /^\{[\s"}]/;

/**
 * The encoding of a request's body: `gzip`, `x-gzip`, `deflate`, or '' for none. @throws {UnknownEncoding} for others
 */
export function encodingOf({ headers }: IncomingMessage): string {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return '';
  if (!Object.hasOwn(DECODERS, encoding)) throw new UnknownEncoding(encoding);
  return encoding;
}

/**
 * Decodes a body to at most `limit` bytes. A body that does not have its declared encoding is returned unchanged:
 * proxies that decode may keep the header.
 * @throws {BodyTooLarge} if it decodes to more bytes
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
