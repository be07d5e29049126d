import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { openContract } from '../src/callback/contract.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { openStoreForBatch } from '../src/store/open-store.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, ReplayProgress, Store } from '../src/store/store.ts';
import { type Event, histories } from './support/group-histories.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { APP, payload } from './support/vendor.ts';

const postgres = usePostgres();
const judge = judgeBy(await openContract(callbackDocument), Number(APP));

interface Place {
  url: string;
  open(): Promise<Store>;
  /** Runs one statement without the store. */
  execute(statement: string): Promise<unknown>;
  /** Prevents groups from being written. @returns a function that ends it */
  lock(): Promise<() => unknown>;
}

const databases: [string, () => Promise<Place>][] = [
  [
    'SQLite',
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      return {
        url: `sqlite:${file}`,
        open: async () => openSqliteStore(file, Number(APP)),
        async execute(statement) {
          const database = new DatabaseSync(file, { timeout: 10_000 });
          database.exec(statement);
          database.close();
        },
        async lock() {
          const database = new DatabaseSync(file, { timeout: 10_000 });
          database.exec('BEGIN IMMEDIATE');
          return () => database.close();
        },
      };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase();
      return {
        url,
        async open() {
          const store = openPostgresStore(url, Number(APP));
          await store.migrate();
          return store;
        },
        async execute(statement) {
          const client = new pg.Client(url);
          await client.connect();
          await client.query(statement);
          await client.end();
        },
        async lock() {
          const client = new pg.Client(url);
          await client.connect();
          await client.query('BEGIN; LOCK TABLE groups IN SHARE MODE');
          return () => client.end();
        },
      };
    },
  ],
];

let arrivals = 0;
function received({ payload, receivedAt }: Event): ReceivedCallback {
  arrivals += 1;
  return judge({
    arrival: `00000000-0000-4000-8000-${String(arrivals).padStart(12, '0')}`,
    query: `SdkAppid=${APP}&CallbackCommand=${payload.CallbackCommand}&ClientIP=203.0.113.7`,
    body: Buffer.from(JSON.stringify(payload)),
    receivedAt: new Date(receivedAt),
  }).callback;
}

/** A history of 40 groups, `g0` to `g39`. */
function history(seed: number): Event[] {
  return fc
    .sample(histories({ groups: 1, length: 12 }), { numRuns: 40, seed })
    .flatMap((events, group) =>
      events.map((event) => ({ ...event, payload: { ...event.payload, GroupId: `g${group}` } })),
    );
}

async function shownBy(store: Store) {
  const { items } = await store.listGroups({ limit: 200 });
  return Promise.all(items.map(({ groupId }) => store.findGroup(groupId)));
}

describe.each(databases)('replay on %s', (_name, prepare) => {
  async function filled() {
    const place = await prepare();
    const store = await place.open();
    teardown(() => store.close());
    const events = history(7);
    await Promise.all(events.map((event) => store.append(received(event))));
    const replaying = await openStoreForBatch(place.url, Number(APP));
    teardown(() => replaying.close());
    return { place, store, replaying };
  }
  const run = (store: Store) => store.replay({ signal: new AbortController().signal, onProgress: () => {} });

  test('on empty groups it restores them, and correct groups stay unchanged', async () => {
    const { place, store, replaying } = await filled();
    const before = await shownBy(store);
    expect(before.length).toBeGreaterThan(20);
    expect(await run(replaying)).toMatchObject({ rebuilt: 0, unchanged: before.length, left: 0, gone: 0 });
    await place.execute('DELETE FROM groups; DELETE FROM group_parts');
    expect(await shownBy(store)).toEqual([]);
    expect(await run(replaying)).toMatchObject({ rebuilt: before.length, left: 0 });
    expect(await shownBy(store)).toEqual(before);
    // An earlier version of src/groups/ produced another state.
    await place.execute(`UPDATE group_parts SET value = NULL; DELETE FROM group_parts WHERE kind = 'role'`);
    await place.execute(
      `UPDATE groups SET name = 'x', document = replace(document, 'Walks', 'x'), version = version + 1`,
    );
    await run(replaying);
    expect(await shownBy(store)).toEqual(before);
  });

  test('each group counts once: a callback that names no group does not count, ignored ones are left out', async () => {
    const { place, store, replaying } = await filled();
    const [rebuilt, gone, pruned, ...unchanged] = (await store.listGroups({ limit: 200 })).items;
    const named = { CallbackCommand: 'Group.CallbackAfterSendMsg', GroupId: 'named alone' };
    await store.append(received({ payload: { ...named, From_Account: 'a' }, receivedAt: 5_000, place: 0 }));
    await place.execute(`
      DELETE FROM groups WHERE group_id = '${rebuilt?.groupId}';
      DELETE FROM group_parts WHERE group_id = '${rebuilt?.groupId}';
      UPDATE callbacks SET ignored = TRUE WHERE group_id = '${gone?.groupId}';
      DELETE FROM callbacks WHERE group_id = '${pruned?.groupId}'`);
    const counts = { rebuilt: 1, gone: 1, left: 1, unchanged: unchanged.length };
    expect(await run(replaying)).toMatchObject(counts);
    expect(await shownBy(store)).toHaveLength(unchanged.length + 2);
    expect(await run(replaying)).toMatchObject({ ...counts, rebuilt: 0, gone: 0, unchanged: unchanged.length + 1 });
  });

  test('an interrupted replay continues where it stopped', async () => {
    const { place, store, replaying } = await filled();
    const before = await shownBy(store);
    await place.execute('DELETE FROM groups; DELETE FROM group_parts');
    const stopping = new AbortController();
    const onProgress = ({ rebuilt }: ReplayProgress) => {
      if (rebuilt === 10) stopping.abort();
    };
    await replaying.replay({ signal: stopping.signal, onProgress });
    expect(await replaying.replayProgress()).toMatchObject({ rebuilt: 10 });
    expect(await shownBy(store)).toHaveLength(10);
    expect(await run(replaying)).toMatchObject({ rebuilt: before.length });
    expect(await replaying.replayProgress()).toBeNull();
    expect(await shownBy(store)).toEqual(before);
  });

  test('it outlasts a lock held longer than an append would wait', async () => {
    const { place, store, replaying } = await filled();
    const before = await shownBy(store);
    await place.execute('DELETE FROM groups; DELETE FROM group_parts');
    const unlock = await place.lock();
    const replayed = run(replaying);
    await sleep(2_000);
    expect(await shownBy(store)).toEqual([]);
    await unlock();
    expect(await replayed).toMatchObject({ rebuilt: before.length, finished: true });
    expect(await shownBy(store)).toEqual(before);
  });

  test('while callbacks arrive, it undoes nothing of them', async () => {
    const { place, store, replaying } = await filled();
    await place.execute('DELETE FROM groups; DELETE FROM group_parts');
    const late = history(8);
    const arriving = Promise.all(
      late.map((event) => store.append(received({ ...event, receivedAt: event.receivedAt + 20 }))),
    );
    await Promise.all([run(replaying), arriving]);
    await run(replaying);
    const shown = await shownBy(store);
    await place.execute('DELETE FROM groups; DELETE FROM group_parts');
    await run(replaying);
    expect(await shownBy(store)).toEqual(shown);
  });

  test('a group whose callbacks have been pruned is left unchanged, and counted', async () => {
    const { place, store, replaying } = await filled();
    for (const GroupId of ['none', 'some', 'late']) {
      const created = { ...payload({ GroupId, EventTime: 1_000 }) };
      const joined = { CallbackCommand: 'Group.CallbackAfterNewMemberJoin', GroupId, EventTime: 2_000 };
      const said = { ...joined, NewMemberList: [{ Member_Account: 'late' }] };
      // They may arrive in a different order than they happened.
      const [first, second] = GroupId === 'late' ? [said, created] : [created, said];
      await store.append(received({ payload: first, receivedAt: 3_000, place: 0 }));
      await store.append(received({ payload: second, receivedAt: 4_000, place: 0 }));
    }
    const before = await shownBy(store);
    await place.execute(`
      DELETE FROM callbacks WHERE group_id = 'none' OR (group_id IN ('some', 'late') AND received_at = 3000)`);
    expect(await run(replaying)).toMatchObject({ rebuilt: 0, left: 3 });
    expect(await shownBy(store)).toEqual(before);
  });
});

describe.each(databases)('ignored callbacks on %s', (_name, prepare) => {
  const APPENDED_LATE = 3;
  /** A few at a time: each holds a connection, like those of a few operators. */
  async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
    const rest = [...items];
    const workers = Array.from({ length: 4 }, async () => {
      for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
    });
    await Promise.all(workers);
  }
  async function opened() {
    const store = await (await prepare()).open();
    teardown(() => store.close());
    return store;
  }

  test.each([
    ['of many groups', 40],
    ['of one group', 1],
  ])(
    '%s leave the groups as if they had never arrived, whatever arrives meanwhile; restored, as if never ignored',
    async (_title, groups) => {
      const store = await opened();
      const events = history(11).slice(0, groups === 1 ? 120 : undefined);
      const idOf = (groupId: unknown) => `g${Number(String(groupId).slice(1)) % groups}`;
      const callbacks = events.map((event) =>
        received({ ...event, payload: { ...event.payload, GroupId: idOf(event.payload.GroupId) } }),
      );
      const late = callbacks.filter((_, index) => index % APPENDED_LATE === 0);
      const early = callbacks.filter((_, index) => index % APPENDED_LATE !== 0);
      const ids = new Map<ReceivedCallback, string>();
      for (const one of early) ids.set(one, (await store.append(one)).id);
      const ignored = new Set([...ids.values()].filter((_, index) => index % 2 === 0));
      await Promise.all([
        eachOf([...ignored], (id) => store.setIgnored(id, true)),
        eachOf(late, async (one) => ids.set(one, (await store.append(one)).id)),
      ]);
      const without = await opened();
      for (const one of callbacks) if (!ignored.has(ids.get(one) ?? '')) await without.append(one);
      expect(await shownBy(store)).toEqual(await shownBy(without));
      await store.replay({ fromStart: true, signal: new AbortController().signal, onProgress: () => {} });
      expect(await shownBy(store)).toEqual(await shownBy(without));

      await eachOf([...ignored], (id) => store.setIgnored(id, false));
      const whole = await opened();
      for (const one of callbacks) await whole.append(one);
      expect(await shownBy(store)).toEqual(await shownBy(whole));
    },
    120_000,
  );

  test('all callbacks of a group: it disappears; a duplicate does not restore it, another callback does', async () => {
    const store = await opened();
    const created = payload({ GroupId: 'gone', EventTime: 1_000 });
    const one = received({ payload: created, receivedAt: 3_000, place: 0 });
    const { id } = await store.append(one);
    expect(await store.setIgnored(id, true)).toMatchObject({ id, status: 'accepted', ignored: true });
    expect(await store.findGroup('gone')).toBeNull();
    expect(await store.findCallback(id)).toMatchObject({ ignored: true });
    await store.append({ ...one, arrival: randomUUID() });
    expect(await store.findGroup('gone')).toBeNull();
    expect(await store.findCallback(id)).toMatchObject({ ignored: true, repeats: 1 });
    const renamed = { CallbackCommand: 'Group.CallbackAfterGroupInfoChanged', GroupId: 'gone', EventTime: 2_000 };
    await store.append(received({ payload: { ...renamed, Name: 'New' }, receivedAt: 4_000, place: 0 }));
    expect(await store.findGroup('gone')).toMatchObject({ name: 'New', partial: true });
    await store.setIgnored(id, false);
    expect(await store.findGroup('gone')).toMatchObject({ name: 'New', partial: false });
    expect(await store.setIgnored(id, false)).toMatchObject({ ignored: false });
    expect(await store.setIgnored('999999', true)).toBe('not found');
  });

  test('callbacks of any status, and the change is published; an ignored one is not retried', async () => {
    const store = await opened();
    const changed: number[] = [];
    teardown(await store.follow((stored) => void changed.push(...stored.changed)));
    const one = received({ payload: payload({ GroupId: 'g' }), receivedAt: 3_000, place: 0 });
    for (const status of ['rejected', 'unknown'] as const) {
      const { id } = await store.append({ ...one, status, reason: 'no', change: null, arrival: randomUUID() });
      expect(await store.setIgnored(id, true)).toMatchObject({ id, status, ignored: true });
      const retry = () => store.retry(id, (kept) => ({ ...one, ...kept }));
      expect(await retry()).toBe('ignored');
      expect(await store.setIgnored(id, false)).toMatchObject({ status, ignored: false });
      expect(changed.filter((published) => published === Number(id))).toHaveLength(2);
      expect(await retry()).toMatchObject({ status: 'accepted', ignored: false });
    }
    expect(await store.findGroup('g')).not.toBeNull();
  });

  test('a group that lost callbacks to retention cannot be rebuilt without one of them', async () => {
    const store = await opened();
    const joined = { CallbackCommand: 'Group.CallbackAfterNewMemberJoin', GroupId: 'old', EventTime: 2_000 };
    const said = { ...joined, JoinType: 'Apply', NewMemberList: [{ Member_Account: 'late' }] };
    await store.append(
      received({ payload: payload({ GroupId: 'old', EventTime: 1_000 }), receivedAt: 3_000, place: 0 }),
    );
    const { id } = await store.append(received({ payload: said, receivedAt: 4_000, place: 0 }));
    await store.pruneCallbacks(new Date(3_500), 10);
    const before = await store.findGroup('old');
    expect(await store.setIgnored(id, true)).toBe('pruned');
    expect(await store.findCallback(id)).toMatchObject({ ignored: false });
    expect(await store.findGroup('old')).toEqual(before);
  });
});

const script = join(import.meta.dirname, '../scripts/replay.ts');

test('npm run replay reports progress and result, and refuses wrong usage', async () => {
  const folder = temporaryFolder();
  const store = await openSqliteStore(join(folder, 'callbacks.db'), Number(APP));
  await Promise.all(history(9).map((event) => store.append(received(event))));
  await store.close();
  const env = { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv;
  const replayIt = (...args: string[]) =>
    new Promise((resolve) => {
      execFile(process.execPath, [script, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });
  const database = ['--database', `sqlite:${join(folder, 'callbacks.db')}`];
  const done = (await replayIt(...database, '--from-start')) as { code: number; stdout: string };
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^0 of about (\d+) groups\n\1 groups: 0 rebuilt, \1 unchanged\n/),
  });
  expect(done.stdout).toContain('accounts: 0 entries: 0 right, 0 corrected\n');
  const [, callbacks, ...parts] = /accounts: (\d+) callbacks: (\d+) .* (\d+) .* (\d+) /.exec(done.stdout) ?? [];
  expect(parts.reduce((sum, part) => sum + Number(part), 0)).toBe(Number(callbacks));
  expect(Number(callbacks)).toBeGreaterThan(100);
  expect(await replayIt('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--from-start') });
  expect(await replayIt('--nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('--nonsense') });
  expect(await replayIt('--database', 'mysql://x')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('DATABASE_URL'),
  });
  expect(await replayIt('--database', 'postgres://127.0.0.1:1/none')).toMatchObject({ code: 1 });
});
