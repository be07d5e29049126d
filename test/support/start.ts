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
import { createAdmin } from '../../src/admin/admin.ts';
import { createLive } from '../../src/admin/live.ts';
import { aboutThis, sendTestCallback } from '../../src/admin/setup.ts';
import { openContract } from '../../src/callback/contract.ts';
import { readConfig } from '../../src/config.ts';
import { createDecide } from '../../src/decisions/decide.ts';
import type { Rules } from '../../src/decisions/rule.ts';
import { RULES } from '../../src/decisions/rules.ts';
import { createMetrics } from '../../src/metrics.ts';
import { guardServer, SERVER_LIMITS } from '../../src/receiver/guard-server.ts';
import { commandsOf, judgeBy } from '../../src/receiver/judge.ts';
import { createReceiver } from '../../src/receiver/receiver.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { Spool } from '../../src/store/store-and-forward.ts';
import { ContractMatcher, type Reply } from './contract.ts';

export const callbackContract = new ContractMatcher(callbackDocument, 'receiveCallback');
export const adminContract = new ContractMatcher(adminDocument, 'getPage');

const teardowns: (() => unknown)[] = [];
/** Runs after the test, last one first. */
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
  /** Base URLs without a slash at the end. */
  receiverUrl: string;
  adminUrl: string;
  store: Store;
  /** Every line of the log. */
  logged: string[];
  /** Nobody answers at receiverUrl from then on. */
  closeReceiver(): Promise<void>;
  /** Sends to the public listener and matches the reply to the contract. */
  send(path: string, init?: RequestInit): Promise<Answer>;
  /** Reads from the private listener and matches the reply to the contract. */
  read(path: string, init?: RequestInit): Promise<Answer>;
}

/** Both listeners on ports of their own, with a real database in a folder of the test's. */
export async function start({
  env = {},
  now,
  folder = temporaryFolder(),
  document = callbackDocument,
  wrapStore = (store) => store,
  wrapSpool = (spool) => spool,
  mostConnections,
  rules = {},
}: {
  env?: Record<string, string>;
  now?: () => number;
  folder?: string;
  document?: object;
  wrapStore?: (store: Store) => Store;
  wrapSpool?: (spool: Spool) => Spool;
  mostConnections?: number;
  /** In place of those that the app has. */
  rules?: Partial<Rules>;
} = {}): Promise<Running> {
  const config = readConfig({ DATABASE_URL: `sqlite:${join(folder, 'callbacks.db')}`, ...env });
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  const contract = await openContract(document);
  const judgeCallback = judgeBy(contract, config.sdkAppId, config);
  const metrics = createMetrics(commandsOf(contract));
  const opened = await openStore(config.databaseUrl, {
    sdkAppId: config.sdkAppId,
    judgeCallback,
    log,
    observer: metrics.store,
    openSpool: async () => wrapSpool(await openSqliteStore(join(folder, 'spool.db'), config.sdkAppId, metrics.store)),
  });
  teardown(() => opened.close());
  const store = wrapStore(opened);
  metrics.watch(store);
  const decide = createDecide({ config, rules: { ...RULES, ...rules }, contract, log, metrics });
  const receiver = createServer(
    SERVER_LIMITS,
    createReceiver({ config, judgeCallback, decide, store, log, metrics, ...(now ? { now } : {}) }),
  );
  guardServer(receiver, { log, metrics, ...(mostConnections ? { mostConnections } : {}) });
  const receiverUrl = await serve(receiver);
  const live = createLive({ store, log, metrics });
  const about = aboutThis(config, receiverUrl + config.callbackPath);
  const adminUrl = await serve(
    createServer(
      await createAdmin({
        config,
        judgeCallback,
        store,
        live,
        about,
        sendTestCallback: () =>
          sendTestCallback(about.callbackUrl, { sdkAppId: config.sdkAppId, token: config.tokens[0] ?? null }),
        log,
        metrics,
        ...(now ? { now } : {}),
      }),
    ),
  );
  return {
    receiverUrl,
    adminUrl,
    store,
    logged,
    closeReceiver: () => new Promise((resolve) => receiver.close(() => resolve())),
    send: (path, init) => exchange(callbackContract, receiverUrl, path, init),
    read: (path, init) => exchange(adminContract, adminUrl, path, init),
  };
}

/** Serves on a free loopback port until the test ends. */
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
  return { ...answer, json: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined };
}

/** Of a stream that does not end, what comes first. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return Buffer.from(value ?? []).toString();
}
