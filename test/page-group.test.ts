import { expect, jest, test } from '@jest/globals';
import type { Rules } from '../src/decisions/rules.ts';
import { refuse, reject } from '../src/decisions/verdicts.ts';
import { BROWSER_TIMEOUT_MS, overflow, seriousViolations } from './support/browser.ts';
import { open } from './support/page.ts';
import { start } from './support/start.ts';
import { pathOf, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const GROUP = '@TGS#2HARBOUR';
const MINUTE = 60_000;
const member = (Member_Account: string) => ({ Member_Account });

const rules: Partial<Rules> = {
  'Group.CallbackBeforeInviteJoinGroup': () => refuse(['eve', 'mallory']),
  'Group.CallbackBeforeSendMsg': () => reject('No advertising here', 10123),
};

test("a group's page shows its history in order, its members and since when, and decisions", async () => {
  const { adminUrl, send } = await start({ rules });
  const began = Date.now() - 200 * MINUTE;
  const at = (minutes: number) => began + minutes * MINUTE;
  const happened = async (minutes: number, command: string, fields: object) => {
    const CallbackCommand = `Group.Callback${command}`;
    const body = { CallbackCommand, GroupId: GROUP, Type: 'Public', EventTime: at(minutes), ...fields };
    expect((await send(pathOf({ CallbackCommand }), post(body))).status).toBe(200);
  };
  // The last one before the live one comes late: it happened earlier than its predecessors.
  await happened(0, 'AfterCreateGroup', {
    Operator_Account: 'ann',
    Owner_Account: 'ann',
    Name: 'Harbour crew',
    MemberList: ['ann', 'ben'].map(member),
  });
  await happened(20, 'BeforeApplyJoinGroup', { Requestor_Account: 'cho' });
  await happened(21, 'AfterNewMemberJoin', {
    JoinType: 'Apply',
    Operator_Account: 'cho',
    NewMemberList: [member('cho')],
  });
  await happened(30, 'BeforeInviteJoinGroup', {
    Operator_Account: 'ben',
    DestinationMembers: ['dan', 'eve', 'mallory'].map(member),
  });
  await happened(31, 'AfterNewMemberJoin', {
    JoinType: 'Invited',
    Operator_Account: 'ben',
    NewMemberList: [member('dan')],
  });
  await happened(40, 'AfterMemberFieldChanged', {
    Operator_Account: 'ann',
    Member_Account: 'cho',
    Role: 'Admin',
    NameCard: 'Cho of pier 4',
  });
  await happened(60, 'AfterMemberExit', { ExitType: 'Quit', Operator_Account: 'ann', ExitMemberList: [member('ann')] });
  await happened(70, 'BeforeSendMsg', {
    From_Account: 'dan',
    Operator_Account: 'dan',
    Random: 3_141_592_653,
    OnlineOnlyFlag: 0,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'Buy my boat' } }],
  });
  await happened(50, 'AfterChangeGroupOwner', {
    Operator_Account: 'ann',
    OldOwner_Account: 'ann',
    NewOwner_Account: 'ben',
  });

  const { page, errors } = await open(adminUrl, `#/groups/${encodeURIComponent(GROUP)}`);
  await page.getByRole('heading', { level: 1, name: 'Harbour crew' }).waitFor();
  // This one arrives while the page is open.
  await happened(80, 'AfterGroupInfoChanged', { Operator_Account: 'ben', Name: 'Harbour festival' });
  await page.getByRole('heading', { level: 1, name: 'Harbour festival' }).waitFor();
  await page.locator('.event', { hasText: 'Harbour festival' }).waitFor();

  expect(await page.locator('.timeline > li').allTextContents()).toEqual(
    [
      [80, 'Changed', 'ben changed the group:', 'Name → Harbour festival'],
      [70, 'Message asked for', 'dan wants to send: Buy my boat', 'Refused', '· Code 10123 · No advertising here'],
      [60, 'Left', 'ann left.'],
      [50, 'New owner', 'ann made ben the owner in place of ann.'],
      [40, 'Member changed', 'ann changed the member cho:', 'Name card → Cho of pier 4', 'Role → Administrator'],
      [31, 'Invited', 'ben invited dan.'],
      [
        30,
        'Invitation asked for',
        'ben wants to invite dan, eve, mallory.',
        'Allowed',
        '· Refused by name: eve, mallory',
      ],
      [21, 'Joined', 'cho joined by applying.'],
      [20, 'Asks to join', 'cho asks to join.', 'Allowed'],
      [0, 'Created', 'ann created the group Harbour crew.'],
    ].map(([minutes, label, ...more]) =>
      expect.stringMatching(inOrder(label as string, timeOf(at(minutes as number)), ...(more as string[]))),
    ),
  );

  const members = await page.locator('.members tbody tr').all();
  const shown = members.map(async (row) => [
    ...(await row.locator('td').allTextContents()).slice(0, 2).map((text) => text.trim()),
    await row.locator('time').textContent(),
  ]);
  expect(await Promise.all(shown)).toEqual([
    ['ben Owner', 'From the start', timeOf(at(0))],
    ['cho Cho of pier 4 Administrator', 'Joined', timeOf(at(21))],
    ['dan', 'Invited by ben', timeOf(at(31))],
  ]);

  expect(await seriousViolations(page)).toEqual([]);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect([width, await overflow(page)]).toEqual([width, 0]);
  }

  await page.getByRole('link', { name: 'Message asked for' }).click();
  const fact = page.locator('.facts > div', { hasText: 'Decision' });
  await fact.waitFor();
  expect(await fact.textContent()).toMatch(/Refused by the rule of the app.* · Code 10123 · No advertising here/);
  expect(errors).toEqual([]);
});

const login = { Action: 'Login', To_Account: 'mina', Reason: 'Register' };
const nick = { Tag: 'Tag_Profile_IM_Nick', Value: 'Mina' };
const born = { Tag: 'Tag_Profile_IM_BirthDay', Value: 20010228 };
const both = [
  { From_Account: 'mina', To_Account: 'otto' },
  { From_Account: 'otto', To_Account: 'mina' },
];

test.each<[string, object, string]>([
  ['State.StateChange', { Info: login }, 'mina connected.'],
  ['State.StateChange', { Info: { ...login, Action: 'Logout' } }, 'mina logged out.'],
  ['State.StateChange', { Info: { ...login, Action: 'Logout', Reason: 'TimeOut' } }, 'mina lost the connection.'],
  ['State.StateChange', { Info: { ...login, Action: 'Sleep' } }, 'The connection of mina changed.'],
  [
    'Profile.CallbackPortraitSet',
    { From_Account: 'mina', ProfileItem: [nick, born] },
    'The profile of mina was changed:Tag_Profile_IM_Nick → MinaTag_Profile_IM_BirthDay → 20010228',
  ],
  ['Sns.CallbackFriendAdd', { PairList: both }, 'mina is now friends with otto.'],
  ['Sns.CallbackBlackListAdd', { PairList: both.slice(0, 1) }, 'mina blocked otto.'],
  [
    'Follow.CallbackAfterFollowDelete',
    { From_Account: 'mina', To_Account: ['otto', { To_Account: 'pia' }] },
    'mina no longer follows otto, pia.',
  ],
  [
    'Alert.RequestOverLimit',
    { ServiceName: 'openim', Command: 'sendmsg', Request: 170, Limit: 200 },
    'openim/sendmsg is called 170 times a second, of 200 that are allowed.',
  ],
  [
    'Group.CallbackAfterGroupMsgExtension',
    { GroupId: GROUP, MsgSeq: 12, OperateType: 1, ExtensionList: [{ Key: 'vote', Value: 'yes' }] },
    'The extension of message 12 was changed:vote → yes',
  ],
])('the page of a callback describes %s in words: %s', async (CallbackCommand, fields, telling) => {
  const { adminUrl, send, read } = await start();
  expect((await send(pathOf({ CallbackCommand }), post({ CallbackCommand, ...fields }))).status).toBe(200);
  const [{ id }] = (await read('/api/callbacks')).json.callbacks;
  const { page, errors } = await open(adminUrl, `#/callbacks/${id}`);
  expect(await page.locator('.telling').textContent()).toBe(telling);
  expect(errors).toEqual([]);
});

/** In the format for British English. */
const timeOf = (at: number) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(at);

/** Matches a text that contains these parts in order. */
const inOrder = (...parts: string[]) => new RegExp(parts.map((part) => part.replace(/[.?()[\]]/g, '\\$&')).join('.*'));
