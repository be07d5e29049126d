import { expect, test } from '@jest/globals';
import { differencesOf } from '../src/backfill/compare.ts';
import type { GroupSnapshot, SnapshotGroup } from '../src/groups/snapshot.ts';
import type { GroupDetail } from '../src/groups/view.ts';

const member = { since: '2023-01-01T00:00:00.000Z', how: 'Created', by: null, role: null, nameCard: null };
const mirror = {
  ...{ groupId: 'g', type: 'Private', name: 'Tea', ownerAccount: 'ann', introduction: null, notification: null },
  ...{ faceUrl: null, destroyedAt: null, customFields: [{ key: 'topic', value: '' }] },
  memberDetails: [
    { ...member, account: 'ann', role: 'Admin' },
    { ...member, account: 'bob', role: 'Member', nameCard: 'Bob' },
  ],
} as unknown as GroupDetail;

const group: SnapshotGroup = {
  ...{ type: 'Work', name: 'Tea', ownerAccount: 'ann', introduction: '', notification: '', faceUrl: '' },
  ...{ createdAt: 1, full: true, customFields: [{ key: 'other', value: '' }] },
};
const plain = { role: null, nameCard: '', joinedAt: 1 };
const snapshot: GroupSnapshot = {
  ...{ groupId: 'g', takenAt: 2, group },
  members: [
    { ...plain, account: 'ann' },
    { ...plain, account: 'bob', nameCard: 'Bob' },
  ],
};

test.each<[string, Partial<GroupSnapshot>]>([
  ['old and new names of a type, empty and unknown values, an owner with an earlier role', {}],
  ['what the vendor does not tell', { members: null }],
  [
    'a profile without fields',
    {
      group: {
        ...{ type: 'Private', name: null, ownerAccount: null, introduction: null, notification: null },
        ...{ faceUrl: null, createdAt: null, full: null, customFields: null },
      },
    },
  ],
  ['a missing name card', { members: snapshot.members?.map((one) => ({ ...one, nameCard: null })) ?? null }],
])('%s: no difference', (_name, change) => {
  expect(differencesOf(mirror, { ...snapshot, ...change })).toEqual([]);
});

test('a destroyed group counts as missing, whatever its content', () => {
  const destroyed = { ...mirror, destroyedAt: '2023-01-01T00:00:00.000Z' };
  const missing = { groupId: 'g', kind: 'missing', field: 'group', of: null, mirror: null, vendor: 'Tea' };
  expect(differencesOf(destroyed, snapshot)).toEqual([missing]);
  expect(differencesOf(null, snapshot)).toEqual([missing]);
  for (const none of [destroyed, null])
    expect(differencesOf(none, { ...snapshot, group: null, members: null })).toEqual([]);
});

test('another type, owner or role is a difference', () => {
  const other = {
    group: { ...group, type: 'Public', ownerAccount: '' },
    members: snapshot.members?.map((one) => ({ ...one, role: one.account === 'bob' ? 'Admin' : null })) ?? null,
  };
  const fields = differencesOf(mirror, { ...snapshot, ...other }).map(({ field, of }) => `${field} ${of}`);
  // The group has no owner, so the role that ann has here is an extra one.
  expect(fields).toEqual(['type null', 'ownerAccount null', 'role ann', 'role bob']);
});
