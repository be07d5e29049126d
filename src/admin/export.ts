import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import adminDocument from '../../generated/admin.json' with { type: 'json' };
import type { Page } from '../store/bounded-scans.ts';
import { serverCloses } from './live.ts';

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
type Form = keyof typeof TYPES;
type Schema = 'Callback' | 'Group' | 'Delivery';
/** Items in memory at once. A page of this size costs the store some milliseconds. */
const PAGE = 500;
/** Without it, Excel assumes the machine's own encoding. */
const BYTE_ORDER_MARK = '\uFEFF';
/** Beginnings that a spreadsheet may take for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n]/;

/** The export format that a request asks for; null for a page of the list. */
export function exportFormOf(request: Request, format: 'json' | Form | undefined): Form | null {
  if (format !== undefined) return format === 'json' ? null : format;
  // A client that accepts everything gets the first one.
  const accepted = request.accepts(['application/json', ...Object.values(TYPES)]);
  return (Object.keys(TYPES) as Form[]).find((form) => TYPES[form] === accepted) ?? null;
}

/**
 * Sends a whole list, page by page, as fast as the client reads it. If a page cannot be read, the connection is
 * destroyed, so that a client does not mistake a part for the whole.
 * @param read a page of at most this many items after a place
 */
export async function sendExport<Item extends object, Place>(
  request: Request,
  response: Response,
  form: Form,
  {
    name,
    schema,
    after,
    read,
  }: {
    name: string;
    schema: Schema;
    after: Place | undefined;
    read: (after: Place | undefined, limit: number) => Promise<Page<Item, Place>>;
  },
): Promise<void> {
  const most = typeof request.query.limit === 'string' ? Number(request.query.limit) : Number.POSITIVE_INFINITY;
  const pages = pagesOf(request, read, after, most);
  // If the first page cannot be read, the reply is a problem document.
  const first = await pages.next();
  response.setHeader('Content-Type', `${TYPES[form]}; charset=utf-8`);
  response.setHeader('Content-Disposition', `attachment; filename="${name}.${form}"`);
  if (request.method === 'HEAD') return void response.end();
  const columns = Object.keys(adminDocument.components.schemas[schema].properties);
  const textOf = form === 'ndjson' ? (item: Item) => `${JSON.stringify(item)}\n` : (item: Item) => rowOf(item, columns);
  async function* texts(): AsyncGenerator<string> {
    if (form === 'csv') yield BYTE_ORDER_MARK + lineOf(columns);
    for (let page = first; !page.done; page = await pages.next()) yield page.value.map(textOf).join('');
  }
  try {
    await pipeline(texts, response);
  } catch (error) {
    // The client has disconnected.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* pagesOf<Item, Place>(
  request: Request,
  read: (after: Place | undefined, limit: number) => Promise<Page<Item, Place>>,
  start: Place | undefined,
  most: number,
): AsyncGenerator<Item[]> {
  let left = most;
  for (let after = start; ; ) {
    const { items, next } = await read(after, Math.min(PAGE, left));
    yield items;
    left -= items.length;
    if (next === null || left <= 0) return;
    if (serverCloses(request)) throw new Error('an export was cut off: the receiver is closing');
    after = next;
  }
}

/** A row of a CSV file (RFC 4180). */
function rowOf(item: object, columns: readonly string[]): string {
  return lineOf(columns.map((column) => cellOf((item as Record<string, unknown>)[column])));
}

function lineOf(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\r\n`;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return FORMULA.test(value) ? `'${value}` : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
