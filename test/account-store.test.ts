import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { namesById } from '../src/store/account-rows.ts';
import type { ReplayProgress, Store } from '../src/store/store.ts';
import {
  judgeWithoutMessages,
  NOON,
  onPostgres,
  onSqlite,
  type Place,
  received,
  replay,
  type Said,
} from './support/account-store.ts';
import { usePostgres } from './support/postgres.ts';
import { payload } from './support/vendor.ts';

const postgres = usePostgres();
const databases: [string, () => Promise<Place>][] = [
  ['SQLite', onSqlite],
  ['PostgreSQL', async () => onPostgres(await postgres.createDatabase())],
];

let arrivals = 0;
/** @param at the arrival, in milliseconds after noon; `EventTime` is absent unless given in `fields` */
function said(command: string, fields: Record<string, unknown>, at = 0): Said {
  arrivals += 1;
  return { payload: { CallbackCommand: command, ...fields }, receivedAt: NOON + at, arrival: arrivals };
}
type Pair = readonly [string, string];
const pairs = (command: string, list: readonly Pair[], at = 0, EventTime?: number) =>
  said(
    `Sns.Callback${command}`,
    { PairList: list.map(([From_Account, To_Account]) => ({ From_Account, To_Account })), EventTime },
    at,
  );
const state = (To_Account: string, Action: string, at = 0, EventTime?: number, fields = {}) =>
  said('State.StateChange', { Info: { To_Account, Action, Reason: `r${at}`, ...fields }, EventTime }, at);

const ACCOUNTS = ['mina', 'otto', 'x'.repeat(300), 'nul\0'] as const;
const account = fc.constantFrom(...ACCOUNTS);
const time = { at: fc.nat(5), eventTime: fc.option(fc.nat(5), { nil: undefined }) };
const callbacks = fc.array(
  fc.oneof(
    fc
      .record({
        command: fc.constantFrom('FriendAdd', 'FriendDelete', 'BlackListAdd', 'BlackListDelete'),
        list: fc.array(fc.tuple(account, account), { maxLength: 3 }),
        ...time,
      })
      .map(({ command, list, at, eventTime }) => pairs(command, list, at, eventTime && NOON + eventTime)),
    fc
      .record({
        account,
        action: fc.constantFrom('Login', 'Logout', 'Disconnect', 'CustomStatusChange', 'Waved'),
        CustomStatus: fc.constantFrom('', 'away', undefined),
        ...time,
      })
      .map(({ account, action, CustomStatus, at, eventTime }) =>
        state(account, action, at, eventTime && NOON + eventTime, { CustomStatus }),
      ),
  ),
  { minLength: 1, maxLength: 12 },
);
/** Callbacks, with the same ones in another order, some of them duplicated. */
const shuffles = callbacks.chain((list) =>
  fc
    .tuple(fc.shuffledSubarray(list, { minLength: list.length }), fc.array(fc.nat(list.length - 1), { maxLength: 4 }))
    .map(([order, again]) => [list, [...order, ...again.map((index) => order[index] as Said)]] as const),
);

const shownBy = (store: Store) => Promise.all(ACCOUNTS.map((name) => store.findAccount(name)));
/** All rows of registers without their ids, which depend on the order. */
const registersIn = async ({ execute }: Place) =>
  (await execute('SELECT account, kind, name, full_name, value, stamp FROM account_registers')).map((row) =>
    JSON.stringify(row),
  );
/** The accounts by which callbacks are found, independent of the storage format; and the registers. */
const tablesOf = async ({ execute }: Place) => {
  const rows = (await execute('SELECT postings FROM callback_accounts')) as { postings: string }[];
  const names = [...namesById(rows)].map(([id, of]) => JSON.stringify([id, [...of].sort()]));
  return [names.sort(), (await execute('SELECT * FROM account_registers')).map((row) => JSON.stringify(row)).sort()];
};

describe.each(databases)('accounts on %s', (_name, prepare) => {
  test('accounts do not depend on the order and repetition of callbacks', async () => {
    const place = await prepare();
    const clear = async () => {
      for (const table of ['callbacks', 'callback_accounts', 'account_registers']) {
        await place.execute(`DELETE FROM ${table}`);
      }
    };
    await fc.assert(
      fc.asyncProperty(shuffles, fc.boolean(), async ([list, other], atOnce) => {
        await clear();
        for (const one of list) await place.store.append(received(one));
        const want = [await shownBy(place.store), (await registersIn(place)).sort()];
        await clear();
        if (atOnce) await Promise.all(other.map((one) => place.store.append(received(one))));
        else for (const one of other) await place.store.append(received(one));
        expect([await shownBy(place.store), (await registersIn(place)).sort()]).toEqual(want);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('friends, blocklist, presence and status text show the newest callback of each', async () => {
    const { store } = await prepare();
    const list = [
      pairs(
        'FriendAdd',
        [
          ['mina', 'otto'],
          ['otto', 'mina'],
          ['mina', 'pia'],
          ['mina', ''],
        ],
        1_000,
      ),
      pairs('FriendAdd', [['mina', 'zoe']], 2_000, NOON + 500),
      pairs('FriendDelete', [['mina', 'pia']], 3_000),
      pairs('BlackListAdd', [['mina', 'ivo']], 4_000),
      state('mina', 'Disconnect', 7_000, NOON + 2_500),
      state('mina', 'Login', 6_000, NOON + 3_000),
      state('mina', 'Waved', 8_000, NOON + 4_000),
      state('mina', 'CustomStatusChange', 9_000, NOON + 5_000, { CustomStatus: 'away' }),
    ];
    for (const one of list) await store.append(received(one));
    const since = (at: number, timed: boolean) => ({ since: new Date(NOON + at).toISOString(), timed });
    expect(await store.findAccount('mina')).toEqual({
      sdkAppId: 1400000000,
      account: 'mina',
      presence: { state: 'online', action: 'Login', reason: 'r6000', ...since(3_000, true) },
      customStatus: { text: 'away', ...since(5_000, true) },
      groups: [],
      friends: [
        { account: 'otto', ...since(1_000, false) },
        { account: 'zoe', ...since(500, true) },
      ],
      blocked: [{ account: 'ivo', ...since(4_000, false) }],
      incomplete: false,
    });
    await store.append(received(state('mina', 'CustomStatusChange', 10_000)));
    expect(await store.findAccount('mina')).toMatchObject({ customStatus: null });
    expect(await store.findAccount('pia')).toMatchObject({ friends: [], presence: null });
    expect(await store.findAccount('nobody')).toBeNull();
  });

  test('an event time in the future is ignored', async () => {
    const { store } = await prepare();
    await store.append(received(state('mina', 'Login', 1_000, NOON + 3_600_000)));
    await store.append(received(state('mina', 'Logout', 2_000, NOON + 2_000)));
    expect(await store.findAccount('mina')).toMatchObject({ presence: { state: 'offline', timed: true } });
    await store.append(received(state('otto', 'Login', 1_000, NOON + 3_600_000)));
    const since = new Date(NOON + 1_000).toISOString();
    expect(await store.findAccount('otto')).toMatchObject({ presence: { since, timed: false } });
  });

  test('a list of more than 1,000 friends is truncated, newest first', async () => {
    const { store } = await prepare();
    const friends = Array.from({ length: 1_005 }, (_, index) => ['mina', `friend ${index}`] as const);
    await store.append(received(pairs('FriendAdd', friends.slice(5), 1_000)));
    await store.append(received(pairs('FriendAdd', friends.slice(0, 5), 2_000)));
    const found = await store.findAccount('mina');
    expect(found).toMatchObject({ incomplete: true });
    expect(found?.friends).toHaveLength(1_000);
    expect(found?.friends.slice(0, 2).map(({ account }) => account)).toEqual(['friend 0', 'friend 1']);
  });

  test('groups are the present ones: created with the account, joined, or owned', async () => {
    const { store } = await prepare();
    const members = (...names: string[]) => names.map((Member_Account) => ({ Member_Account }));
    const created = (GroupId: string, EventTime: number, fields = {}) => ({
      payload: payload({ GroupId, EventTime: NOON + EventTime, Owner_Account: 'ann', Type: 'Public', ...fields }),
      receivedAt: NOON + EventTime,
      arrival: ++arrivals,
    });
    const list: Said[] = [
      created('founded', 1, { Name: 'B', MemberList: members('mina', 'ann') }),
      created('left', 2, { Name: 'C', MemberList: members('mina', 'ann') }),
      said('Group.CallbackAfterMemberExit', { GroupId: 'left', ExitMemberList: members('mina'), EventTime: NOON + 3 }),
      created('owned', 4, { Name: 'A', Owner_Account: 'mina', MemberList: members('mina') }),
      created('joined', 5, { Name: 'D', MemberList: members('ann') }),
      said('Group.CallbackAfterNewMemberJoin', {
        GroupId: 'joined',
        NewMemberList: members('mina'),
        EventTime: NOON + 6,
      }),
      said('Group.CallbackAfterMemberFieldChanged', {
        GroupId: 'joined',
        Member_Account: 'mina',
        Role: 'Admin',
        EventTime: NOON + 7,
      }),
      created('destroyed', 8, { MemberList: members('mina') }),
      said('Group.CallbackAfterGroupDestroyed', { GroupId: 'destroyed', EventTime: NOON + 9 }),
      created('foreign', 10, { Operator_Account: 'mina', MemberList: members('ann') }),
    ];
    for (const one of list) await store.append(received({ ...one, receivedAt: NOON + 100 }));
    const shown = (groupId: string, name: string, memberCount: number, more = {}) => ({
      ...{ groupId, name, type: 'Public', memberCount, owner: false, role: null },
      ...more,
    });
    expect((await store.findAccount('mina'))?.groups).toEqual([
      shown('owned', 'A', 1, { owner: true }),
      shown('founded', 'B', 2),
      shown('joined', 'D', 2, { role: 'Admin' }),
    ]);
  });

  test('callbacks are found by account, across blocks, in pages and with other filters', async () => {
    const { store } = await prepare();
    const wanted: string[] = [];
    const offline: string[] = [];
    for (let batch = 0; batch < 30; batch += 1) {
      const others = Array.from({ length: 300 }, (_, index) => state(`other ${index % 10}`, 'Login', batch));
      const mine = [state('mina', 'Login', batch), pairs('FriendAdd', [['otto', 'mina']], batch)];
      if (batch % 10 === 0) mine.push(state('mina', 'Logout', batch));
      const stored = await Promise.all([...others, ...mine].map((one) => store.append(received(one))));
      wanted.unshift(
        ...stored
          .slice(others.length)
          .map(({ id }) => id)
          .reverse(),
      );
      if (batch % 10 === 0) offline.unshift(stored.at(-1)?.id ?? '');
    }
    const read = async (filter: object, limit = 7) => {
      const ids: string[] = [];
      for (let after: string | undefined; ; ) {
        const { items, next } = await store.listCallbacks({ account: 'mina', limit, after, ...filter });
        ids.push(...items.map(({ id }) => id));
        if (next === null) return ids;
        after = next;
      }
    };
    expect(await read({})).toEqual(wanted);
    expect(await read({}, 200)).toEqual(wanted);
    expect(await read({ command: 'Sns.CallbackFriendAdd' })).toHaveLength(30);
    expect(await read({ command: 'State.StateChange', status: 'accepted' })).toHaveLength(33);
    expect(await read({ status: 'rejected' })).toEqual([]);
    expect(await read({ repeated: true })).toEqual([]);
    expect(await read({ groupId: 'g' })).toEqual([]);
    expect(await store.listCallbacks({ account: 'nobody', limit: 5 })).toEqual({ items: [], next: null });
    expect(await store.listCallbacks({ account: 'mina', limit: 5, after: '1' })).toEqual({ items: [], next: null });
  });

  test('for a long list about a group, the first 20 accounts are found; for pairs and batches, all', async () => {
    const { store } = await prepare();
    const name = (index: number) => `m${String(index).padStart(2, '0')}`;
    const NewMemberList = Array.from({ length: 25 }, (_, index) => ({ Member_Account: name(index) }));
    await store.append(received(said('Group.CallbackAfterNewMemberJoin', { GroupId: 'g', NewMemberList })));
    const list = Array.from({ length: 25 }, (_, index) => ['mina', name(index + 50)] as const);
    await store.append(received(pairs('FriendAdd', list)));
    const Events = Array.from({ length: 100 }, (_, index) => ({ To_Account: `push${index}`, EventTime: index }));
    await store.append(received(said('Push.AllMemberPush', { Events })));
    const count = async (account: string) => (await store.listCallbacks({ account, limit: 5 })).items.length;
    expect([await count(name(0)), await count(name(19)), await count(name(20))]).toEqual([1, 1, 0]);
    expect([await count('push0'), await count('push99')]).toEqual([1, 1]);
    expect(await count(name(74))).toBe(1);
    // The account is a member, although the callback is not found by it.
    expect(await store.findAccount(name(24))).toMatchObject({ groups: [{ groupId: 'g' }] });
  });

  test('without message content, the accounts are the same', async () => {
    const { store } = await prepare();
    const one = state('mina', 'CustomStatusChange', 1_000, NOON, { CustomStatus: 'away' });
    await store.append(received(one, judgeWithoutMessages));
    await store.append(received(pairs('FriendAdd', [['mina', 'otto']]), judgeWithoutMessages));
    const before = await store.findAccount('mina');
    expect(before).toMatchObject({ customStatus: { text: 'away' }, friends: [{ account: 'otto' }] });
    await replay(store);
    expect(await store.findAccount('mina')).toEqual(before);
  });

  test('a rejected callback changes nothing until a retry accepts it', async () => {
    const { store } = await prepare();
    const one = received(pairs('FriendAdd', [['mina', 'otto']]));
    const rejected = { ...one, status: 'rejected' as const, reason: 'x', registers: [], accounts: [] };
    const { id } = await store.append(rejected);
    expect(await store.findAccount('mina')).toBeNull();
    expect(await store.retry(id, () => one)).toMatchObject({ status: 'accepted' });
    expect(await store.findAccount('mina')).toMatchObject({ friends: [{ account: 'otto' }] });
    expect((await store.listCallbacks({ account: 'otto', limit: 5 })).items).toMatchObject([{ id }]);
  });
});

describe.each(databases)('accounts on %s, rebuilt', (_name, prepare) => {
  async function filled(seed = 5) {
    const place = await prepare();
    const lists = fc.sample(callbacks, { numRuns: 12, seed });
    const ids = new Map<Said, string>();
    for (const one of lists.flat()) ids.set(one, (await place.store.append(received(one))).id);
    return { ...place, ids };
  }

  test('a replay finds everything again, and leaves correct data unchanged', async () => {
    const place = await filled();
    const { store, execute, ids } = place;
    const before = await tablesOf(place);
    const registers = (before[1] as string[]).length;
    const { accounts } = await replay(store);
    expect(accounts).toMatchObject({ found: 0, right: registers, corrected: 0, left: 0 });
    expect(accounts.known + accounts.unnamed).toBe(new Set(ids.values()).size);
    await execute('DELETE FROM callback_accounts');
    await execute("DELETE FROM account_registers WHERE kind = 'friend'");
    expect((await replay(store)).accounts).toMatchObject({
      found: accounts.known,
      known: 0,
      unnamed: accounts.unnamed,
    });
    expect(await tablesOf(place)).toEqual(before);
    // An earlier version of src/accounts/ produced other registers.
    await execute(`UPDATE account_registers SET value = '{"timed":"x"}' WHERE kind = 'block'`);
    await execute("UPDATE account_registers SET stamp = '9' WHERE kind = 'presence'");
    const wrong = (await execute("SELECT count(*) AS n FROM account_registers WHERE kind = 'presence'"))[0]?.n;
    expect((await replay(store)).accounts).toMatchObject({
      corrected: Number(wrong),
      right: registers - Number(wrong),
    });
    expect(await tablesOf(place)).toEqual(before);
    // A register that no callback states.
    await execute("UPDATE account_registers SET name = 'else' WHERE kind = 'friend' AND name = 'otto'");
    await replay(store);
    expect(await tablesOf(place)).toEqual(before);
  });

  test('an interrupted replay continues where it stopped', async () => {
    const place = await filled();
    const before = await tablesOf(place);
    await place.execute('DELETE FROM callback_accounts');
    await place.execute('DELETE FROM account_registers');
    const stopping = new AbortController();
    const onProgress = ({ accounts }: ReplayProgress) => {
      if (accounts.callbackId > 0) stopping.abort();
    };
    expect(await place.store.replay({ signal: stopping.signal, onProgress })).toMatchObject({ finished: false });
    const { accounts } = (await place.store.replayProgress()) as ReplayProgress;
    expect(accounts.found).toBeGreaterThan(0);
    expect((await replay(place.store, false)).accounts.found).toBe(accounts.found);
    expect(await tablesOf(place)).toEqual(before);
    expect(await place.store.replayProgress()).toBeNull();
  });

  test('ignored callbacks leave the accounts as if they had never arrived; restored ones, as if never ignored', async () => {
    const place = await filled(6);
    const before = await tablesOf(place);
    const ignored = [...place.ids.values()].filter((_, index) => index % 2 === 0);
    const kept = [...place.ids.keys()].filter((_, index) => index % 2 === 1);
    for (let index = 0; index < ignored.length; index += 4) {
      await Promise.all(ignored.slice(index, index + 4).map((id) => place.store.setIgnored(id, true)));
    }
    const other = await prepare();
    for (const one of kept) await other.store.append(received(one));
    expect((await registersIn(place)).sort()).toEqual((await registersIn(other)).sort());
    await replay(place.store);
    expect((await registersIn(place)).sort()).toEqual((await registersIn(other)).sort());
    await Promise.all(ignored.slice(0, 4).map((id) => place.store.setIgnored(id, false)));
    for (const id of ignored.slice(4)) await place.store.setIgnored(id, false);
    expect(await tablesOf(place)).toEqual(before);
  });

  test('a callback about 1,500 accounts is ignored and restored as a whole', async () => {
    const place = await prepare();
    const list = Array.from({ length: 1_500 }, (_, index) => [`m${index}`, 'otto'] as const);
    const { id } = await place.store.append(received(pairs('FriendAdd', list)));
    const before = await tablesOf(place);
    await place.store.setIgnored(id, true);
    expect(await registersIn(place)).toEqual([]);
    await place.store.setIgnored(id, false);
    expect(await tablesOf(place)).toEqual(before);
  });

  test('callbacks that arrive during a replay, while others are ignored, are not lost', async () => {
    const place = await prepare();
    const { store } = place;
    const early = Array.from({ length: 40 }, (_, index) => state('mina', index % 2 ? 'Login' : 'Logout', index));
    const ids: string[] = [];
    for (const one of early) ids.push((await store.append(received(one))).id);
    const late = Array.from({ length: 40 }, (_, index) => state('mina', 'Login', 20 + index));
    const ignored = ids.filter((_, index) => index >= 15);
    const [replaying, ignoring] = [await place.open(), await place.open()];
    await Promise.all([
      (async () => {
        for (const id of ignored) await ignoring.setIgnored(id, true);
      })(),
      (async () => {
        for (const one of late) await store.append(received(one));
      })(),
      replay(replaying),
    ]);
    const without = await prepare();
    for (const one of [...early.slice(0, 15), ...late]) await without.store.append(received(one));
    expect(await registersIn(place)).toEqual(await registersIn(without));
  });

  test('retention keeps registers, and drops the accounts of whole blocks', async () => {
    const place = await prepare();
    const { store, execute } = place;
    const old = await store.append(received(pairs('FriendAdd', [['mina', 'otto']], 0)));
    const fillers = Array.from({ length: 4_200 }, (_, index) => state(`a${index % 5}`, 'Login', 1));
    await Promise.all(fillers.map((one) => store.append(received(one))));
    const { id } = await store.append(received(pairs('FriendDelete', [['mina', 'otto']], 5_000)));
    for (let count = 1; count > 0; ) count = await store.pruneCallbacks(new Date(NOON + 2_000), 200);
    expect(await store.findCallback(old.id)).toBeNull();
    const blocks = await execute('SELECT DISTINCT block FROM callback_accounts');
    expect(blocks.map(({ block }) => Number(block))).toEqual([1]);
    expect((await store.listCallbacks({ account: 'a1', limit: 5 })).items).toEqual([]);
    expect(await store.findAccount('a1')).toMatchObject({ presence: { state: 'online' } });
    const { accounts } = await replay(store);
    expect(accounts).toMatchObject({ known: 1, right: 1, left: 5 });
    expect(await store.findAccount('a1')).toMatchObject({ presence: { state: 'online' } });
    // Pruned callbacks are forgotten: the register is gone with the callback that stated its last value.
    await store.setIgnored(id, true);
    expect(await store.findAccount('mina')).toMatchObject({ friends: [] });
    // A register of a pruned callback stays.
    const later = await store.append(received(state('a1', 'Logout', 0)));
    await store.setIgnored(later.id, true);
    expect(await store.findAccount('a1')).toMatchObject({ presence: { state: 'online' } });
  });

  test('a duplicate of an ignored callback does not restore it', async () => {
    const { store } = await prepare();
    const one = received(state('mina', 'Login', 1_000, NOON));
    const { id } = await store.append(one);
    await store.setIgnored(id, true);
    expect(await store.append({ ...one, arrival: randomUUID() })).toEqual({ id, repeat: true });
    expect(await store.findAccount('mina')).toMatchObject({ presence: null });
  });
});

test('PostgreSQL: two concurrent receivers do not block each other, and no register is lost', async () => {
  const place = await onPostgres(await postgres.createDatabase());
  const stores = [place.store, await place.open()];
  const lists = fc.sample(callbacks, { numRuns: 60, seed: 9 }).flat();
  const many = Array.from({ length: 60 }, (_, index) =>
    pairs(
      'FriendAdd',
      Array.from({ length: 30 }, (_, other) => [`a${(other * 7 + index) % 30}`, 'otto'] as const),
      index,
    ),
  );
  const before = await place.execute('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
  await Promise.all([...lists, ...many].map((one, index) => stores[index % 2]?.append(received(one))));
  const other = await onPostgres(await postgres.createDatabase());
  for (const one of [...lists, ...many]) await other.store.append(received(one));
  expect((await registersIn(place)).sort()).toEqual((await registersIn(other)).sort());
  expect(await place.execute('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')).toEqual(
    before,
  );
}, 60_000);
