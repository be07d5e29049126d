import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { components } from '../generated/admin.ts';
import { RecentMinutes } from '../src/admin/recent-minutes.ts';
import { DROP, reject, replace } from '../src/decisions/verdicts.ts';
import { PLAIN_OK, type ReplyEntry, repliesRows } from '../src/store/activity.ts';
import { startActivityWriter } from '../src/store/activity-writer.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { type Running, start, temporaryFolder } from './support/start.ts';
import { APP, CREATED, pathOf, payload, payloadOf, post } from './support/vendor.ts';

type Minute = components['schemas']['Minute'];

const SEND = 'Group.CallbackBeforeSendMsg';
const MESSAGE = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi ***' } }];
const silent = { info() {}, warn() {}, error() {}, debug() {} };

/** The newest callback's reply, as the read API returns it. */
async function shown({ read }: Running) {
  const [{ id }] = (await read('/api/callbacks?limit=1')).json.callbacks;
  return (await read(`/api/callbacks/${id}`)).json.reply;
}

test('each outcome is shown as it was answered, also after a restart; of a repeat the first answer stays', async () => {
  const folder = temporaryFolder();
  const rules = {
    [SEND]: ({ payload: { MsgBody } }: { payload: { MsgBody?: unknown[] } }) =>
      MsgBody?.length === 2 ? DROP : MsgBody?.length === 3 ? replace({ MsgBody: MESSAGE }) : reject('not here'),
  };
  const running = await start({ folder, rules: rules as never });
  const created = payload();
  const messages = (count: number) => payloadOf(SEND, { MsgBody: Array.from({ length: count }, () => MESSAGE[0]) });
  const sent: [body: unknown, command?: string][] = [
    [created],
    [payload({ Name: 7 })],
    [{ CallbackCommand: 'Group.CallbackAfterNothing' }, 'Group.CallbackAfterNothing'],
    [messages(1), SEND],
    [messages(2), SEND],
    [messages(3), SEND],
  ];
  const replies = [];
  for (const [body, command = CREATED] of sent) {
    const { status, text } = await running.send(pathOf({ CallbackCommand: command }), post(body));
    const reply = await shown(running);
    expect(reply).toEqual({ status, body: text, milliseconds: expect.any(Number) });
    replies.push(reply);
  }
  expect(replies.map(({ status }) => status)).toEqual([200, 400, 200, 200, 200, 200]);
  await running.send(pathOf(), post(created));
  expect((await running.read('/api/callbacks/1')).json).toMatchObject({ repeats: 1, reply: replies[0] });
  // On close, it saves the rest before its database is closed.
  await running.close();

  const { read } = await start({ folder });
  for (const [index, reply] of replies.entries())
    expect((await read(`/api/callbacks/${index + 1}`)).json.reply).toEqual(reply);
  // The minute may have ended meanwhile.
  const { minutes } = (await read('/api/stats')).json;
  const sumOf = (count: (minute: Minute) => number) =>
    minutes.map(count).reduce((sum: number, one: number) => sum + one);
  expect([
    sumOf(({ accepted }) => accepted),
    sumOf(({ unknown, rejected, repeats }) => unknown + rejected + repeats),
    sumOf(({ decisions }) => decisions.refused),
    sumOf(({ decisions }) => decisions.changed),
    sumOf(({ decisions }) => decisions.allowed + decisions.fallback),
    minutes.some(({ medianSeconds }: Minute) => medianSeconds !== null),
  ]).toEqual([4, 3, 2, 1, 0, true]);
});

test('without messages the body of a reply that carries one is not kept, and its status is', async () => {
  const rules = { [SEND]: () => replace({ MsgBody: MESSAGE }) };
  const folder = temporaryFolder();
  const running = await start({ folder, env: { KEEP_MESSAGES: 'false' }, rules: rules as never });
  await running.send(pathOf({ CallbackCommand: SEND }), post(payloadOf(SEND)));
  const expected = { status: 200, body: null, milliseconds: expect.any(Number) };
  expect(await shown(running)).toEqual(expected);
  await running.close();
  expect(await shown(await start({ folder }))).toEqual(expected);
});

describe.each(useDatabases())('on %s', (_, createUrl) => {
  test('a reply is found among those of several receivers, until its callback is pruned', async () => {
    const store = await openedStore(await createUrl());
    const ids: number[] = [];
    for (let count = 0; count < 6; count += 1) ids.push(await append(store, count));
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = ids;
    const save = (...entries: ReplyEntry[]) => store.saveActivity({ replies: repliesRows(entries), minutes: [] });
    const text = '{"ActionStatus":"FAIL","ErrorInfo":"nul \\u0000","ErrorCode":1}';
    // Two receivers with interleaved ids; what one writes again after a failure is stored once.
    await save([fifth, 200, 1.5], [first, 200, 0.7]);
    await save([second, 400, 3, text], [fourth, 200, 2, null], [sixth, 200, 9]);
    await save([second, 400, 3, text], [fourth, 200, 2, null], [sixth, 200, 9]);
    const found = async (id: number) => store.findReply(String(id));
    expect(await Promise.all(ids.map(found))).toEqual([
      { status: 200, body: PLAIN_OK, milliseconds: 0.7 },
      { status: 400, body: text, milliseconds: 3 },
      null,
      { status: 200, body: null, milliseconds: 2 },
      { status: 200, body: PLAIN_OK, milliseconds: 1.5 },
      { status: 200, body: PLAIN_OK, milliseconds: 9 },
    ]);
    expect([await store.findReply('x'), await found(sixth + 1)]).toEqual([null, null]);

    expect(await store.pruneCallbacks(new Date(1_005), 100)).toBe(5);
    // The row of the first receiver is gone; the last callback is in the other receiver's row.
    expect([await found(first), await found(fifth), await found(third)]).toEqual([null, null, null]);
    expect(await found(sixth)).toMatchObject({ milliseconds: 9 });
  });

  test('figures are those of all receivers and of those before, each once, for two hours', async () => {
    const store = await openedStore(await createUrl());
    let clock = Date.UTC(2026, 0, 1, 12);
    const [one, other] = [new RecentMinutes(() => clock), new RecentMinutes(() => clock)];
    const save = async (minutes: RecentMinutes) => store.saveActivity({ replies: [], minutes: minutes.due(true) });
    const read = async (minutes: RecentMinutes) => minutes.read(await store.listMinutes(minutes.oldest()));
    one.stored('accepted');
    one.replied(0.001);
    other.stored('rejected');
    for (let count = 0; count < 99; count += 1) other.replied(1);
    other.decided({ action: 'drop', source: 'fallback' });
    await save(one);
    await save(other);
    one.stored('repeat');
    const sum = {
      ...{ at: '2026-01-01T12:00:00.000Z', accepted: 1, unknown: 0, rejected: 1, repeats: 1, refused: 0 },
      decisions: { allowed: 0, refused: 1, changed: 0, fallback: 1 },
    };
    const [seen, ...rest] = await read(one);
    expect([seen, rest]).toEqual([{ ...sum, medianSeconds: expect.any(Number), p99Seconds: expect.any(Number) }, []]);
    expect(seen?.medianSeconds).toBeCloseTo(1, 0);
    // Not saved yet.
    expect(await read(other)).toMatchObject([{ ...sum, repeats: 0 }]);

    clock += 3 * 60_000;
    const later = new RecentMinutes(() => clock);
    expect(later.due(true)).toEqual([]);
    later.refused();
    await save(one);
    expect((await read(later)).map(({ accepted, repeats, refused }) => [accepted, repeats, refused])).toEqual([
      [1, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 1],
    ]);
    clock += 130 * 60_000;
    later.stored('accepted');
    await save(later);
    expect(await store.listMinutes(0)).toHaveLength(1);
  });
});

test('a database that cannot record them is asked again, and what waits for it is bounded', async () => {
  const folder = temporaryFolder();
  const log = { ...silent, trace() {} } as never;
  const judge = () => {
    throw new Error('nothing is judged here');
  };
  const databaseUrl = `sqlite:${folder}/callbacks.db`;
  const store = await openStore(databaseUrl, { sdkAppId: Number(APP), spoolFile: `${folder}/spool.db`, judge, log });
  let fails = true;
  const saveActivity: Store['saveActivity'] = async (activity) => {
    if (fails) throw new Error('away');
    await store.saveActivity(activity);
  };
  const writer = startActivityWriter({ store: { saveActivity }, minutes: new RecentMinutes(), log });
  for (let id = 1; id <= 25_000; id += 1) writer.replied(String(id), { status: 200 }, 1);
  await writer.close();
  expect([writer.pendingReply('20000'), writer.pendingReply('20001')]).toEqual([expect.anything(), null]);
  fails = false;
  await writer.close();
  expect(await store.findReply('20000')).toMatchObject({ status: 200 });
  expect(writer.pendingReply('20000')).toBeNull();
  await store.close();
});

async function append(store: Store, count: number): Promise<number> {
  const { id } = await store.append({
    arrival: randomUUID(),
    query: '',
    body: Buffer.from('{}'),
    idempotencyKey: Buffer.from(randomUUID()),
    receivedAt: new Date(1_000 + count),
    status: 'accepted',
    command: CREATED,
    groupId: null,
    eventTime: null,
    reason: null,
    change: null,
  });
  return Number(id);
}
