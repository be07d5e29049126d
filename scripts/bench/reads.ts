import { randomUUID } from 'node:crypto';
import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { openContract } from '../../src/callback/contract.ts';
import { judgeBy } from '../../src/receiver/judge.ts';
import { openStoreForBatch } from '../../src/store/open-store.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';
import { BODY_BYTES } from './options.ts';
import { COMMAND, RequestTemplate, SDK_APP_ID, TOKEN } from './request-template.ts';
import { median } from './results.ts';

const TIMES = 30;
const WARM_UP = 5;
/** Slow reads are measured fewer times. */
const MOST_MS = 5_000;

/** Median milliseconds of each read. */
export type ReadTimes = Record<string, number>;

/** Times the reads behind the page, on an otherwise idle receiver. */
export async function readTimes(adminUrl: string): Promise<ReadTimes> {
  const { groups } = (await (await fetch(`${adminUrl}/api/groups?limit=1`)).json()) as {
    groups: { groupId: string }[];
  };
  const id = encodeURIComponent(groups[0]?.groupId ?? 'none');
  const reads = {
    groups: '/api/groups?limit=50',
    'groups of a type': '/api/groups?limit=50&type=Public',
    'groups of a type that none has': '/api/groups?limit=50&type=Nothing',
    'groups of an owner': '/api/groups?limit=50&owner=nobody',
    'one group': `/api/groups/${id}`,
    'search, found': '/api/groups?limit=50&search=First',
    'search, nothing found': '/api/groups?limit=50&search=no%20group%20is%20called%20so',
    'history of a group': `/api/groups/${id}/history`,
    figures: '/api/stats',
    callbacks: '/api/callbacks?limit=50',
    'rejected callbacks': '/api/callbacks?limit=50&status=rejected',
    'repeated callbacks': '/api/callbacks?limit=50&repeated=true',
    'callbacks of a command': `/api/callbacks?limit=50&command=${COMMAND}`,
  };
  const times: ReadTimes = {};
  for (const [name, path] of Object.entries(reads)) times[name] = await timeOf(adminUrl + path);
  return times;
}

export function isSearch(read: string): boolean {
  return read.startsWith('search');
}

async function timeOf(url: string): Promise<number> {
  const taken: number[] = [];
  const deadline = performance.now() + MOST_MS;
  for (let index = 0; index < WARM_UP + TIMES && (index < 2 || performance.now() < deadline); index += 1) {
    const started = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    if (!response.ok && response.status !== 404) throw new Error(`${url} answered ${response.status}`);
    taken.push(performance.now() - started);
  }
  return median(taken.length > WARM_UP ? taken.slice(WARM_UP) : taken.slice(1)) as number;
}

const AT_ONCE = 1_000;

/** Stores `count` callbacks of different groups in a new database, as the receiver would, but without HTTP. */
export async function fill(databaseUrl: string, count: number, onProgress: (stored: number) => void): Promise<void> {
  const judge = judgeBy(await openContract(callbackDocument), SDK_APP_ID);
  const url = 'http://127.0.0.1/';
  const query = vendorRequest(COMMAND, '', { url, sdkAppId: SDK_APP_ID, token: TOKEN }).url.search.slice(1);
  const template = new RequestTemplate(url, { command: COMMAND, bodyBytes: BODY_BYTES });
  const store = await openStoreForBatch(databaseUrl, SDK_APP_ID);
  for (let stored = 0; stored < count; stored += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - stored) }, () =>
      judge({ arrival: randomUUID(), query, body: template.nextBody(), receivedAt: new Date() }),
    );
    await Promise.all(batch.map(({ callback }) => store.append(callback)));
    if (stored % (50 * AT_ONCE) === 0) onProgress(stored + batch.length);
  }
  await store.close();
}
