import { median } from '../median.ts';
import { COMMAND } from '../request-template.ts';

const TIMES = 30;
const WARM_UP = 5;
/** Of what takes long there are fewer. */
const MOST_MS = 5_000;

/** Median milliseconds of each read. */
export type ReadTimes = Record<string, number>;

/** Reads what people read, from a receiver that does nothing else meanwhile. */
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
