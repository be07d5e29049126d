import { describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import type { EndpointName } from '../scripts/simulator/rest/endpoints.ts';
import { populate, randomFrom } from '../scripts/simulator/rest/history.ts';
import type { Call, Fault } from '../scripts/simulator/rest/rest-server.ts';
import { createWorld } from '../scripts/simulator/rest/world.ts';
import { backfill } from '../src/backfill/backfill.ts';
import type { LeftOut } from '../src/backfill/difference.ts';
import type { RunEnd, RunOptions } from '../src/backfill/run.ts';
import type { BackfillStore } from '../src/store/backfills.ts';
import { emptyStore, mirrorOf, startVendor, wholeRun, withoutToldAlone, worldOf } from './support/backfills.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { NOON } from './support/rest-simulator.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const ENDPOINTS: EndpointName[] = ['get_appid_group_list', 'get_group_info', 'get_group_member_info'];
const customFields = ['topic'];

/** A vendor whose groups the mirror does not know. */
async function unknownWorld(groups = 60) {
  const clock = new SimulatedClock(NOON);
  const world = createWorld({ now: clock.now });
  populate(world, groups, randomFrom(5), 8);
  const crowd = Array.from({ length: 120 }, (_, index) => `crowd${index}`);
  const large = world.create({ groupId: 'large', name: 'Large', owner: 'ann', members: crowd });
  clock.advance(5_000);
  return { world, large, ...(await startVendor(world, { clock, timeoutMs: 250 })) };
}

const [[, createSqlite], ...others] = useDatabases() as [[string, () => Promise<string>]];

/** A run that can be continued, with the groups it left out. */
async function run(options: RunOptions): Promise<RunEnd & { leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  const onLeftOut = (one: LeftOut) => void leftOut.push(one);
  const claim = { kind: 'backfill', options: 'all' } as const;
  return { ...(await backfill({ ...options, customFields, claim, onLeftOut })), leftOut };
}

function expectNoSecret(text: string): void {
  expect(text).not.toMatch(/usersig=|0123456789abcdef|eJ[\w*-]{20}/i);
}

const PASSING: Fault[] = [
  ...[10002, 10006, 60007, 60008, 60011, 60014, 60018, 60019, 70169, 70001, 70003].map((code) => ({ code })),
  ...(['reset', 'half', 'bad-gateway', 'silence'] as const),
  { delay: 1_000 },
];

test.each(PASSING.map((fault) => [JSON.stringify(fault), fault] as const))(
  '%s for a moment, at each endpoint, does not change the result',
  async (_name, fault) => {
    const { world, server, ...connected } = await unknownWorld(20);
    const store = await openedStore(await createSqlite());
    for (const endpoint of ENDPOINTS) server.inject(fault, { endpoint, times: 1 });
    expect(await run(wholeRun(store, connected))).toMatchObject({ finished: true, error: null, leftOut: [] });
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
  },
  30_000,
);

const ENDING: Fault[] = [
  ...[10003, 10004, 60002, 60003, 60006, 60009, 60010, 60012, 60016, 60017, 60020, 60021].map((code) => ({ code })),
  ...[70001, 70003, 70009, 70013, 60004, 10006, 10002].map((code) => ({ code })),
  ...(['reset', 'bad-gateway'] as const),
];

test.each(ENDING.map((fault) => [JSON.stringify(fault), fault] as const))(
  '%s that persists ends the run: stored groups are whole, the error names the reason, and another run continues',
  async (_name, fault) => {
    const { world, server, ...connected } = await unknownWorld();
    const store = await openedStore(await createSqlite());
    let isOn = true;
    const when = ({ number }: Call) => isOn && number > 40;
    server.inject(fault, { when, times: FOREVER });
    const ended = await run(wholeRun(store, connected));
    expect(ended.finished).toBe(false);
    expectNoSecret(String(ended.error));
    expect(ended.error?.message).toMatch(typeof fault === 'object' && 'code' in fault ? String(fault.code) : /is away/);
    const truth = withoutToldAlone(worldOf(world));
    const stored = withoutToldAlone(await mirrorOf(store));
    expect(stored).toEqual(truth.filter(({ groupId }) => stored.some((group) => group.groupId === groupId)));
    isOn = false;
    expect(await run(wholeRun(store, connected))).toMatchObject({ finished: true, error: null });
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(truth);
  },
  30_000,
);

test.each([
  [10007, 'get_group_info', /10007, not permitted, or not for this type/],
  [10015, 'get_group_info', /10015, the id is not that of a group/],
  [99999, 'get_group_info', /99999, an error that is not known here/],
  [10007, 'get_group_member_info', /10007/],
  [11000, 'get_group_member_info', /11000, communities are not enabled/],
] as const)('%i for one group, at %s, leaves that group out with the reason', async (code, endpoint, reason) => {
  const { world, server, large, ...connected } = await unknownWorld(20);
  const store = await openedStore(await createSqlite());
  const isOfGroup = ({ body }: Call) => body.includes(`"${large}"`);
  if (endpoint === 'get_group_info') server.inject({ code, groupId: large }, { endpoint, times: FOREVER });
  else server.inject({ code }, { endpoint, when: isOfGroup, times: FOREVER });
  const { finished, counts, leftOut } = await run(wholeRun(store, connected));
  expect({ finished, leftOut: counts.leftOut }).toEqual({ finished: true, leftOut: 1 });
  expect(leftOut).toEqual([{ groupId: large, code, reason: expect.stringMatching(reason) }]);
  expectNoSecret(JSON.stringify(leftOut));
  const truth = worldOf(world).filter(({ groupId }) => groupId !== large);
  expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(truth));
});

test('replies over 1 MB are requested in parts', async () => {
  const { world, server, ...connected } = await unknownWorld();
  const store = await openedStore(await createSqlite());
  const count = ({ body }: Call) => JSON.parse(body).GroupIdList?.length ?? JSON.parse(body).Limit;
  server.inject({ code: 10018 }, { endpoint: 'get_group_info', when: (call) => count(call) > 7, times: FOREVER });
  server.inject(
    { code: 10018 },
    { endpoint: 'get_group_member_info', when: (call) => count(call) > 30, times: FOREVER },
  );
  server.inject(
    { code: 10018 },
    { endpoint: 'get_appid_group_list', when: (call) => count(call) > 20, times: FOREVER },
  );
  expect(await run(wholeRun(store, connected))).toMatchObject({ finished: true, leftOut: [] });
  expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
});

test('a group destroyed between two of its calls counts as gone', async () => {
  const { world, server, ...connected } = await unknownWorld(5);
  const store = await openedStore(await createSqlite());
  await run(wholeRun(store, connected));
  const first = [...world.groups.keys()][0] as string;
  server.inject(
    { code: 10010 },
    { endpoint: 'get_group_member_info', when: ({ body }) => body.includes(`"${first}"`), times: FOREVER },
  );
  (connected.clock as SimulatedClock).advance(5_000);
  expect((await run(wholeRun(store, connected))).counts).toMatchObject({ gone: 1, differing: 1 });
  expect((await store.findGroup(first))?.destroyedAt).not.toBeNull();
});

test('a run whose claim another one has taken over ends and says so', async () => {
  const { world: _, ...connected } = await unknownWorld(5);
  const store: BackfillStore = { ...emptyStore(), saveRun: async () => false };
  const { finished, error } = await run(wholeRun(store, connected));
  expect({ finished, told: error?.message }).toEqual({
    finished: false,
    told: expect.stringContaining('another run has taken over'),
  });
});

describe.each([['SQLite', createSqlite], ...others])('on %s', (_name, createUrl) => {
  test('a repeatedly interrupted run continues where it stopped, and ends like an uninterrupted one', async () => {
    const { world, server, ...connected } = await unknownWorld(300);
    const store = await openedStore(await createUrl());
    const callsBefore = () => server.answers.values().reduce((sum, count) => sum + count, 0);
    let runs = 0;
    let ended: RunEnd;
    const continued: Date[] = [];
    do {
      const stopping = new AbortController();
      const limit = callsBefore() + 60 + runs * 7;
      const onCount = setInterval(() => callsBefore() >= limit && stopping.abort(new Error('enough')), 1);
      ended = await run({
        ...wholeRun(store, connected),
        signal: stopping.signal,
        onContinued: (startedAt) => void continued.push(startedAt),
      });
      clearInterval(onCount);
      expect(ended.error).toBeNull();
      runs += 1;
    } while (!ended.finished && runs < 100);
    expect(runs).toBeGreaterThan(3);
    expect(continued).toHaveLength(runs - 1);
    expect(new Set(continued.map(Number)).size).toBe(1);
    expect(ended.counts).toMatchObject({ leftOut: 0 });
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
    expect((await store.findRun('backfill'))?.finishedAt).not.toBeNull();
  }, 120_000);

  test('one run at a time: the other one waits until it ends', async () => {
    const { world, server, ...connected } = await unknownWorld(20);
    const store = await openedStore(await createUrl());
    const waiting: string[] = [];
    const onWaiting = (heldBy: string) => void waiting.push(heldBy);
    const runs = [1, 2].map(() => run({ ...wholeRun(store, connected), onWaiting }));
    const counts = (await Promise.all(runs)).map(({ finished, counts: { compared, stored } }) => {
      return { finished, compared, stored };
    });
    const all = { finished: true, compared: 21 };
    expect(counts.sort((one, other) => one.stored - other.stored)).toEqual([
      { ...all, stored: 0 },
      { ...all, stored: 21 },
    ]);
    expect(waiting[0]).toMatch(/:\d+:/);
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
  }, 60_000);
});
