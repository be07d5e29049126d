import { describe, expect, test } from '@jest/globals';
import { start } from './support/start.ts';
import { pathOf, post } from './support/vendor.ts';

const GROUP = '@TGS#2J4SZEAEL';
const NOON = Date.parse('2026-05-05T12:00:00Z');
const at = (milliseconds: number) => new Date(NOON + milliseconds).toISOString();

/** A callback of the group, in milliseconds after noon. */
function said(milliseconds: number, command: string, fields: object = {}) {
  return { CallbackCommand: `Group.Callback${command}`, GroupId: GROUP, EventTime: NOON + milliseconds, ...fields };
}
const members = (...accounts: string[]) => accounts.map((Member_Account) => ({ Member_Account }));
const created = (milliseconds: number, fields: object = {}) =>
  said(milliseconds, 'AfterCreateGroup', {
    Operator_Account: 'root',
    Owner_Account: 'ann',
    Type: 'Public',
    Name: 'Tea',
    MemberList: members('ann', 'bob'),
    ...fields,
  });
const joined = (milliseconds: number, ...accounts: string[]) =>
  said(milliseconds, 'AfterNewMemberJoin', {
    Type: 'Public',
    JoinType: 'Invited',
    Operator_Account: 'ann',
    NewMemberList: members(...accounts),
  });
const left = (milliseconds: number, ...accounts: string[]) =>
  said(milliseconds, 'AfterMemberExit', {
    Type: 'Public',
    ExitType: 'Quit',
    Operator_Account: accounts[0],
    ExitMemberList: members(...accounts),
  });
const changed = (milliseconds: number, fields: object) => said(milliseconds, 'AfterGroupInfoChanged', fields);
const member = (milliseconds: number, fields: object) => said(milliseconds, 'AfterMemberFieldChanged', fields);
const owner = (milliseconds: number, NewOwner_Account: string) =>
  said(milliseconds, 'AfterChangeGroupOwner', { OldOwner_Account: 'ann', NewOwner_Account });
const attributes = (milliseconds: number, OptionType: string, given: Record<string, string> = {}) =>
  said(milliseconds, 'AfterGroupAttrChanged', {
    OptionType,
    GroupAttr: Object.entries(given).map(([key, value]) => ({ key, value })),
  });
const destroyed = (milliseconds: number) =>
  said(milliseconds, 'AfterGroupDestroyed', { Type: 'Public', Owner_Account: 'ann', Name: 'Tea' });
const fields = (given: Record<string, string>) => Object.entries(given).map(([Key, Value]) => ({ Key, Value }));
const topic = (milliseconds: number, TopicId: string, Name: string) =>
  said(milliseconds, 'AfterCreateTopic', { TopicId, Name });

const came = (account: string, milliseconds: number, how: string, by: string | null, more: object = {}) => ({
  account,
  since: at(milliseconds),
  how,
  by,
  role: null,
  nameCard: null,
  ...more,
});
const ANN = came('ann', 0, 'Created', 'root');
const BOB = came('bob', 0, 'Created', 'root');

type Callback = ReturnType<typeof said>;
// Each expectation also holds with the callbacks in reverse order.
const meanings: [string, { callbacks: Callback[]; want: object }][] = [
  [
    'a creation defines the group',
    { callbacks: [created(0)], want: { name: 'Tea', partial: false, memberDetails: [ANN, BOB], createdAt: at(0) } },
  ],
  [
    'a joining account is a member, with how, when and by whom',
    {
      callbacks: [created(0), joined(1, 'cid', 'dan')],
      want: {
        members: ['ann', 'bob', 'cid', 'dan'],
        memberCount: 4,
        memberDetails: [ANN, BOB, came('cid', 1, 'Invited', 'ann'), came('dan', 1, 'Invited', 'ann')],
      },
    },
  ],
  ['who leaves is none any more', { callbacks: [created(0), left(1, 'ann')], want: { members: ['bob'] } }],
  [
    'a returning account is a member since its return',
    {
      callbacks: [created(0), left(1, 'ann'), joined(2, 'ann')],
      want: { memberDetails: [BOB, came('ann', 2, 'Invited', 'ann')] },
    },
  ],
  [
    'a join without its creation gives a partial group',
    {
      callbacks: [joined(1, 'cid')],
      want: { partial: true, type: 'Public', name: '', members: ['cid'], createdAt: at(1), ownerAccount: null },
    },
  ],
  [
    'names and notices change; empty means removed; absent means unchanged',
    {
      callbacks: [
        created(0, { Introduction: 'old', Notification: 'old' }),
        changed(1, { Name: 'Coffee', Introduction: '' }),
        changed(2, { FaceUrl: 'https://example.com/face.png' }),
      ],
      want: { name: 'Coffee', introduction: '', notification: 'old', faceUrl: 'https://example.com/face.png' },
    },
  ],
  [
    'an older name does not override the creation’s',
    { callbacks: [created(1), changed(0, { Name: 'Old' })], want: { name: 'Tea' } },
  ],
  ['the owner changes', { callbacks: [created(0), owner(1, 'bob'), owner(2, 'cid')], want: { ownerAccount: 'cid' } }],
  [
    'a new owner is no longer an admin, and after the next transfer an ordinary member',
    {
      callbacks: [
        created(0),
        member(1, { Member_Account: 'bob', Role: 'Admin' }),
        owner(2, 'bob'),
        said(3, 'AfterChangeGroupOwner', { OldOwner_Account: 'bob', NewOwner_Account: 'ann' }),
      ],
      want: { ownerAccount: 'ann', memberDetails: [ANN, BOB] },
    },
  ],
  [
    'an old owner is an ordinary member, whatever its earlier role',
    {
      callbacks: [
        created(0),
        member(1, { Member_Account: 'ann', Role: 'Admin' }),
        owner(2, 'bob'),
        member(3, { Member_Account: 'bob', Role: 'Admin' }),
      ],
      want: { ownerAccount: 'bob', memberDetails: [ANN, { ...BOB, role: 'Admin' }] },
    },
  ],
  [
    'an owner who leaves is no longer the owner',
    { callbacks: [created(0), left(1, 'ann')], want: { ownerAccount: null } },
  ],
  [
    'nor after returning as an ordinary member',
    {
      callbacks: [created(0), owner(1, 'bob'), left(2, 'bob'), joined(3, 'bob')],
      want: { ownerAccount: null, members: ['ann', 'bob'] },
    },
  ],
  [
    'unless it is appointed again',
    {
      callbacks: [created(0), left(1, 'ann'), joined(2, 'ann'), owner(3, 'ann')],
      want: { ownerAccount: 'ann', members: ['bob', 'ann'] },
    },
  ],
  [
    'an account that left before it became the owner is the owner',
    {
      callbacks: [created(0), joined(1, 'cid'), left(2, 'cid'), joined(3, 'cid'), owner(4, 'cid')],
      want: { ownerAccount: 'cid' },
    },
  ],
  [
    'changed custom fields are updated, the others stay',
    {
      callbacks: [
        created(0, { UserDefinedDataList: fields({ k1: 'a', k2: 'b' }) }),
        changed(1, { UserDefinedDataList: fields({ k2: 'old', k3: 'c' }) }),
        changed(2, { UserDefinedDataList: fields({ k2: 'new' }) }),
      ],
      want: {
        customFields: [
          { key: 'k1', value: 'a' },
          { key: 'k2', value: 'new' },
          { key: 'k3', value: 'c' },
        ],
      },
    },
  ],
  [
    'custom fields of an earlier group with the same id are gone',
    {
      callbacks: [created(0), changed(1, { UserDefinedDataList: fields({ k1: 'old' }) }), destroyed(2), created(3)],
      want: { customFields: [] },
    },
  ],
  [
    'an owner from before the creation does not count',
    { callbacks: [created(1), owner(0, 'bob')], want: { ownerAccount: 'ann' } },
  ],
  [
    'roles and name cards change, by either field that names the member',
    {
      callbacks: [
        created(0),
        member(1, { Member_Account: 'ann', Role: 'Admin', NameCard: 'Ann A.' }),
        member(2, { Modified_Account: 'bob', Role: 'Admin' }),
        member(3, { Modified_Account: 'bob', Role: 'Member' }),
      ],
      want: {
        memberDetails: [
          { ...ANN, role: 'Admin', nameCard: 'Ann A.' },
          { ...BOB, role: 'Member' },
        ],
      },
    },
  ],
  [
    'a role ends with the membership',
    {
      callbacks: [created(0), member(1, { Member_Account: 'ann', Role: 'Admin' }), left(2, 'ann'), joined(3, 'ann')],
      want: { memberDetails: [BOB, came('ann', 3, 'Invited', 'ann')] },
    },
  ],
  [
    'attributes are modified and deleted',
    {
      callbacks: [
        created(0),
        attributes(1, 'modify', { a: '1', b: '1' }),
        attributes(2, 'modify', { b: '2', c: '2' }),
        attributes(3, 'delete', { a: '' }),
      ],
      want: {
        attributes: [
          { key: 'b', value: '2' },
          { key: 'c', value: '2' },
        ],
      },
    },
  ],
  [
    'set attributes replace all; after a clear there are none',
    {
      callbacks: [attributes(1, 'modify', { a: '1' }), attributes(2, 'set', { b: '2' }), attributes(0, 'clear')],
      want: { attributes: [{ key: 'b', value: '2' }] },
    },
  ],
  [
    'a clear removes attributes, except later ones',
    {
      callbacks: [attributes(1, 'set', { a: '1' }), attributes(2, 'clear'), attributes(3, 'modify', { b: '3' })],
      want: { attributes: [{ key: 'b', value: '3' }] },
    },
  ],
  [
    'topics are created, renamed and destroyed',
    {
      callbacks: [
        topic(1, 't1', 'One'),
        topic(1, 't2', 'Two'),
        said(2, 'AfterTopicInfoChanged', { TopicId: 't1', Name: 'First' }),
        said(3, 'AfterTopicDestroyed', { TopicIdList: ['t2'] }),
      ],
      want: { topics: [{ topicId: 't1', name: 'First' }] },
    },
  ],
  ['a full group is full', { callbacks: [created(0), said(1, 'AfterGroupFull')], want: { full: true } }],
  [
    'until members leave',
    { callbacks: [created(0), said(1, 'AfterGroupFull'), left(2, 'bob')], want: { full: false } },
  ],
  [
    'a destroyed group stays known as destroyed, unchanged, without members',
    {
      callbacks: [created(0), joined(1, 'cid'), changed(2, { Notification: 'bye' }), destroyed(3)],
      want: { name: 'Tea', notification: 'bye', destroyedAt: at(3), members: [], memberCount: 0, partial: false },
    },
  ],
  [
    'a new group with the same id starts empty',
    {
      callbacks: [
        created(0, { Notification: 'old' }),
        joined(1, 'cid'),
        attributes(1, 'set', { a: '1' }),
        said(1, 'AfterGroupFull'),
        owner(1, 'cid'),
        member(1, { Member_Account: 'ann', Role: 'Admin' }),
        destroyed(2),
        created(3, { Owner_Account: 'bob', MemberList: members('ann') }),
      ],
      want: {
        destroyedAt: null,
        createdAt: at(3),
        notification: null,
        ownerAccount: 'bob',
        attributes: [],
        full: false,
        memberDetails: [came('ann', 3, 'Created', 'root')],
      },
    },
  ],
  [
    'even if the end of the first was never received',
    {
      callbacks: [created(0), joined(1, 'cid'), created(2, { MemberList: members('dan') }), joined(3, 'eve')],
      want: { createdAt: at(2), members: ['dan', 'eve'] },
    },
  ],
  [
    'a member who joins after the end starts a new group, which is partial',
    {
      callbacks: [created(0), destroyed(1), joined(2, 'cid')],
      want: { destroyedAt: null, partial: true, members: ['cid'], name: '' },
    },
  ],
];

describe('the meaning of each callback for its group, in any order of arrival', () => {
  test.each(meanings)('%s', async (_what, { callbacks, want }) => {
    const { send, read } = await start();
    for (const [GroupId, order] of Object.entries({ forth: callbacks, back: callbacks.toReversed() })) {
      for (const callback of order) {
        const path = pathOf({ CallbackCommand: callback.CallbackCommand });
        expect((await send(path, post({ ...callback, GroupId }))).status).toBe(200);
      }
      expect((await read(`/api/groups/${GroupId}`)).json).toMatchObject(want);
    }
  });

  test('messages, receipts, states and before-callbacks do not change it', async () => {
    const { send, read } = await start();
    await send(pathOf(), post(created(0)));
    const group = async () => (await read(`/api/groups/${encodeURIComponent(GROUP)}`)).json;
    const before = await group();
    for (const command of [
      'BeforeApplyJoinGroup',
      'BeforeInviteJoinGroup',
      'BeforeSendMsg',
      'AfterSendMsg',
      'AfterRecallMsg',
      'SendMsgException',
      'AfterReadReceipt',
      'OnMemberStateChange',
    ]) {
      const callback = said(1, command, { Type: 'Work', Name: 'x', MemberList: members('x') });
      expect((await send(pathOf({ CallbackCommand: callback.CallbackCommand }), post(callback))).status).toBe(200);
      expect(await group()).toEqual(before);
    }
  });
});
