import { expect, test } from '@jest/globals';
import { randomFrom } from '../scripts/simulator/rest/history.ts';
import { differencesOf } from '../src/backfill/compare.ts';
import { portionsOf } from '../src/backfill/portions.ts';
import { merge } from '../src/groups/merge.ts';
import { changeOfSnapshot, type GroupSnapshot, writeSnapshot } from '../src/groups/snapshot.ts';
import type { GroupState } from '../src/groups/state.ts';
import { groupDetailOf } from '../src/groups/view.ts';
import { APP } from './support/vendor.ts';

const NOON = 1_700_000_000_000;
const MOST = 4;

function snapshotAt(takenAt: number, accounts: readonly string[], admins: readonly string[] = []): GroupSnapshot {
  const profile = { type: 'Community', name: 'Tea', ownerAccount: 'ann', introduction: '', notification: '' };
  return {
    ...{ groupId: 'tea', takenAt },
    group: { ...profile, faceUrl: '', createdAt: NOON, full: false, customFields: null },
    members: accounts.map((account) => {
      return { account, role: admins.includes(account) ? 'Admin' : null, nameCard: null, joinedAt: NOON };
    }),
  };
}

function mergeAll(state: GroupState | null, snapshots: readonly GroupSnapshot[]): GroupState {
  let merged = state;
  for (const snapshot of snapshots) {
    const idempotencyKey = writeSnapshot(snapshot).subarray(-40);
    merged = merge(merged, [changeOfSnapshot(snapshot, { idempotencyKey, receivedAt: new Date(NOON) })]);
  }
  return merged as GroupState;
}

function shown({ document, parts }: GroupState) {
  const { members, memberDetails, partial, name } = groupDetailOf(Number(APP), document, [...parts.values()]);
  const roles = memberDetails.map(({ account, role }) => `${account} ${role ?? 'Member'}`).sort();
  return { members: [...members].sort(), roles, partial, name };
}

const accountsOf = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `user${index + from}`);
const detailOf = ({ document, parts }: GroupState) => groupDetailOf(Number(APP), document, [...parts.values()]);

test('a snapshot with few members is stored unchanged', () => {
  const snapshot = snapshotAt(NOON, accountsOf(MOST));
  expect(portionsOf(snapshot, differencesOf(null, snapshot), MOST)).toEqual([snapshot]);
});

test('a large group that the mirror lacks is stored in portions, and complete with the last one', () => {
  const snapshot = snapshotAt(NOON, accountsOf(10), ['user3', 'user9']);
  const portions = portionsOf(snapshot, differencesOf(null, snapshot), MOST);
  expect(portions.map(({ members, changed }) => [members, changed?.present.length, changed?.isLast])).toEqual([
    [null, 4, false],
    [null, 4, false],
    [null, 2, true],
  ]);
  expect(detailOf(mergeAll(null, portions.slice(0, 2)))).toMatchObject({ partial: true, memberCount: 8 });
  expect(shown(mergeAll(null, portions))).toEqual(shown(mergeAll(null, [snapshot])));
});

test('for a large group in the mirror, only differences are stored, in any order', () => {
  const random = randomFrom(1);
  for (let run = 0; run < 200; run += 1) {
    const some = (from: readonly string[]) => from.filter(() => random() < 0.6);
    const known = mergeAll(null, [snapshotAt(NOON, some(accountsOf(12)), some(accountsOf(6)))]);
    const snapshot = snapshotAt(NOON + 1_000, some(accountsOf(12, 3)), some(accountsOf(9)));
    const differences = differencesOf(detailOf(known), snapshot);
    const portions = portionsOf(snapshot, differences, MOST);
    const whole = shown(mergeAll(known, [snapshot]));
    expect(shown(mergeAll(known, portions))).toEqual(whole);
    expect(shown(mergeAll(known, [...portions].reverse()))).toEqual(whole);
    const told = portions.flatMap(({ changed }) => [...(changed?.present ?? []), ...(changed?.absent ?? [])]);
    if ((snapshot.members?.length ?? 0) > MOST) {
      const ofMembers = differences.filter(({ of }) => of !== null).map(({ of }) => of);
      expect(told).toHaveLength(new Set(ofMembers).size);
    }
  }
});
