/**
 * Text for a column that is searched or shown. No database column holds NUL and lone surrogates alike, so they become
 * U+FFFD there; the body's bytes and the group's document keep them.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** PostgreSQL holds 2,704 bytes in an index row; an account, a type or a command of the vendor has far fewer. */
const MOST_INDEXED_CHARACTERS = 256;

/** Text for a column that an index holds: its beginning, which is all of it but for what no vendor sends. */
export function indexedText(text: string): string {
  return storableText(text.slice(0, MOST_INDEXED_CHARACTERS));
}
