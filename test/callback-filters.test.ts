import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isOfFamily } from '../generated/commands.ts';
import { isNamedBy } from '../src/callback/command-pattern.ts';
import type { CallbackRecord, ReceivedCallback, Store } from '../src/store/store.ts';
import { openedStore, useDatabases } from './support/databases.ts';

const START = 1_700_000_000_000;
const COMMANDS = [
  'Group.CallbackAfterCreateGroup',
  'Group.CallbackAfterSendMsg',
  'Sns.CallbackFriendAdd',
  'Live.100%_New\\',
  'group.Ünown',
];
const STATUSES = ['accepted', 'accepted', 'accepted', 'rejected', 'unknown'] as const;

function callbackAt(index: number): ReceivedCallback {
  const status = STATUSES[index % STATUSES.length] ?? 'accepted';
  return {
    arrival: randomUUID(),
    query: 'SdkAppid=1400000000',
    body: Buffer.from(String(index)),
    idempotencyKey: Buffer.from(String(index)),
    // Several in one millisecond; and every tenth was spooled, so it is older than its id suggests.
    receivedAt: new Date(START + Math.floor(index / 80) * 1_000 - (index % 10 === 0 ? 20_000 : 0)),
    status,
    command: COMMANDS[index % 7] ?? 'Group.CallbackAfterCreateGroup',
    groupId: `g${index % 3}`,
    eventTime: new Date(START + index),
    reason: status === 'accepted' ? null : 'no',
    change: null,
    accounts: status === 'accepted' ? [`a${index % 2}`] : [],
  };
}

type List = Parameters<Store['listCallbacks']>[0];

async function listed(store: Store, filter: Partial<List>): Promise<CallbackRecord[]> {
  const found: CallbackRecord[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.listCallbacks({ ...filter, limit: 300, after });
    found.push(...page.items);
    if (page.next === null) return found;
    after = page.next;
  }
}

const since = new Date(START + 3_000);
const until = new Date(START + 22_000);
const FILTERS: Omit<List, 'limit'>[] = [
  {},
  { since },
  { until },
  { since, until },
  { since, until, status: 'rejected' },
  { since, until, status: 'accepted', family: 'Group' },
  { since, until, command: 'Group.CallbackAfterSendMsg' },
  { since, until, groupId: 'g1' },
  { since, until, account: 'a1' },
  { since, command: '*CREATEGROUP', status: 'accepted' },
  { since: until, until: since },
  { account: 'a0', command: '*after*' },
  { account: 'a0', family: 'Sns' },
  { command: '*%_new\\' },
  { command: '*Friend*', family: 'Sns' },
  { command: 'group.*' },
  { command: 'GROUP.Ü*' },
  { command: 'GROUP.ü*' },
  { command: '*', status: 'unknown' },
  { command: 'Live.*', groupId: 'g2' },
  { family: 'Group' },
  { family: 'other' },
];

function matches(callback: CallbackRecord, filter: Omit<List, 'limit'>): boolean {
  const { command, family, status, groupId, account, since, until } = filter;
  const at = new Date(callback.receivedAt);
  const index = Date.parse(callback.eventTime ?? '') - START;
  return (
    (command === undefined || isNamedBy(command, callback.command)) &&
    (family === undefined || isOfFamily(callback.command, family)) &&
    (status === undefined || callback.status === status) &&
    (groupId === undefined || callback.groupId === groupId) &&
    (account === undefined || (callback.status === 'accepted' && account === `a${index % 2}`)) &&
    (since === undefined || at >= since) &&
    (until === undefined || at < until)
  );
}

describe.each(useDatabases())('on %s', (_name, createUrl) => {
  test('callbacks are found by time, account and part of a command, in both orders, each once', async () => {
    const store = await openedStore(await createUrl());
    // More than the first step of a scan reads.
    await Promise.all(Array.from({ length: 2_400 }, (_, index) => store.append(callbackAt(index))));
    const all = await listed(store, {});
    expect(all.map(({ id }) => Number(id))).toEqual(Array.from({ length: 2_400 }, (_, index) => 2_400 - index));
    for (const filter of FILTERS) {
      const want = all.filter((callback) => matches(callback, filter));
      const isByReceipt =
        (filter.since ?? filter.until) && !filter.groupId && !filter.account && filter.status !== 'rejected';
      if (isByReceipt)
        want.sort((a, b) => Date.parse(b.receivedAt) - Date.parse(a.receivedAt) || Number(b.id) - Number(a.id));
      const ids = want.map(({ id }) => id);
      const found = async (order: 'asc' | 'desc') => (await listed(store, { ...filter, order })).map(({ id }) => id);
      expect([filter, await found('desc')]).toEqual([filter, ids]);
      expect([filter, await found('asc')]).toEqual([filter, ids.toReversed()]);
    }
  });
});

test.each([
  ['*creategroup*', 'Group.CallbackAfterCreateGroup', true],
  ['group.*', 'Group.CallbackAfterCreateGroup', true],
  ['group.*', 'Groups', false],
  ['*ab*ba*', 'aba', false],
  ['ab*ba', 'aba', false],
  ['a**b', 'ab', true],
  ['*', '', true],
  ['Group.X', 'group.x', false],
  ['É*', 'é1', false],
])('the pattern %s, and the command %s: %s', (pattern, command, want) => {
  expect(isNamedBy(pattern, command)).toBe(want);
});
