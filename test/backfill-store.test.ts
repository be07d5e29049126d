import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { query } from '../scripts/testbed/postgres.ts';
import { openContract } from '../src/callback/contract.ts';
import { type GroupSnapshot, SNAPSHOT } from '../src/groups/snapshot.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { RUN_STALE_MS } from '../src/store/backfills.ts';
import { openStore } from '../src/store/open-store.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store, StoreObserver } from '../src/store/store.ts';
import { historiesWithSnapshots, snapshotIn } from './support/group-histories.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { APP, type Payload, payload } from './support/vendor.ts';

const postgres = usePostgres();
const judge = judgeBy(await openContract(callbackDocument), Number(APP));
const NOON = 1_700_000_000_000;

interface Place {
  open(observer?: StoreObserver): Promise<Store>;
  /** Runs statements without the store. @returns the rows of the last one */
  execute(text: string): Promise<unknown[]>;
  /** SQL for a series from 1 to `most`, as column `n`. */
  series(most: number): string;
}

const databases: [string, () => Promise<Place>][] = [
  [
    'SQLite',
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      return {
        open: (observer) => openSqliteStore(file, Number(APP), { observer }),
        async execute(text) {
          const database = new DatabaseSync(file, { timeout: 10_000 });
          try {
            return text.startsWith('SELECT') ? database.prepare(text).all() : [database.exec(text)];
          } finally {
            database.close();
          }
        },
        series: (most) =>
          `(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${most}) SELECT n FROM s)`,
      };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase();
      return {
        async open(observer) {
          const store = openPostgresStore(url, Number(APP), { observer });
          await store.migrate();
          return store;
        },
        execute: (text) => query(url, text),
        series: (most) => `generate_series(1, ${most}) AS s(n)`,
      };
    },
  ],
];

function received(told: Payload, receivedAt = NOON): ReceivedCallback {
  return judge({
    arrival: randomUUID(),
    query: `SdkAppid=${APP}&CallbackCommand=${told.CallbackCommand}`,
    body: Buffer.from(JSON.stringify(told)),
    receivedAt: new Date(receivedAt),
  }).callback;
}
const created = (GroupId: string, change: Record<string, unknown> = {}) =>
  received({ ...payload({ GroupId, Type: 'Public', EventTime: NOON, MemberList: [], ...change }) });
const joined = (GroupId: string, account: string, EventTime: number) =>
  received({
    ...{ CallbackCommand: 'Group.CallbackAfterNewMemberJoin', GroupId, EventTime, Type: 'Public', JoinType: 'Apply' },
    ...{ Operator_Account: account, NewMemberList: [{ Member_Account: account }] },
  });

const member = (account: string) => ({ account, role: null, nameCard: null, joinedAt: null });
function snapshot(groupId: string, change: Partial<GroupSnapshot> = {}): GroupSnapshot {
  return {
    ...{ groupId, takenAt: NOON + 5_000 },
    group: {
      ...{ type: 'Public', name: 'As the vendor has it', ownerAccount: 'ann', introduction: '', notification: '' },
      ...{ faceUrl: '', createdAt: NOON, full: false, customFields: null },
    },
    members: ['ann', 'zoe'].map(member),
    ...change,
  };
}

const replay = (store: Store) => store.replay({ signal: new AbortController().signal, onProgress: () => {} });

async function shownBy(store: Store) {
  const groupIds = await store.listGroupIds({ after: '', limit: 1_000 });
  const details = await store.findGroupDetails(groupIds);
  return details.sort((one, other) => (one.groupId < other.groupId ? -1 : 1));
}

describe.each(databases)('back-fill on %s', (_name, prepare) => {
  async function opened() {
    const place = await prepare();
    const open = async () => {
      const store = await place.open();
      teardown(() => store.close());
      return store;
    };
    return { place, open, store: await open() };
  }

  test('a snapshot is stored once, with its changes, and is distinguished from callbacks', async () => {
    const { store } = await opened();
    const { id: first } = await store.append(created('g', { Owner_Account: 'bob' }));
    const heard: number[] = [];
    teardown(await store.follow(({ from, to }) => heard.push(from, to)));
    const { id } = await store.appendSnapshot(snapshot('g'));
    expect(heard).toEqual([Number(id), Number(id)]);
    expect(await store.appendSnapshot(snapshot('g'))).toEqual({ id, repeat: true });
    expect(await store.findGroup('g')).toMatchObject({ name: 'As the vendor has it', members: ['ann', 'zoe'] });
    const { items } = await store.listHistory({ groupId: 'g', limit: 9 });
    expect(items.map(({ id, source, command, repeats }) => [id, source, command, repeats])).toEqual([
      [id, 'backfill', SNAPSHOT, 1],
      [first, 'callback', 'Group.CallbackAfterCreateGroup', 0],
    ]);
    expect(items[0]).toMatchObject({ eventTime: new Date(NOON + 5_000).toISOString(), query: {}, status: 'accepted' });
    expect(JSON.parse((await store.findCallback(id))?.body ?? '')).toEqual(snapshot('g'));
    const idsOf = async (filter: { family: string; groupId?: string }) =>
      (await store.listCallbacks({ ...filter, limit: 9 })).items.map(({ id }) => id);
    expect(await idsOf({ family: 'Backfill' })).toEqual([id]);
    expect(await idsOf({ family: 'Backfill', groupId: 'g' })).toEqual([id]);
    expect([await idsOf({ family: 'other' }), await idsOf({ family: 'other', groupId: 'g' })]).toEqual([[], []]);
    expect(await store.retry(id, () => created('g'))).toBe('already accepted');
    expect(await store.newestChangesOf(['g', 'none'])).toEqual(new Map([['g', Number(first)]]));
  });

  test("a sender's callback with this command is not a snapshot", async () => {
    const { store } = await opened();
    const sent = received({ ...snapshot('g'), CallbackCommand: SNAPSHOT, GroupId: 'g' } as never);
    const { id } = await store.append(sent);
    expect(await store.findCallback(id)).toMatchObject({ status: 'unknown', source: 'callback' });
    await store.appendSnapshot(snapshot('h'));
    await replay(store);
    expect(await store.listGroupIds({ after: '', limit: 9 })).toEqual(['h']);
  });

  test('a replay rebuilds groups from callbacks and snapshots, and accounts from callbacks alone', async () => {
    const { place, store } = await opened();
    const histories = fc.sample(historiesWithSnapshots(12), { numRuns: 40, seed: 17 });
    let callbacks = 0;
    for (const [group, events] of histories.entries()) {
      const groupId = `g${group}`;
      await Promise.all(
        events.map((event) => {
          const taken = snapshotIn(event);
          if (taken) return store.appendSnapshot({ ...taken, groupId });
          callbacks += 1;
          return store.append(received({ ...event.payload, GroupId: groupId }, event.receivedAt));
        }),
      );
    }
    const before = await shownBy(store);
    expect(before.length).toBeGreaterThan(30);
    const { found, known, unnamed } = (await replay(store)).accounts;
    expect(found + known + unnamed).toBe(callbacks);
    expect(await shownBy(store)).toEqual(before);
    await place.execute('DELETE FROM groups; DELETE FROM group_parts');
    expect(await replay(store)).toMatchObject({ left: 0, finished: true });
    expect(await shownBy(store)).toEqual(before);
    await place.execute(
      "UPDATE group_parts SET value = NULL; UPDATE groups SET document = replace(document, 'Tea', 'x')",
    );
    await place.execute('UPDATE groups SET version = version + 1');
    await replay(store);
    expect(await shownBy(store)).toEqual(before);
  });

  test('an ignored snapshot does not count until it is restored', async () => {
    const { store } = await opened();
    await store.append(created('g', { Name: 'As created', Owner_Account: 'bob' }));
    await store.append(joined('g', 'cid', NOON + 1_000));
    const before = await store.findGroup('g');
    const { id } = await store.appendSnapshot(snapshot('g'));
    const after = await store.findGroup('g');
    expect(after?.members).not.toContain('cid');
    expect(await store.setIgnored(id, true)).toMatchObject({ id, ignored: true, source: 'backfill' });
    expect(await store.findGroup('g')).toEqual(before);
    await store.setIgnored(id, false);
    expect(await store.findGroup('g')).toEqual(after);
    // A group known from a snapshot only.
    const alone = await store.appendSnapshot(snapshot('h'));
    await store.setIgnored(alone.id, true);
    expect(await store.findGroup('h')).toBeNull();
  });

  test('retention prunes snapshots like callbacks; their groups stay', async () => {
    const { store } = await opened();
    const { id } = await store.appendSnapshot(snapshot('g'));
    const newest = await store.newestReceipt();
    expect(newest?.getTime()).toBe(Date.parse((await store.findCallback(id))?.receivedAt ?? ''));
    await store.append(received(payload({ GroupId: 'h' }) as Payload, (newest?.getTime() ?? 0) + 10_000));
    const before = await store.findGroup('g');
    expect(await store.pruneCallbacks(new Date((newest?.getTime() ?? 0) + 1), 9)).toBe(1);
    expect(await store.findCallback(id)).toBeNull();
    expect(await replay(store)).toMatchObject({ rebuilt: 0, left: 1 });
    expect(await store.findGroup('g')).toEqual(before);
  });

  test('callbacks and snapshots of one group, appended by two receivers concurrently, converge', async () => {
    const { open, store } = await opened();
    const other = await open();
    const taken = Array.from({ length: 8 }, (_, n) =>
      snapshot('g', { takenAt: NOON + n * 10 + 5, members: [member('ann'), member(`m${n}`), member(`m${n + 1}`)] }),
    );
    const said = Array.from({ length: 60 }, (_, n) => joined('g', `m${n % 20}`, NOON + n * 3));
    const receivers = [store, other];
    const append = (to: readonly Store[]) =>
      Promise.all([
        ...said.map((one, n) => to[n % to.length]?.append({ ...one, arrival: randomUUID() })),
        ...taken.map((one, n) => to[(n + 1) % to.length]?.appendSnapshot(one)),
      ]);
    await append(receivers);
    const ended = await store.findGroup('g');
    expect(ended?.memberCount).toBeGreaterThan(3);
    // The expected state is that of a single receiver that processes them sequentially.
    const { store: alone } = await opened();
    for (const one of [...said, ...taken].reverse()) {
      await ('takenAt' in one ? alone.appendSnapshot(one) : alone.append(one));
    }
    const comparable = (group: typeof ended) => group && { ...group, receivedAt: null };
    expect(comparable(ended)).toEqual(comparable(await alone.findGroup('g')));
    await append([...receivers].reverse());
    expect(await store.findGroup('g')).toEqual(ended);
  });

  test('concurrent snapshots commit in batches of bounded size, and callbacks do not wait for all of them', async () => {
    const { place } = await opened();
    const commits: number[] = [];
    const store = await place.open({ committed: (count) => void commits.push(count), pruned: () => {} });
    teardown(() => store.close());
    const members = Array.from({ length: 500 }, (_, n) => member(`a-member-of-the-group-${n}`));
    let stored = 0;
    const storing = Array.from({ length: 60 }, (_, n) =>
      store.appendSnapshot(snapshot(`g${n}`, { members })).then(() => {
        stored += 1;
      }),
    );
    await store.append(created('another'));
    expect(stored).toBeLessThan(60);
    await Promise.all(storing);
    expect(stored).toBe(60);
    // About 40 kB each; a batch ends at 256 KiB.
    expect(Math.max(...commits)).toBeGreaterThan(1);
    expect(Math.max(...commits)).toBeLessThan(9);
    expect(commits.reduce((total, count) => total + count, 0)).toBe(61);
  }, 30_000);

  test('50 groups are read at once with their members, each like its single view', async () => {
    const { store } = await opened();
    const groupIds = Array.from({ length: 50 }, (_, n) => `g${n}`);
    const members = Array.from({ length: 30 }, (_, n) => member(`m${n}`));
    await Promise.all(groupIds.map((groupId) => store.appendSnapshot(snapshot(groupId, { members }))));
    await store.append(created('empty'));
    const details = await store.findGroupDetails([...groupIds, 'empty', 'none', 'g7']);
    expect(details).toHaveLength(51);
    for (const detail of details) expect(await store.findGroup(detail.groupId)).toEqual(detail);
    expect(details.filter(({ members }) => members.length === 30)).toHaveLength(50);
    expect(await store.findGroupDetails([])).toEqual([]);
  });

  test('ids are listed in ascending order, by type too, and groups are counted', async () => {
    const { place, store } = await opened();
    const values = `n, 'g' || (100000 + n), CASE WHEN n % 4000 = 1 THEN 'Community' ELSE 'Work' END, '', 1, '{}'`;
    const [number, ...others] = values.split(', ');
    await place.execute(`
      INSERT INTO groups (sdk_app_id, group_id, version, type, name, created_at, document)
      SELECT ${APP}, ${others[0]}, 1, ${others.slice(1).join(', ')} FROM ${place.series(12_000)} WHERE ${number} > 0`);
    expect([await store.countGroups({}), await store.countGroups({ types: ['Community', 'x'] })]).toEqual([12_000, 3]);
    const types = ['Community'];
    expect(await store.listGroupIds({ after: '', limit: 9, types })).toEqual(['g100001', 'g104001', 'g108001']);
    expect(await store.listGroupIds({ after: 'g104001', limit: 9, types })).toEqual(['g108001']);
    expect(await store.listGroupIds({ after: 'g111998', limit: 9 })).toEqual(['g111999', 'g112000']);
    expect(await store.listGroupIds({ after: '', limit: 2 })).toEqual(['g100001', 'g100002']);
    // In code point order, whatever the collation of the database.
    for (const groupId of ['b', 'A', '~', 'Z']) await store.append(created(groupId));
    expect(await store.listGroupIds({ after: '', limit: 3 })).toEqual(['A', 'Z', 'b']);
    expect(await store.listGroupIds({ after: 'g112000', limit: 3 })).toEqual(['~']);
  });

  test('a group is confirmed without a write to it, and stays confirmed', async () => {
    const { place, store } = await opened();
    await store.append(created('g'));
    await store.append(created('h'));
    const versions = () => place.execute('SELECT group_id, version, document FROM groups ORDER BY group_id');
    const before = await versions();
    await store.confirmGroups(['h', 'none', 'g'], new Date(NOON));
    await store.confirmGroups(['g'], new Date(NOON + 1_000));
    // A slower run has older knowledge.
    await store.confirmGroups(['g'], new Date(NOON + 500));
    await store.confirmGroups([], new Date(NOON));
    expect(await versions()).toEqual(before);
    await store.append(joined('g', 'cid', NOON + 2_000));
    await place.execute(
      "UPDATE groups SET name = 'x', document = replace(document, 'Tea', 'x'), version = version + 1",
    );
    await replay(store);
    const confirmed = async (groupId: string) => (await store.findGroup(groupId))?.confirmedAt;
    expect([await confirmed('g'), await confirmed('h')]).toEqual([
      new Date(NOON + 1_000).toISOString(),
      new Date(NOON).toISOString(),
    ]);
    await store.append(created('new'));
    expect(await confirmed('new')).toBeNull();
  });

  test('groups are confirmed concurrently with appends to them, and neither fails', async () => {
    const { open, store } = await opened();
    const other = await open();
    const groupIds = Array.from({ length: 20 }, (_, n) => `g${n}`);
    await Promise.all(groupIds.map((groupId) => store.append(created(groupId))));
    await Promise.all([
      ...groupIds.map((groupId, n) => store.append(joined(groupId, 'cid', NOON + n))),
      ...groupIds.map((groupId, n) => other.appendSnapshot(snapshot(groupId, { takenAt: NOON + n }))),
      ...[1, 2, 3].flatMap((n) => [
        other.confirmGroups([...groupIds].reverse(), new Date(NOON + n)),
        store.confirmGroups(groupIds, new Date(NOON + n)),
      ]),
    ]);
    const details = await store.findGroupDetails(groupIds);
    expect(new Set(details.map(({ confirmedAt }) => confirmedAt))).toEqual(new Set([new Date(NOON + 3).toISOString()]));
  });

  test('one run of a kind is active across all processes; a dead one is taken over', async () => {
    const { place, open, store } = await opened();
    const other = await open();
    const run = { startedAt: new Date(NOON), finishedAt: null, options: '{"types":[]}', place: 'g7', done: '{"n":7}' };
    expect(await store.findRun('backfill')).toBeNull();
    const claims = await Promise.all([store, other, store, other].map((one, n) => one.claimRun('backfill', `h${n}`)));
    const won = claims.findIndex((claim) => 'earlier' in claim);
    const holder = `h${won}`;
    const heldBy = claims.flatMap((claim) => ('heldBy' in claim ? claim.heldBy : []));
    expect(heldBy).toEqual([holder, holder, holder]);
    expect(claims[won]).toEqual({ earlier: null });
    // Claimed, but nothing is saved yet.
    expect(await other.findRun('backfill')).toBeNull();
    expect(await store.saveRun('backfill', 'late', run)).toBe(false);
    expect(await store.saveRun('backfill', holder, run)).toBe(true);
    expect([await other.findRun('backfill'), await other.findRun('reconcile')]).toEqual([run, null]);
    // Its holder can claim it again, and anybody can claim another kind.
    expect(await store.claimRun('backfill', holder)).toEqual({ earlier: run });
    expect(await other.claimRun('reconcile', 'somebody')).toEqual({ earlier: null });
    expect(await other.claimRun('backfill', 'other')).toEqual({ heldBy: holder, renewedAt: expect.anything() });
    await place.execute(`UPDATE backfills SET renewed_at = renewed_at - ${RUN_STALE_MS} WHERE kind = 'backfill'`);
    expect(await other.claimRun('backfill', 'other')).toEqual({ earlier: run });
    // Too late: another holder has claimed it.
    expect(await store.saveRun('backfill', holder, { ...run, place: 'g9' })).toBe(false);
    await store.releaseRun('backfill', holder);
    const finished = { ...run, place: '', finishedAt: new Date(NOON + 9_000) };
    expect(await other.saveRun('backfill', 'other', finished)).toBe(true);
    expect(await store.claimRun('backfill', holder)).toMatchObject({ heldBy: 'other' });
    await other.releaseRun('backfill', 'other');
    expect(await other.saveRun('backfill', 'other', run)).toBe(false);
    expect(await store.claimRun('backfill', holder)).toEqual({ earlier: finished });
  });
});

test('while PostgreSQL is down, a snapshot is refused with the error, and never spooled', async () => {
  const folder = temporaryFolder();
  const store = await openStore('postgres://postgres:postgres@127.0.0.1:1/none', {
    ...{ sdkAppId: Number(APP), spoolFile: join(folder, 'spool.db'), log: pino({ level: 'silent' }) },
    judge: (kept) => judge(kept).callback,
  });
  teardown(() => store.close());
  await store.append(created('g'));
  await expect(store.appendSnapshot(snapshot('g'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect((await store.health()).spool).toMatchObject({ depth: 1 });
});
