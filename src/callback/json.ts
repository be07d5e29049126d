import { isUtf8 } from 'node:buffer';
import { filled, OTHER_RULES } from './rule-words.ts';

/** The vendor nests about five levels. Deeper bodies could exhaust the stack in recursive code. */
const MOST_LEVELS = 100;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, COMMA] = Buffer.from('"\\[]{},');

/** A parsed value, or the problem of the text. `problem` continues a sentence that starts with the name of the text. */
export type Parsed = { value: unknown; problem?: undefined } | { value?: undefined; problem: string };

/** Replaces values during parsing; `source` is the text of a number, with all of its digits. */
export type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Parses JSON in UTF-8 (RFC 8259), with or without a byte order mark, at most 100 levels deep. */
export function parseJson(bytes: Uint8Array, reviver?: Reviver): Parsed {
  const json = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  if (isNestedDeeper(json, MOST_LEVELS)) return { problem: filled(OTHER_RULES.tooDeep.en, { levels: MOST_LEVELS }) };
  if (isUtf8(json)) {
    try {
      const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
      return { value: JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]) };
    } catch {
      // The error of JSON.parse quotes the text, which may contain a message.
    }
  }
  return { problem: OTHER_RULES.notJson.en };
}

// Node.js has these functions, but TypeScript does not declare them yet.
const { parse, rawJSON, isRawJSON } = JSON as unknown as {
  parse(text: string, revive: (name: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
};

export { rawJSON };

/** Shorter numbers survive parsing and serialization unchanged. */
const LONG_NUMBER = /\d{16}/;

/**
 * The value with long numbers, such as those beyond 2^53, preserved as written; null if there are none to preserve.
 * @param json a text that `parseJson` accepts
 */
export function withWholeNumbers(json: Uint8Array): unknown {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength)
    .toString()
    .replace(/^\uFEFF/, '');
  if (!LONG_NUMBER.test(text)) return null;
  return parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
  );
}

/** Whether the value is a preserved number from `withWholeNumbers`. */
export function isRawNumber(value: unknown): boolean {
  return isRawJSON(value);
}

/**
 * Whether lists and objects are nested deeper than `most` in the bytes of a JSON text. Brackets in strings do not
 * count. The answer is arbitrary for invalid JSON.
 */
function isNestedDeeper(json: Uint8Array, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > most) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth -= 1;
    }
  }
  return false;
}

/**
 * The items of a list as they are written, which preserves numbers beyond 2^53.
 * @param json a text that `parseJson` accepts
 * @param member name of the list in the outermost object; if it is repeated, the last one counts, as in `JSON.parse`
 */
export function itemTextsOf(json: Uint8Array, member: string): Buffer[] {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  let items: Buffer[] = [];
  let depth = 0;
  let name: string | null = null;
  /** Start of the current item; -1 outside of the list. */
  let start = -1;
  const endItem = (end: number) => {
    const text = trimmed(bytes.subarray(start, end));
    if (text.length > 0) items.push(text);
  };
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      const end = endOfString(bytes, index);
      if (depth === 1 && name === null) name = JSON.parse(bytes.toString('utf8', index, end));
      index = end - 1;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth !== 2 || name !== member) continue;
      items = [];
      start = byte === OPEN_LIST ? index + 1 : -1;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth === 2 && start >= 0) endItem(index);
      depth -= 1;
      if (depth < 2) start = -1;
    } else if (byte === COMMA && depth === 1) {
      name = null;
    } else if (byte === COMMA && depth === 2 && start >= 0) {
      endItem(index);
      start = index + 1;
    }
  }
  return items;
}

/** The index after the closing quote of a string. @param start at its opening quote */
function endOfString(json: Uint8Array, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== QUOTE) index += json[index] === BACKSLASH ? 2 : 1;
  return index + 1;
}

function trimmed(text: Buffer): Buffer {
  const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text[start])) start += 1;
  while (end > start && isSpace(text[end - 1])) end -= 1;
  return text.subarray(start, end);
}
