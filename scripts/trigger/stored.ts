import { signUrl, unixSeconds, type VendorApp } from '../../src/callback/vendor-url.ts';
import { Failure, type Given, UsageError } from '../command-line.ts';
import type { VendorRequest } from '../simulator/vendor-request.ts';

/** The admin listener of a receiver. */
export interface AdminListener {
  /** With a slash at the end. */
  adminUrl: string;
  adminPassword: string | undefined;
}

/** A callback as a receiver has stored it. */
export interface StoredCallback {
  command: string;
  source: 'callback' | 'backfill';
  query: Record<string, string | string[]>;
  body: string;
}

/** The options that define a new callback, which do not apply to a stored one. */
const OTHERS = ['command', 'set', 'unset', 'count', 'fault'];

/** The id of a stored callback to send again; undefined if an example is sent. */
export function readStoredId(given: Given): string | undefined {
  const id = given.text('callback');
  if (id === undefined) return undefined;
  if (!/^\d+$/.test(id))
    throw new UsageError(`--callback: "${id}", expected the id of a stored callback, such as 1043`);
  const [example] = given.positionals;
  const other = example ?? OTHERS.find((name) => given.text(name) !== undefined);
  if (other === undefined) return id;
  const name = example === undefined ? `--${other}` : `"${example}"`;
  throw new UsageError(`--callback sends a stored callback as it was received: leave ${name} out`);
}

export function readAdminListener(given: Given, environment: NodeJS.ProcessEnv): AdminListener {
  const url = given.text('admin') ?? `http://127.0.0.1:${environment.ADMIN_PORT || '3001'}/`;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    const name = given.text('admin') ? '--admin' : 'ADMIN_PORT';
    throw new UsageError(`${name}: "${url}", expected a URL such as http://127.0.0.1:3001/`);
  }
  return { adminUrl: url.replace(/\/?$/, '/'), adminPassword: environment.ADMIN_PASSWORD || undefined };
}

/**
 * Reads a callback from the receiver that has stored it.
 * @throws {Failure} if it has no such callback, or does not answer
 */
export async function readStored(id: string, { adminUrl, adminPassword }: AdminListener): Promise<StoredCallback> {
  const credentials = Buffer.from(`admin:${adminPassword}`).toString('base64');
  const headers = adminPassword === undefined ? {} : { Authorization: `Basic ${credentials}` };
  const response = await fetch(new URL(`api/callbacks/${id}`, adminUrl), { headers }).catch((cause) => {
    const remedy = 'start the receiver, or name its admin listener by --admin or ADMIN_PORT';
    throw new Failure(`nothing answers at ${adminUrl}: ${remedy}`, { cause });
  });
  const text = await response.text();
  if (response.status === 401) {
    const fact = adminPassword === undefined ? 'asks for a password' : 'has another password';
    throw new Failure(`the admin listener at ${adminUrl} ${fact}: give it by ADMIN_PASSWORD`);
  }
  if (!response.ok) throw new Failure(`${adminUrl} answered ${response.status}: ${detailOf(text)}`);
  const callback: StoredCallback = JSON.parse(text);
  if (callback.source === 'callback') return callback;
  throw new Failure(`${id} is a snapshot of the back-fill, which the vendor has never sent`);
}

function detailOf(text: string): string {
  try {
    return JSON.parse(text).detail;
  } catch {
    return text.slice(0, 200);
  }
}

/** The original request, signed with the current time if there is a token. */
export function storedRequest({ query, body }: StoredCallback, app: VendorApp): VendorRequest {
  const url = new URL(app.url);
  for (const [name, values] of Object.entries(query)) {
    if (name === 'Sign' || name === 'RequestTime') continue;
    for (const value of [values].flat()) url.searchParams.append(name, value);
  }
  if (app.token) signUrl(url, app.token, unixSeconds());
  url.searchParams.sort();
  return { method: 'POST', url, body };
}
