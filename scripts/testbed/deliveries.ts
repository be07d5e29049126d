import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readExamples } from '../simulator/examples.ts';
import { send } from '../simulator/send.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';
import { readRows } from './database.ts';
import type { RecordedDelivery } from './recording-handlers.ts';

const COMMAND = 'Group.CallbackAfterGroupInfoChanged';
const SDK_APP_ID = 1_400_000_000;
const POLL_MS = 20;

/** Environment that makes the receiver record its deliveries in this file. */
export function recordingIn(file: string): Record<string, string> {
  return { HANDLERS: join(import.meta.dirname, 'recording-handlers.ts'), RECORD_FILE: file };
}

export function recordedIn(file: string): RecordedDelivery[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A kill may have truncated the last line.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as RecordedDelivery);
}

export interface GroupLoad {
  /** Callbacks that were answered OK so far: `<group> <EventTime>`. */
  acknowledged: ReadonlySet<string>;
  /** Stops sending, and resolves when nothing is in flight. */
  stop(): Promise<ReadonlySet<string>>;
}

/**
 * Sends callbacks of several groups, those of one group one at a time, so that their order of arrival is known.
 * @param receivers the present receivers; callbacks of one group go to them in turn
 * @param pauseMs pause between two callbacks of one group
 */
export function startGroupLoad(
  receivers: () => readonly { callbackUrl: string }[],
  { groups = 40, pauseMs = 50 }: { groups?: number; pauseMs?: number | undefined } = {},
): GroupLoad {
  const run = randomUUID().slice(0, 8);
  const agent = new Agent({ keepAlive: true });
  const acknowledged = new Set<string>();
  const example = readExamples()[COMMAND]?.value;
  let stopped = false;
  const sending = Promise.all(Array.from({ length: groups }, (_, index) => sendGroup(`@TGS#${run}-${index}`, index)));

  return {
    acknowledged,
    async stop() {
      stopped = true;
      await sending;
      agent.destroy();
      return acknowledged;
    },
  };

  async function sendGroup(group: string, index: number): Promise<void> {
    for (let at = 1_700_000_000_000; !stopped; at += 1) {
      const targets = receivers();
      const url = targets[(index + at) % targets.length]?.callbackUrl;
      if (url !== undefined) {
        const body = JSON.stringify({ ...example, GroupId: group, EventTime: at });
        const outcome = await send(
          vendorRequest(COMMAND, body, { url, sdkAppId: SDK_APP_ID, token: undefined }),
          agent,
        );
        if ('status' in outcome && outcome.status === 200) acknowledged.add(`${group} ${at}`);
      }
      await sleep(pauseMs);
    }
  }
}

export interface JudgedDeliveries {
  /** Answered OK, but not delivered. */
  missed: number;
  /** Delivered before a callback of its group that is stored earlier. */
  outOfOrder: number;
  /** Repeated deliveries: in total, and the most after one kill. */
  repeats: number;
  mostRepeats: number;
  /** Callbacks delivered under more than one id. */
  otherIds: number;
}

/** Compares recorded deliveries with the acknowledged callbacks, and with the order in the database. */
export async function judgeDeliveries(
  databaseUrl: string,
  acknowledged: ReadonlySet<string>,
  recorded: readonly RecordedDelivery[],
): Promise<JudgedDeliveries> {
  const places = await placesIn(databaseUrl);
  const ids = new Map<string, string>();
  /** The highest place delivered for each group, per process and overall. */
  const lastOf = new Map<string, number>();
  const repeatsOf = new Map<number, number>();
  let outOfOrder = 0;
  let otherIds = 0;
  for (const { pid, id, group, at } of recorded) {
    const key = `${group} ${at}`;
    const place = places.get(key) ?? -1;
    if (ids.has(key)) {
      repeatsOf.set(pid, (repeatsOf.get(pid) ?? 0) + 1);
      if (ids.get(key) !== id) otherIds += 1;
    }
    ids.set(key, id);
    // Ascending within a process; after a kill, some are repeated, also in order.
    if (pid !== 0 && place <= (lastOf.get(`${pid} ${group}`) ?? -1)) outOfOrder += 1;
    lastOf.set(`${pid} ${group}`, place);
  }
  outOfOrder += skippedFirst(recorded, places);
  const repeats = [...repeatsOf.values()];
  return {
    missed: [...acknowledged].filter((key) => !ids.has(key)).length,
    outOfOrder,
    repeats: repeats.reduce((sum, count) => sum + count, 0),
    mostRepeats: Math.max(0, ...repeats),
    otherIds,
  };
}

/** The place of each callback in the order of the database, by `<group> <EventTime>`. */
async function placesIn(databaseUrl: string): Promise<Map<string, number>> {
  const [body, order] = databaseUrl.startsWith('sqlite:')
    ? ['CAST(body AS TEXT)', 'coalesce(place, id)']
    : ["convert_from(body, 'UTF8')", 'xid, id'];
  const rows = await readRows<{ body: string }>(databaseUrl, `SELECT ${body} AS body FROM callbacks ORDER BY ${order}`);
  const keys = rows.map((row) => JSON.parse(row.body)).map(({ GroupId, EventTime }) => `${GroupId} ${EventTime}`);
  return new Map(keys.map((key, index) => [key, index]));
}

export interface JudgedStream {
  messages: number;
  /** Answered OK, but not in the stream. */
  missed: number;
  /** In the stream more than once. */
  doubled: number;
  /** In the stream after a callback that the database has later. */
  outOfOrder: number;
}

/** Judges the content of a stream, which follows the order of the whole database, not only that of each group. */
export async function judgeStream(
  databaseUrl: string,
  acknowledged: ReadonlySet<string>,
  streamed: readonly Pick<RecordedDelivery, 'group' | 'at'>[],
): Promise<JudgedStream> {
  const places = await placesIn(databaseUrl);
  const keys = streamed.map(({ group, at }) => `${group} ${at}`);
  const known = new Set(keys);
  let last = -1;
  let outOfOrder = 0;
  for (const key of keys) {
    const place = places.get(key) ?? -1;
    if (place < last) outOfOrder += 1;
    last = Math.max(last, place);
  }
  return {
    missed: [...acknowledged].filter((key) => !known.has(key)).length,
    messages: keys.length,
    doubled: keys.length - known.size,
    outOfOrder,
  };
}

/** Callbacks first delivered after a later one of their group. */
function skippedFirst(recorded: readonly RecordedDelivery[], places: ReadonlyMap<string, number>): number {
  const seen = new Set<string>();
  const highest = new Map<string, number>();
  let found = 0;
  for (const { group, at } of recorded) {
    const key = `${group} ${at}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const place = places.get(key) ?? -1;
    if (place < (highest.get(group) ?? -1)) found += 1;
    else highest.set(group, place);
  }
  return found;
}

/** Resolves when all of them have been delivered. @throws if it takes longer */
export async function untilDelivered(
  file: string,
  acknowledged: ReadonlySet<string>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const delivered = new Set(recordedIn(file).map(({ group, at }) => `${group} ${at}`));
    const missing = [...acknowledged].filter((key) => !delivered.has(key));
    if (missing.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(
        `${missing.length} callbacks were not delivered within ${withinMs / 1000} s, such as ${missing[0]}`,
      );
    await sleep(POLL_MS);
  }
}
