import { open, readFile, stat } from 'node:fs/promises';
import type { Request, Response } from 'express';
import { type Coding, codingFor, compress } from './compression.ts';

interface Compressed {
  stamp: string;
  bytes: Promise<Buffer>;
}

/**
 * Generated files, each compressed once. An idle receiver keeps only the compressed bytes, about a quarter of the
 * originals.
 */
const kept = new Map<string, Compressed>();

/**
 * Sends a generated file, which contains no user data: browsers may cache it, and revalidate it.
 *
 * @throws if the file cannot be read
 */
export async function sendStatic(request: Request, response: Response, path: string, type: string): Promise<void> {
  const { mtimeMs, size } = await stat(path);
  const stamp = `${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}`;
  const coding = codingFor(request);
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('ETag', `"${stamp}${coding ? `-${coding}` : ''}"`);
  response.vary('Accept-Encoding');
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const body = coding === null ? await readFile(path) : await compressed(path, coding, stamp);
  response.type(type);
  if (coding !== null) response.setHeader('Content-Encoding', coding);
  response.send(body);
}

/** The first bytes of a file as text. */
export async function beginningOf(path: string, length: number): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function compressed(path: string, coding: Coding, stamp: string): Promise<Buffer> {
  const key = `${coding} ${path}`;
  const known = kept.get(key);
  if (known?.stamp === stamp) return known.bytes;
  const bytes = readFile(path).then((text) => compress(text, coding, 9));
  kept.set(key, { stamp, bytes });
  // A failure must not be cached.
  bytes.catch(() => kept.delete(key));
  return bytes;
}
