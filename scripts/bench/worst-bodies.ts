import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { openContract } from '../../src/callback/contract.ts';
import { stampOf } from '../../src/callback/stamp.ts';
import type { Change } from '../../src/groups/facts.ts';
import { merge } from '../../src/groups/merge.ts';
import { judgeBy } from '../../src/receiver/judge.ts';
import { columns, grouped } from '../command-line.ts';

const SIZES = [1_250, 2_500, 5_000, 10_000];
const REPEATS = 9;
const SDK_APP_ID = 1400000000;
const CREATED = 'Group.CallbackAfterCreateGroup';

/**
 * A table of the bodies that are most expensive to judge and to merge, at several sizes. The time must grow in
 * proportion to the size: this work blocks the event loop.
 */
export async function worstBodies(): Promise<string> {
  const judge = judgeBy(await openContract(callbackDocument), SDK_APP_ID);
  const judged = (members: object[]) => {
    const about = { CallbackCommand: CREATED, GroupId: 'g', Type: 'Public', Name: 'n', Operator_Account: 'a' };
    const body = Buffer.from(JSON.stringify({ ...about, MemberList: members }));
    const query = `SdkAppid=${SDK_APP_ID}&CallbackCommand=${CREATED}`;
    return () => judge({ arrival: '', query, body, receivedAt: new Date() });
  };
  const works: [title: string, prepare: (size: number) => () => unknown][] = [
    ['everybody leaves a group: merge', exits],
    ['a creation with members: judge', (size) => judged(accounts(size).map((Member_Account) => ({ Member_Account })))],
    ['8 times as many empty members: judge', (size) => judged(Array.from({ length: 8 * size }, () => ({})))],
  ];
  const rows = works.map(([title, prepare]) => [
    title,
    ...SIZES.map((size) => millisecondsOf(prepare(size)).toFixed(1)),
  ]);
  return columns([['ms', ...SIZES.map(grouped)], ...rows], true);
}

function exits(size: number): () => unknown {
  const members = accounts(size);
  const at = (time: number) => ({
    groupId: 'g',
    stamp: stampOf(new Date(time), Buffer.alloc(8)),
    receivedAt: time,
  });
  const about = { type: 'Public', name: 'n', ownerAccount: null, operatorAccount: 'a', customFields: [] };
  const origin = { introduction: null, notification: null, clientIp: null, optPlatform: null };
  const group = merge(null, [{ ...at(1), created: { ...about, ...origin, members } }]);
  const parts = members.map((name) => ({ kind: 'member' as const, name, value: null }));
  const left: Change = { ...at(2), membersLeft: true, parts };
  return () => merge(group, [left]);
}

function accounts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `account-${index}`);
}

/** The median, after one warm-up run. */
function millisecondsOf(work: () => unknown): number {
  work();
  const times = Array.from({ length: REPEATS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((one, other) => one - other)[Math.floor(REPEATS / 2)] ?? 0;
}
