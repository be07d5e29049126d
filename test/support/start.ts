import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { pino } from 'pino';
import adminDocument from '../../generated/admin.json' with { type: 'json' };
import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { type AppOptions, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Rules } from '../../src/decisions/rules.ts';
import type { DecidedCommand } from '../../src/decisions/verdicts.ts';
import { createListeners } from '../../src/listeners.ts';
import type { Store } from '../../src/store/store.ts';
import { ContractMatcher, type Reply } from './contract.ts';

export const callbackContract = new ContractMatcher(callbackDocument, 'receiveCallback');
export const adminContract = new ContractMatcher(adminDocument, 'getPage');

const ON_FREE_PORTS = { host: '127.0.0.1', port: 0, adminPort: 0 };

const teardowns: (() => unknown)[] = [];
/** Runs after the test, in reverse order. */
export function teardown(work: () => unknown): void {
  teardowns.push(work);
}
afterEach(async () => {
  for (const work of teardowns.splice(0).reverse()) await work();
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callbacks-'));
  teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Answer extends Reply {
  // biome-ignore lint/suspicious/noExplicitAny: a reply's shape is checked against the contract, not by the compiler
  json: any;
}

export interface Running {
  /** Base URLs without a trailing slash. */
  receiverUrl: string;
  adminUrl: string;
  store: Store;
  /** Every line of the log. */
  logged: string[];
  /** Ends the app as its program does, with what it still has to write. */
  close(): Promise<void>;
  /** Nobody answers at receiverUrl from then on. */
  closeReceiver(): Promise<void>;
  /** Sends to the public listener and matches the reply to the contract. */
  send(path: string, init?: RequestInit): Promise<Answer>;
  /** Reads from the admin listener and matches the reply to the contract. */
  read(path: string, init?: RequestInit): Promise<Answer>;
}

/** The app on free ports, with a real database in a folder of the test. */
export async function start({
  env = {},
  folder = temporaryFolder(),
  rules = {},
  mostConnections,
  ...options
}: { env?: Record<string, string>; folder?: string; rules?: Rules; mostConnections?: number } & Omit<
  AppOptions,
  'log'
> = {}): Promise<Running> {
  const settings = readConfig({ DATABASE_URL: `sqlite:${join(folder, 'callbacks.db')}`, ...env });
  const config = { ...settings, ...ON_FREE_PORTS, spoolFile: join(folder, 'spool.db') };
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  const app = await createApp(config, { log, ...options });
  teardown(() => app.receiver.close());
  for (const [command, rule] of Object.entries(rules)) app.receiver.decide(command as DecidedCommand, rule as never);
  const { now } = options;
  const listeners = createListeners(app, config, {
    log,
    ...(now && { now }),
    ...(mostConnections && { mostConnections }),
  });
  teardown(() => {
    listeners.publicServer.closeAllConnections();
    listeners.adminServer.closeAllConnections();
    return listeners.close();
  });
  const { adminUrl, callbackUrl } = await listeners.listen();
  const receiverUrl = new URL(callbackUrl).origin;
  return {
    receiverUrl,
    adminUrl,
    store: app.store,
    logged,
    close: () => app.receiver.close(),
    closeReceiver: () => new Promise((resolve) => listeners.publicServer.close(() => resolve())),
    send: (path, init) => exchange(callbackContract, receiverUrl, path, init),
    read: (path, init) => exchange(adminContract, adminUrl, path, init),
  };
}

/** Serves on a free loopback port; closed with the test. */
export async function serve(served: Server | RequestListener): Promise<string> {
  const server = typeof served === 'function' ? createServer(served) : served;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  teardown(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function exchange(
  contract: ContractMatcher,
  base: string,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(base + path, init);
  const text = await textOf(response);
  const answer = { status: response.status, headers: response.headers, text };
  contract.match(init.method ?? 'GET', path, answer);
  return { ...answer, json: /[/+]json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined };
}

/** For an endless stream, its first chunk. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return Buffer.from(value ?? []).toString();
}
