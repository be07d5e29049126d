import { expect, test } from '@jest/globals';
import { RestError } from '../src/backfill/rest-errors.ts';
import { type MemberPage, VendorGroups } from '../src/backfill/vendor-groups.ts';
import { type AnswerCall, answering, fail, ok, restClient, restVendor } from './support/rest-vendor.ts';

const MOST_NEXT = '18446744073709551615';
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `@TGS#${index}`);
const listed = (ids: string[]) => ids.map((GroupId) => ({ GroupId }));

async function groupsOf(vendor: AnswerCall) {
  const { url, calls } = await restVendor(vendor);
  const { client, clock } = restClient(url);
  return { groups: new VendorGroups(client), calls, clock };
}

async function failureOf(work: Promise<unknown>): Promise<RestError> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(RestError);
  return error;
}

test('the list is read page by page, with every digit of Next', async () => {
  const pages: Record<string, string> = {
    '0': `"GroupIdList":[{"GroupId":"a"},{"GroupId":"\\"Next\\":7\\u0000"}],"Next":${MOST_NEXT}`,
    [MOST_NEXT]: '"GroupIdList":[],"Next":9007199254740993',
    '9007199254740993': '"GroupIdList":[{"GroupId":"b"}]',
  };
  const { groups, calls } = await groupsOf(
    ({ text }) => `{"ActionStatus":"OK","ErrorCode":0,"TotalCount":3,${pages[/"Next":(\d+)/.exec(text)?.[1] ?? '']}}`,
  );
  const read = await Array.fromAsync(groups.groupIds({ type: 'Community' }));
  expect(read.map(({ ids, next, total }) => ({ ids, next, total }))).toEqual([
    { ids: ['a', '"Next":7\0'], next: MOST_NEXT, total: 3 },
    { ids: [], next: '9007199254740993', total: 3 },
    { ids: ['b'], next: null, total: 3 },
  ]);
  expect(calls.map(({ text }) => text)).toEqual([
    '{"Limit":10000,"Next":0,"GroupType":"Community"}',
    `{"Limit":10000,"Next":${MOST_NEXT},"GroupType":"Community"}`,
    '{"Limit":10000,"Next":9007199254740993,"GroupType":"Community"}',
  ]);
  const [rest] = await Array.fromAsync(groups.groupIds({ next: '9007199254740993' }));
  expect(rest).toMatchObject({ ids: ['b'], next: null });
});

test.each(['5', '-1', '1.5', '1e30', '"x"', '{}', '184467440737095516150'])(
  'the list ends with an error if Next is %s after 5',
  async (next) => {
    const { groups, calls } = await groupsOf(() => `{"ErrorCode":0,"GroupIdList":[],"Next":${next}}`);
    const { kind, message } = await failureOf(Array.fromAsync(groups.groupIds({ next: '5' })));
    expect([kind, calls.length]).toEqual(['stop', 1]);
    expect(message).toMatch(/^get_appid_group_list: the vendor answered Next .* to 5, so the next page is not known/);
  },
);

test('a page that is too large is halved, and the list continues with the halves', async () => {
  const { groups, calls } = await groupsOf(({ body }) =>
    body.Limit > 2_500
      ? fail(10018)
      : ok({ GroupIdList: listed([`from ${body.Next}`]), Next: body.Next < 2 ? body.Next + 1 : 0 }),
  );
  const read = await Array.fromAsync(groups.groupIds());
  expect(read.flatMap(({ ids }) => ids)).toEqual(['from 0', 'from 1', 'from 2']);
  expect(calls.map(({ body }) => body.Limit)).toEqual([10_000, 5_000, 2_500, 2_500, 2_500]);
});

test('the list of a type that the app lacks fails for the type', async () => {
  const { groups } = await groupsOf(() => fail(11000));
  expect((await failureOf(Array.fromAsync(groups.groupIds({ type: 'Community' })))).kind).toBe('type');
});

test('a group has its fields, dates from seconds, and null for what the vendor leaves out', async () => {
  const full = {
    GroupId: 'full',
    ErrorCode: 0,
    Type: 'Private',
    Name: 'name\0',
    Introduction: '',
    Notification: 'n',
    FaceUrl: 'https://example.com/a.png',
    Owner_Account: 'owner',
    CreateTime: 1670574414,
    LastInfoTime: '1670574415',
    LastMsgTime: 0,
    MemberNum: 2,
    MaxMemberNum: 200,
    ApplyJoinOption: 'FreeAccess',
    MuteAllMember: 'On',
    AppDefinedData: [{ Key: 'k', Value: 'v\0' }, { Key: 'empty' }, { Value: 'no key' }],
  };
  const { groups, calls } = await groupsOf(() => ok({ GroupInfo: [{ GroupId: 'bare', MemberNum: null }, full] }));
  const [first, second] = await groups.groupInfo(['full', 'bare'], { customFields: ['k'] });
  expect(first?.group).toEqual({
    groupId: 'full',
    type: 'Private',
    name: 'name\0',
    introduction: '',
    notification: 'n',
    faceUrl: 'https://example.com/a.png',
    ownerAccount: 'owner',
    createdAt: new Date('2022-12-09T08:26:54Z'),
    infoChangedAt: new Date('2022-12-09T08:26:55Z'),
    lastMessageAt: null,
    memberCount: 2,
    mostMembers: 200,
    applyJoinOption: 'FreeAccess',
    isMuted: true,
    customFields: [
      { key: 'k', value: 'v\0' },
      { key: 'empty', value: '' },
    ],
  });
  const { groupId, ...others } = { ...second?.group };
  expect(groupId).toBe('bare');
  expect(Object.values(others).every((value) => value === null)).toBe(true);
  expect(calls[0]?.body.ResponseFilter).toMatchObject({
    GroupBaseInfoFilter: expect.arrayContaining(['Name', 'Owner_Account']),
    AppDefinedDataFilter_Group: ['k'],
  });
});

test('each group has its own error, whatever the outer one', async () => {
  const { groups } = await groupsOf(({ body }) => ({
    ...fail(10002),
    GroupInfo: body.GroupIdList.flatMap((GroupId: string) =>
      GroupId === 'missing' ? [] : { GroupId, Name: GroupId, ErrorCode: Number(GroupId) || 0, ErrorInfo: 'so' },
    ),
  }));
  const ids = ['10010', 'fine', '10015', 'missing', '10007', '60010', 'fine', '99999'];
  const answers = await groups.groupInfo(ids);
  expect(answers.map(({ groupId }) => groupId)).toEqual(ids);
  expect(answers.map(({ group }) => group?.name ?? null)).toEqual([null, 'fine', null, null, null, null, 'fine', null]);
  const errors = answers.map(({ error }) => error);
  expect(errors.map((error) => error?.kind ?? null)).toEqual(errors.map((error) => (error ? 'group' : null)));
  expect(errors.map((error) => error?.isGone ?? null)).toEqual([true, null, false, false, false, false, null, false]);
  expect(errors[0]?.message).toBe(
    'get_group_info of group "10010": the vendor answered 10010, the group does not exist ("so")',
  );
  expect(errors[3]?.message).toBe('get_group_info of group "missing": the answer of the vendor lacks it');
});

test('groups whose own error may pass are requested again, alone', async () => {
  let calls = 0;
  const { groups, calls: asked } = await groupsOf(({ body }) => {
    calls += 1;
    return ok({
      GroupInfo: body.GroupIdList.map((GroupId: string) => ({
        GroupId,
        ErrorCode: GroupId === 'never' || (GroupId === 'later' && calls < 3) ? 10002 : 0,
      })),
    });
  });
  const answers = await groups.groupInfo(['now', 'later', 'never']);
  expect(answers.map(({ error }) => error?.code ?? 0)).toEqual([0, 0, 10002]);
  expect(asked.map(({ body }) => body.GroupIdList)).toEqual([
    ['now', 'later', 'never'],
    ['later', 'never'],
    ['later', 'never'],
    ['never'],
    ['never'],
  ]);
});

test('ids are halved if the reply is too large, down to the group that causes it', async () => {
  const { groups, calls } = await groupsOf(({ body: { GroupIdList: ids } }) =>
    ids.length > 20 || ids.includes('@TGS#7') ? fail(10018) : ok({ GroupInfo: listed(ids) }),
  );
  const answers = await groups.groupInfo(idsOf(50));
  expect(answers.map(({ groupId }) => groupId)).toEqual(idsOf(50));
  expect(answers.flatMap(({ groupId, error }) => (error ? [[groupId, error.kind, error.code]] : []))).toEqual([
    ['@TGS#7', 'group', 10018],
  ]);
  expect(calls.length).toBeLessThan(20);
});

test('one bad id does not affect the answers of the others', async () => {
  const { groups } = await groupsOf(({ body: { GroupIdList: ids } }) =>
    ids.includes('@TGS#3') ? fail(10015) : ok({ GroupInfo: listed(ids) }),
  );
  const answers = await groups.groupInfo(idsOf(50));
  expect(answers.filter(({ error }) => error).map(({ groupId, error }) => [groupId, error?.code])).toEqual([
    ['@TGS#3', 10015],
  ]);
});

test('more than a call accepts is refused', async () => {
  const { groups, calls } = await groupsOf(() => ok());
  await expect(groups.groupInfo(idsOf(51))).rejects.toThrow('51 ids: at most 50 a call');
  await expect(groups.roles('g', idsOf(501))).rejects.toThrow('501 accounts: at most 500 a call');
  expect(await groups.groupInfo([])).toEqual([]);
  expect(calls).toEqual([]);
});

const member = (index: number) => ({ Member_Account: `m${index}`, Role: 'Member' });
const accountsOf = (pages: MemberPage[]) => pages.flatMap(({ members }) => members.map(({ account }) => account));

test('members are read by Offset until complete', async () => {
  const all = Array.from({ length: 250 }, (_, index) => member(index));
  const { groups, calls } = await groupsOf(({ body }) =>
    body.Limit > 50
      ? fail(10018)
      : ok({ MemberNum: 250, MemberList: all.slice(body.Offset, body.Offset + body.Limit) }),
  );
  const pages = await Array.fromAsync(groups.members('g', 'Public') ?? []);
  expect(accountsOf(pages)).toEqual(all.map(({ Member_Account }) => Member_Account));
  expect(pages.every(({ total }) => total === 250)).toBe(true);
  expect(calls.map(({ body }) => [body.Offset, body.Limit])).toEqual([
    [0, 100],
    ...[0, 50, 100, 150, 200].map((offset) => [offset, 50]),
  ]);
  expect(calls.every(({ body }) => body.GroupId === 'g' && !('Next' in body))).toBe(true);
});

test.each([
  ['an empty page', { MemberNum: 9, MemberList: [] }],
  ['no MemberNum and a short page', { MemberList: [member(1)] }],
  ['no members at all', {}],
])('members end with %s', async (_, reply) => {
  const { groups, calls } = await groupsOf(() => ok(reply));
  await Array.fromAsync(groups.members('g', 'Work') ?? []);
  expect(calls).toHaveLength(1);
});

test('members of a Community are read by Next', async () => {
  const following: Record<string, string> = { '': 'one', one: 'two', two: '' };
  const { groups, calls } = await groupsOf(({ body }) =>
    ok({ MemberNum: 3, MemberList: [{ Member_Account: `after ${body.Next}` }], Next: following[body.Next] }),
  );
  const pages = await Array.fromAsync(groups.members('g', 'Community') ?? []);
  expect(accountsOf(pages)).toEqual(['after ', 'after one', 'after two']);
  expect(calls.every(({ body }) => body.Limit === 100 && !('Offset' in body))).toBe(true);
});

test('members of a Community end with an error if Next does not change', async () => {
  const { groups } = await groupsOf(() => ok({ MemberList: [member(1)], Next: 'x' }));
  const { kind, groupId } = await failureOf(Array.fromAsync(groups.members('g', 'Community') ?? []));
  expect([kind, groupId]).toEqual(['stop', 'g']);
});

test('an AVChatRoom has no members to read', async () => {
  const { groups, calls } = await groupsOf(() => ok());
  expect(groups.members('g', 'AVChatRoom')).toBeNull();
  expect(calls).toEqual([]);
});

test('a member has its role without blanks, and dates from seconds', async () => {
  const { groups } = await groupsOf(() =>
    ok({
      MemberNum: 2,
      MemberList: [
        {
          Member_Account: 'a\0',
          Role: 'Owner ',
          JoinTime: 1670574414,
          LastSendMsgTime: 0,
          MuteUntil: 1670574415,
          NameCard: '',
          AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
        },
        { Member_Account: 'b', Role: ' ' },
        { Role: 'Member' },
      ],
    }),
  );
  const [page] = await Array.fromAsync(groups.members('g', 'ChatRoom') ?? []);
  expect(page?.members).toEqual([
    {
      account: 'a\0',
      role: 'Owner',
      joinedAt: new Date('2022-12-09T08:26:54Z'),
      lastMessageAt: null,
      mutedUntil: new Date('2022-12-09T08:26:55Z'),
      nameCard: '',
      customFields: [{ key: 'k', value: 'v' }],
    },
    {
      ...{ account: 'b', role: null, joinedAt: null, lastMessageAt: null, mutedUntil: null, nameCard: null },
      customFields: null,
    },
  ]);
});

test('a group destroyed while its members are read is reported, with the time', async () => {
  const { url } = await answering(ok({ MemberNum: 200, MemberList: [member(1)] }), fail(10010));
  const { client } = restClient(url);
  const pages = new VendorGroups(client).members('g', 'Public');
  expect((await pages?.next())?.value?.members).toHaveLength(1);
  const error = await failureOf(pages?.next() ?? Promise.resolve());
  expect(error).toMatchObject({ kind: 'group', isGone: true, groupId: 'g', sentAt: expect.any(Date) });
});

test('roles tell who is a member', async () => {
  const { groups, calls } = await groupsOf(() =>
    ok({
      UserIdList: [
        { Member_Account: 'a', Role: 'Admin ' },
        { Member_Account: 'b', Role: 'NotMember' },
      ],
    }),
  );
  const { roles } = await groups.roles('g', ['a', 'b']);
  expect([...roles]).toEqual([
    ['a', 'Admin'],
    ['b', null],
  ]);
  expect(calls[0]?.body).toEqual({ GroupId: 'g', User_Account: ['a', 'b'] });
});
