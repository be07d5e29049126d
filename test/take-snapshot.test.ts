import { expect, test } from '@jest/globals';
import { takeSnapshots } from '../src/backfill/take-snapshot.ts';
import { VendorGroups } from '../src/backfill/vendor-groups.ts';
import type { GroupDetail } from '../src/groups/view.ts';
import { type AnswerCall, ok, restClient, restVendor } from './support/rest-vendor.ts';

const INFO = {
  ...{ GroupId: 'tea', Type: 'Private', Name: 'Tea', Introduction: '', Notification: '', FaceUrl: '' },
  ...{ Owner_Account: 'ann', CreateTime: 1_600_000_000, MemberNum: 3, MaxMemberNum: 3 },
};

/** A group of the mirror, with the fields that a snapshot uses. */
function mirrored(members: string[], customFields: { key: string; value: string }[] = []) {
  return new Map([['tea', { groupId: 'tea', destroyedAt: null, members, customFields } as unknown as GroupDetail]]);
}

async function take(answer: AnswerCall, mirror: ReadonlyMap<string, GroupDetail> = new Map()) {
  const { url, calls } = await restVendor(answer);
  const [taken] = await takeSnapshots(new VendorGroups(restClient(url).client), ['tea'], { mirror, members: true });
  const { snapshot, leftOut } = taken ?? {};
  return { snapshot, leftOut, commands: calls.map(({ command }) => command), calls };
}

const pageOf = (total: number, ...accounts: string[]) =>
  ok({ MemberNum: total, MemberList: accounts.map((Member_Account) => ({ Member_Account, Role: 'Member' })) });

test('a group is taken by its present names, as of its first request', async () => {
  let isLate = false;
  const { snapshot } = await take(({ command }, response) => {
    response.setHeader('Date', `Tue, 14 Nov 2023 22:13:${isLate ? 40 : 20} GMT`);
    isLate = true;
    if (command === 'get_group_info') return ok({ GroupInfo: [INFO] });
    return ok({
      MemberNum: 3,
      MemberList: [
        { Member_Account: 'ann', Role: 'Owner', JoinTime: 1_600_000_000 },
        { Member_Account: 'bob', Role: 'Admin ', NameCard: 'Bob' },
        { Member_Account: 'cid', Role: 'Member', NameCard: '' },
      ],
    });
  });
  expect(snapshot).toEqual({
    groupId: 'tea',
    takenAt: Date.parse('2023-11-14T22:13:20Z'),
    group: {
      ...{ type: 'Work', name: 'Tea', ownerAccount: 'ann', introduction: '', notification: '', faceUrl: '' },
      ...{ createdAt: 1_600_000_000_000, full: true, customFields: null },
    },
    members: [
      { account: 'ann', role: null, nameCard: null, joinedAt: 1_600_000_000_000 },
      { account: 'bob', role: 'Admin', nameCard: 'Bob', joinedAt: null },
      { account: 'cid', role: null, nameCard: '', joinedAt: null },
    ],
  });
});

test('inconsistent pages are read again, three times at most, and all accounts seen are members', async () => {
  let reads = 0;
  const { snapshot } = await take(({ command, body }) => {
    if (command === 'get_group_info') return ok({ GroupInfo: [INFO] });
    if (body.Offset > 0) return pageOf(4);
    reads += 1;
    // Only two of four members are returned.
    return pageOf(4, 'ann', reads === 2 ? 'cid' : 'bob');
  });
  expect(reads).toBe(3);
  expect(snapshot?.members?.map(({ account }) => account)).toEqual(['ann', 'bob', 'cid']);
});

test('a member of the mirror that no page shows is requested by name before it counts as gone', async () => {
  const { snapshot, calls } = await take(
    ({ command }) => {
      if (command === 'get_group_info') return ok({ GroupInfo: [INFO] });
      if (command === 'get_group_member_info') return pageOf(1, 'ann');
      const roles = { bob: 'Admin', cid: 'NotMember' };
      return ok({ UserIdList: Object.entries(roles).map(([Member_Account, Role]) => ({ Member_Account, Role })) });
    },
    mirrored(['ann', 'bob', 'cid']),
  );
  expect(calls.at(-1)?.body).toEqual({ GroupId: 'tea', User_Account: ['bob', 'cid'] });
  // The vendor returns no name card of bob, so the mirror's stays.
  expect(snapshot?.members).toEqual([
    { account: 'ann', role: null, nameCard: null, joinedAt: null },
    { account: 'bob', role: 'Admin', nameCard: null, joinedAt: null },
  ]);
});

test('custom fields of the mirror are requested; one that is missing among others is empty', async () => {
  const answer =
    (AppDefinedData?: object[]): AnswerCall =>
    ({ command }) =>
      command === 'get_group_info' ? ok({ GroupInfo: [{ ...INFO, AppDefinedData }] }) : pageOf(1, 'ann');
  const mirror = mirrored(
    ['ann'],
    ['a', 'b'].map((key) => ({ key, value: 'old' })),
  );
  const some = await take(answer([{ Key: 'a', Value: 'new' }]), mirror);
  expect(some.calls[0]?.body.ResponseFilter.AppDefinedDataFilter_Group).toEqual(['a', 'b']);
  expect(some.snapshot?.group?.customFields).toEqual([
    { key: 'a', value: 'new' },
    { key: 'b', value: '' },
  ]);
  expect((await take(answer(), mirror)).snapshot?.group?.customFields).toBeNull();
});

test('a custom field that the app no longer has is not requested again', async () => {
  const asked: boolean[] = [];
  const { snapshot, leftOut } = await take(
    ({ command, body }) => {
      if (command !== 'get_group_info') return pageOf(1, 'ann');
      asked.push('AppDefinedDataFilter_Group' in (body as { ResponseFilter: object }).ResponseFilter);
      const refused = { ActionStatus: 'FAIL', ErrorCode: 10004, ErrorInfo: 'invalid custom field' };
      return asked.at(-1) ? refused : ok({ GroupInfo: [INFO] });
    },
    mirrored(['ann'], [{ key: 'old', value: 'x' }]),
  );
  expect([asked, leftOut]).toEqual([[true, false], undefined]);
  expect(snapshot?.group).toMatchObject({ name: 'Tea', customFields: null });
});

test('an AVChatRoom has no members, and a group without a type is left out', async () => {
  const room = await take(() => ok({ GroupInfo: [{ ...INFO, Type: 'AVChatRoom', MemberNum: undefined }] }));
  expect(room.commands).toEqual(['get_group_info']);
  expect(room.snapshot).toMatchObject({ members: null, group: { type: 'AVChatRoom', full: null } });
  const odd = await take(() => ok({ GroupInfo: [{ ...INFO, Type: undefined }] }));
  expect(odd.leftOut?.reason).toContain('group "tea": the vendor\'s answer lacks Type');
});
