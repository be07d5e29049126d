import { isUtf8 } from 'node:buffer';

export interface Message {
  /** The Content-Type header; undefined where there is none. */
  contentType: string | undefined;
  body: Buffer;
}

/** The JSON value of a body; for anything else its text, which no schema of the contract takes. Empty: undefined. */
export function parseBody(body: Buffer): { value: unknown; json: boolean } {
  if (body.length === 0) return { value: undefined, json: false };
  const text = body.toString();
  try {
    if (isUtf8(body)) return { value: JSON.parse(text), json: true };
  } catch {
    // Not JSON.
  }
  return { value: text, json: false };
}

/** What the console's verify button sends: no callback, so no schema describes it. */
export function isProbe(body: Buffer): boolean {
  return body.length <= 16 && /^\s*(\{\s*\})?\s*$/.test(body.toString());
}
