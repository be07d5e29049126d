import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateRawSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import { ENDPOINTS, type EndpointName } from '../scripts/simulator/rest/endpoints.ts';
import { generateGroups } from '../scripts/simulator/rest/generated-groups.ts';
import { GROUP_TYPES } from '../scripts/simulator/rest/group.ts';
import { DEMO_APP, type Fault } from '../scripts/simulator/rest/rest-server.ts';
import { refusalOf } from '../scripts/simulator/rest/user-sig.ts';
import { createWorld, type World } from '../scripts/simulator/rest/world.ts';
import { runMock, startMock } from './support/mock.ts';
import { call, NOON, post, startSimulator, userSig } from './support/rest-simulator.ts';

const HOUR_S = 3600;

/** A world of four groups and its REST API, at noon of a simulated clock. */
async function simulated() {
  const clock = new SimulatedClock(NOON);
  const world = createWorld({ now: clock.now });
  world.create({
    ...{ groupId: 'tea', name: 'Tea', owner: 'ann', members: ['bob', 'cid'], introduction: 'Green\0' },
    customFields: { kind: 'green', place: 'hall' },
  });
  world.create({ groupId: 'walks', type: 'Work', name: 'Walks', members: ['bob'] });
  world.create({ groupId: 'live', type: 'AVChatRoom', name: 'Live', owner: 'ann', members: ['bob', 'dan'] });
  world.create({ groupId: 'stars', type: 'Community', name: 'Stars', owner: 'ann', members: ['bob', 'cid', 'dan'] });
  const server = await startSimulator({ groups: world, clock });
  return { clock, world, server };
}

describe('the signature', () => {
  // Created by npm's tls-sig-api-v2 1.0.2 at a fixed clock.
  const VECTOR =
    'eJxVyjELwjAUBOD-8mYpqUSNAZd2kNbooqJr5KX2UZqGNNaA*N*FWgdvu*-uBSd1TAbjQcI8YTAbO6GxgSoaWWNLlvrgdej8dOix0c4Rgkw5m-JdArUGZLr6VxMdeQNSLPmPerqDhLV*XsxZiX2Mt8wKrDNWDo*Olbui5njIVbMtrtwuKmQbeH8Atbkz1Q__';

  test('of another implementation is accepted, until it expires', () => {
    expect(refusalOf(VECTOR, 'administrator', DEMO_APP, NOON)).toBeUndefined();
    expect(refusalOf(VECTOR, 'administrator', DEMO_APP, NOON + 24 * HOUR_S * 1000)).toMatchObject({ code: 70001 });
  });

  test('covers identifiers as UTF-8', () => {
    const sig = userSig({ identifier: '甲' });
    const json = inflateSync(Buffer.from(sig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '='), 'base64'));
    expect(JSON.parse(json.toString())['TLS.sig']).toBe('6P+lnwy1TLSiRbv9mADBqUvhAGcxmQnSoZ7fwFlGHEM=');
    expect(refusalOf(sig, '甲', DEMO_APP, NOON)).toBeUndefined();
  });

  const raw = deflateRawSync('{}').toString('base64').replaceAll('=', '_');
  test.each<[string, Record<string, string | undefined>, number]>([
    ['an expired one', { usersig: userSig({ time: NOON / 1000 - 2 * HOUR_S, expire: HOUR_S }) }, 70001],
    ['one of another key', { usersig: userSig({ key: 'fedcba9876543210'.repeat(4) }) }, 70009],
    ['one of another user', { usersig: userSig({ identifier: 'bob' }) }, 70013],
    ['one of another app', { usersig: userSig({ sdkAppId: 1400000001 }) }, 70003],
    ['one without the header of zlib', { usersig: raw }, 70003],
    ['text', { usersig: 'hello' }, 70003],
    ['none', { usersig: undefined }, 60004],
    ['no identifier', { identifier: undefined }, 60004],
    ['an account that is not an administrator', { identifier: 'bob', usersig: userSig({ identifier: 'bob' }) }, 60010],
    ['another SDKAppID', { sdkappid: '1400000001' }, 60006],
    ['no SDKAppID', { sdkappid: undefined }, 60012],
    ['a name in another case', { sdkappid: undefined, SdkAppid: '1400000000' }, 60012],
    ['no contenttype', { contenttype: undefined }, 60002],
    ['a random number over 32 bits', { random: '4294967296' }, 60002],
  ])('%#: %s is refused', async (_name, query, code) => {
    const { server } = await simulated();
    const { status, json } = await call(server, 'get_group_info', { GroupIdList: ['tea'] }, query);
    expect([status, json]).toEqual([200, { ActionStatus: 'FAIL', ErrorCode: code, ErrorInfo: expect.any(String) }]);
  });
});

test.each<[string, string, string, number]>([
  ['an unknown path', '/v5/x', '{}', 60009],
  ['an unknown command', '/v4/group_open_http_svc/get_tea', '{}', 10003],
  ['a command of another service', '/v4/openim/get_group_info', '{}', 10003],
  ['an empty body', '/v4/group_open_http_svc/get_appid_group_list', '', 60003],
  ['a body that is a list', '/v4/group_open_http_svc/get_appid_group_list', '[]', 60003],
])('%s is refused', async (_name, path, body, code) => {
  const { server } = await simulated();
  expect((await post(server.url + path, body)).json).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
});

test("the reply's Date follows the clock", async () => {
  const { clock, server } = await simulated();
  clock.advance(90_500);
  expect((await call(server, 'get_appid_group_list')).date).toBe(new Date(NOON + 90_000).toUTCString());
});

describe('get_appid_group_list', () => {
  /** Read as a client must: `Next` by its digits. */
  async function page(server: { url: string }, next: string, more: object = {}) {
    const body = JSON.stringify(more).replace(
      /^{(.?)/,
      (_, rest) => `{"Next":${next}${rest === '}' ? '' : ','}${rest}`,
    );
    const { json, text } = await call(server, 'get_appid_group_list', body);
    return {
      json,
      next: /"Next":(\d+)/.exec(text)?.[1] ?? '',
      ids: json.GroupIdList?.map(({ GroupId }: { GroupId: string }) => GroupId),
    };
  }

  test('pages by an unsigned number of 64 bits', async () => {
    const { clock, server } = await simulated();
    const first = await page(server, '0', { Limit: 3 });
    expect(first).toMatchObject({ ids: ['tea', 'walks', 'live'], json: { TotalCount: 4, ErrorCode: 0 } });
    expect(BigInt(first.next)).toBeGreaterThan(2n ** 63n);
    expect(String(Number(first.next))).not.toBe(first.next);
    clock.advance(1000);
    expect(await page(server, first.next, { Limit: 3 })).toMatchObject({ ids: ['stars'], next: '0' });
  });

  test.each([
    ['rounded by a double', (next: string) => String(BigInt(Number(next)))],
    ['as a string', (next: string) => `"${next}"`],
    ['made up', () => '7'],
  ])('a Next %s is refused', async (_name, change) => {
    const { clock, server } = await simulated();
    const { next } = await page(server, '0', { Limit: 1 });
    clock.advance(1000);
    expect((await page(server, change(next))).json).toMatchObject({ ErrorCode: 10004 });
  });

  test.each([
    ['Private', ['walks']],
    ['ChatRoom', []],
    ['BChatRoom', []],
    ['Community', ['stars']],
  ])('of GroupType %s returns only that type, and counts it', async (GroupType, ids) => {
    const { server } = await simulated();
    expect(await page(server, '0', { GroupType })).toMatchObject({ ids, json: { TotalCount: ids.length } });
  });

  test.each([{ GroupType: 'Work' }, { Limit: 10_001 }, { Limit: 0 }, { Limit: '5' }])('refuses %j', async (body) => {
    const { server } = await simulated();
    expect((await call(server, 'get_appid_group_list', body)).json.ErrorCode).toBe(10004);
  });

  test('groups that come and go between two pages are not counted twice', async () => {
    const { clock, world, server } = await simulated();
    const { next } = await page(server, '0', { Limit: 2 });
    world.destroy('tea');
    world.create({ groupId: 'late', name: 'Late' });
    clock.advance(1000);
    expect(await page(server, next)).toMatchObject({
      ids: ['live', 'stars', 'late'],
      next: '0',
      json: { TotalCount: 4 },
    });
  });
});

describe('get_group_info', () => {
  test('returns everything without a filter, with types by their old names', async () => {
    const { server } = await simulated();
    const { json } = await call(server, 'get_group_info', { GroupIdList: ['tea', 'walks'] });
    const noon = NOON / 1000;
    expect(json.GroupInfo).toEqual([
      {
        ...{ ErrorCode: 0, ErrorInfo: '', GroupId: 'tea', Type: 'Public', Name: 'Tea', Appid: 1400000000 },
        ...{ Introduction: 'Green\0', Notification: '', FaceUrl: '', Owner_Account: 'ann' },
        ...{ CreateTime: noon, LastInfoTime: noon, LastMsgTime: 0, NextMsgSeq: 1, MemberNum: 3, MaxMemberNum: 6000 },
        ...{ ApplyJoinOption: 'FreeAccess', MuteAllMember: 'Off' },
        AppDefinedData: [
          { Key: 'kind', Value: 'green' },
          { Key: 'place', Value: 'hall' },
        ],
        MemberList: [
          expect.objectContaining({ Member_Account: 'ann', Role: 'Owner ', JoinTime: noon }),
          expect.objectContaining({ Member_Account: 'bob', Role: 'Member ' }),
          expect.objectContaining({ Member_Account: 'cid', MuteUntil: 0, NameCard: '' }),
        ],
      },
      expect.objectContaining({ GroupId: 'walks', Type: 'Private', Owner_Account: '', MemberNum: 1 }),
    ]);
  });

  test('returns what the filter names, and no members then', async () => {
    const { server } = await simulated();
    const of = async (ResponseFilter: object) =>
      (await call(server, 'get_group_info', { GroupIdList: ['tea'], ResponseFilter })).json;
    const base = { ErrorCode: 0, ErrorInfo: '', GroupId: 'tea', Name: 'Tea' };
    expect((await of({ GroupBaseInfoFilter: ['Name'] })).GroupInfo).toEqual([base]);
    const members = [{ Member_Account: 'ann', JoinTime: NOON / 1000 }, expect.anything(), expect.anything()];
    const MemberInfoFilter = ['Account', 'JoinTime'];
    expect((await of({ GroupBaseInfoFilter: ['Name'], MemberInfoFilter })).GroupInfo).toEqual([
      { ...base, MemberList: members },
    ]);
    const AppDefinedDataFilter_Group = ['kind'];
    const AppDefinedData = [{ Key: 'kind', Value: 'green' }];
    const filtered = await of({ GroupBaseInfoFilter: ['Name'], AppDefinedDataFilter_Group });
    expect(filtered.GroupInfo).toEqual([{ ...base, AppDefinedData }]);
    expect(await of({ MemberInfoFilter: ['Member_Account'] })).toMatchObject({ ErrorCode: 10004 });
    expect(await of({ GroupBaseInfoFilter: ['Colour'] })).toMatchObject({ ErrorCode: 10004 });
  });

  test('has no members of an AVChatRoom, not even their number', async () => {
    const { server } = await simulated();
    const { json } = await call(server, 'get_group_info', { GroupIdList: ['live'] });
    expect(Object.keys(json.GroupInfo[0])).not.toEqual(expect.arrayContaining([expect.stringMatching(/^Member/)]));
    expect(json.GroupInfo[0]).toMatchObject({ Type: 'AVChatRoom', Owner_Account: 'ann' });
  });

  test('reports problems per group', async () => {
    const { world, server } = await simulated();
    world.destroy('walks');
    const { json } = await call(server, 'get_group_info', { GroupIdList: ['tea', 'walks', 'a b'] });
    expect(json).toMatchObject({ ActionStatus: 'OK', ErrorCode: 0 });
    const codes = json.GroupInfo.map(({ GroupId, ErrorCode }: Record<string, unknown>) => [GroupId, ErrorCode]);
    expect(codes).toEqual([
      ['tea', 0],
      ['walks', 10010],
      ['a b', 10015],
    ]);
  });

  test.each([
    ['no list', {}],
    ['an empty list', { GroupIdList: [] }],
    ['51 ids', { GroupIdList: Array(51).fill('tea') }],
    ['a number', { GroupIdList: [7] }],
  ])('refuses %s', async (_name, body) => {
    const { server } = await simulated();
    expect((await call(server, 'get_group_info', body)).json.ErrorCode).toBe(10004);
  });

  test('does not answer with more than 1 MB', async () => {
    const { world, server } = await simulated();
    const members = Array.from({ length: 6000 }, (_, index) => `user${index}`);
    for (let group = 0; group < 2; group += 1) world.create({ groupId: `large${group}`, name: 'Large', members });
    const ask = async (GroupIdList: string[], more = {}) =>
      (await call(server, 'get_group_info', { GroupIdList, ...more })).json.ErrorCode;
    expect(await ask(['large0', 'large1'])).toBe(10018);
    expect(await ask(['large0', 'large1'], { ResponseFilter: { GroupBaseInfoFilter: ['MemberNum'] } })).toBe(0);
  });
});

describe('get_group_member_info', () => {
  const ask = async (server: { url: string }, body: object) => {
    const { json } = await call(server, 'get_group_member_info', body);
    const accounts = json.MemberList?.map((member: { Member_Account: string }) => member.Member_Account);
    return { ...json, accounts };
  };

  test('pages by Offset and Limit', async () => {
    const { server } = await simulated();
    expect(await ask(server, { GroupId: 'tea' })).toMatchObject({ MemberNum: 3, accounts: ['ann', 'bob', 'cid'] });
    expect(await ask(server, { GroupId: 'tea', Offset: 1, Limit: 1 })).toMatchObject({
      MemberNum: 3,
      accounts: ['bob'],
    });
    expect(await ask(server, { GroupId: 'tea', Offset: 3, Limit: 100 })).toMatchObject({ accounts: [] });
    expect(await ask(server, { GroupId: 'tea' })).not.toHaveProperty('Next');
  });

  test('pages a Community by Next alone', async () => {
    const { world, server } = await simulated();
    const first = await ask(server, { GroupId: 'stars', Limit: 2 });
    expect(first).toMatchObject({ accounts: ['ann', 'bob'], Next: expect.stringMatching(/./) });
    const next = { GroupId: 'stars', Next: first.Next };
    expect(await ask(server, next)).toMatchObject({ accounts: ['cid', 'dan'], Next: '' });
    world.leave('stars', ['bob']);
    expect(await ask(server, { GroupId: 'stars', Limit: 2, Next: first.Next })).toMatchObject({
      accounts: ['cid', 'dan'],
      Next: '',
    });
  });

  test('returns the requested roles and fields', async () => {
    const { world, server } = await simulated();
    world.setRole('tea', 'bob', 'Admin');
    world.setNameCard('tea', 'bob', 'Bob');
    const MemberInfoFilter = ['Account', 'Role', 'NameCard'];
    const { MemberList } = await ask(server, { GroupId: 'tea', MemberRoleFilter: ['Admin'], MemberInfoFilter });
    expect(MemberList).toEqual([{ Member_Account: 'bob', Role: 'Admin ', NameCard: 'Bob' }]);
  });

  test.each([
    [{ GroupId: 'stars', Offset: 0 }, 10004],
    [{ GroupId: 'stars', Limit: 101 }, 10004],
    [{ GroupId: 'stars', Next: 'tea' }, 10004],
    [{ GroupId: 'tea', Next: '' }, 10004],
    [{ GroupId: 'tea', Limit: 6001 }, 10004],
    [{ GroupId: 'tea', MemberRoleFilter: ['Guest'] }, 10004],
    [{}, 10004],
    [{ GroupId: 'live' }, 10007],
    [{ GroupId: 'gone' }, 10010],
    [{ GroupId: 'a b' }, 10015],
  ])('answers %j with %d', async (body, code) => {
    const { server } = await simulated();
    expect(await ask(server, body)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });
});

describe('the other endpoints', () => {
  test.each<[EndpointName, object, object]>([
    [
      'get_specified_group_member_info',
      { GroupId: 'tea', Member_List_Account: ['bob', 'zoe'], MemberInfoFilter: ['Role'] },
      { MemberNum: 3, MemberList: [{ Member_Account: 'bob', Role: 'Member ' }] },
    ],
    ['get_specified_group_member_info', { GroupId: 'live', Member_List_Account: ['bob'] }, { ErrorCode: 10007 }],
    ['get_specified_group_member_info', { GroupId: 'tea' }, { ErrorCode: 10004 }],
    [
      'get_role_in_group',
      { GroupId: 'tea', User_Account: ['ann', 'bob', 'zoe'] },
      {
        UserIdList: [
          { Member_Account: 'ann', Role: 'Owner' },
          { Member_Account: 'bob', Role: 'Member' },
          { Member_Account: 'zoe', Role: 'NotMember' },
        ],
      },
    ],
    ['get_role_in_group', { GroupId: 'live', User_Account: ['ann'] }, { ErrorCode: 10007 }],
    // The Work group has no messages, and the AVChatRoom is returned only on request.
    ['get_joined_group_list', { Member_Account: 'bob' }, joined('tea', 'stars')],
    ['get_joined_group_list', { Member_Account: 'bob', WithNoActiveGroups: 1 }, joined('tea', 'walks', 'stars')],
    ['get_joined_group_list', { Member_Account: 'bob', WithHugeGroups: 1 }, joined('tea', 'live', 'stars')],
    ['get_joined_group_list', { Member_Account: 'bob', GroupType: 'Community', SupportTopic: 1 }, joined('stars')],
    ['get_joined_group_list', { Member_Account: 'bob', SupportTopic: 1 }, { ErrorCode: 10004 }],
    ['get_joined_group_list', { Member_Account: 'bob', Offset: 1, Limit: 1 }, { ...joined('stars'), TotalCount: 2 }],
    [
      'get_joined_group_list',
      {
        Member_Account: 'ann',
        GroupType: 'Public',
        ResponseFilter: { GroupBaseInfoFilter: ['Name'], SelfInfoFilter: ['Role'] },
      },
      { TotalCount: 1, GroupIdList: [{ GroupId: 'tea', Name: 'Tea', SelfInfo: { Role: 'Owner ' } }] },
    ],
    [
      'get_members',
      { GroupId: 'live', Timestamp: 0 },
      {
        MemberList: ['ann', 'bob', 'dan'].map((account) => ({ Member_Account: account, JoinTime: NOON / 1000 })),
        NextTimestamp: 0,
        RequestId: expect.any(String),
      },
    ],
    ['get_members', { GroupId: 'tea' }, { ErrorCode: 10007 }],
    ['get_topic', { GroupId: 'tea' }, { ErrorCode: 10007 }],
  ])('%s answers %j', async (endpoint, body, want) => {
    const { server } = await simulated();
    expect((await call(server, endpoint, body)).json).toMatchObject(want);
  });

  function joined(...ids: string[]) {
    return { ErrorCode: 0, TotalCount: ids.length, GroupIdList: ids.map((GroupId) => ({ GroupId })) };
  }

  test('get_members returns 500 at a time', async () => {
    const { world, server } = await simulated();
    world.join(
      'live',
      Array.from({ length: 700 }, (_, index) => `user${index}`),
    );
    const seen: string[] = [];
    let next = 0;
    do {
      const { json } = await call(server, 'get_members', { GroupId: 'live', Timestamp: next });
      expect(json.MemberList.length).toBeLessThanOrEqual(500);
      for (const { Member_Account } of json.MemberList) seen.push(Member_Account);
      next = json.NextTimestamp;
    } while (next !== 0);
    expect(new Set(seen).size).toBe(703);
    expect(seen).toHaveLength(703);
  });

  test('get_topic returns the topics of a Community', async () => {
    const { world, server } = await simulated();
    const topicId = world.createTopic('stars', 'Comets');
    world.renameTopic('stars', topicId, 'Moons');
    const { json } = await call(server, 'get_topic', { GroupId: 'stars' });
    const found = { ErrorCode: 0, TopicInfo: { TopicId: topicId, TopicName: 'Moons' } };
    expect(json.TopicInfoList).toMatchObject([found]);
    const some = await call(server, 'get_topic', { GroupId: 'stars', TopicIdList: ['none', topicId] });
    expect(some.json.TopicInfoList).toMatchObject([{ ErrorCode: 10010 }, found]);
  });
});

describe('the limits', () => {
  test.each(Object.keys(ENDPOINTS) as EndpointName[])('of %s hold in any second', async (endpoint) => {
    const { clock, server } = await simulated();
    const { perSecond } = ENDPOINTS[endpoint];
    const isTooOften = async () => (await call(server, endpoint)).json.ErrorCode === 10006;
    for (let made = 0; made < perSecond; made += 1) {
      expect(await isTooOften()).toBe(false);
      if (made === 0) clock.advance(400);
    }
    expect(await isTooOften()).toBe(true);
    clock.advance(599);
    expect(await isTooOften()).toBe(true);
    clock.advance(1);
    expect(await isTooOften()).toBe(false);
    expect(await isTooOften()).toBe(true);
    clock.advance(400);
    expect(await isTooOften()).toBe(perSecond === 1);
  });

  test('are counted by endpoint, and can be raised', async () => {
    const clock = new SimulatedClock(NOON);
    const limits = { get_group_info: 2, get_topic: 1 };
    const server = await startSimulator({ groups: createWorld(), clock, limits });
    const names: EndpointName[] = ['get_group_info', 'get_topic', 'get_group_info', 'get_topic', 'get_group_info'];
    for (const name of names) await call(server, name, {});
    expect(Object.fromEntries(server.answers)).toEqual({
      'get_group_info 10004': 2,
      'get_group_info 10006': 1,
      'get_topic 10004': 1,
      'get_topic 10006': 1,
    });
  });
});

describe('faults', () => {
  const CODES = [10002, 10003, 10004, 10006, 10007, 10010, 10015, 10018, 11000, 60002, 60008, 60011, 70001, 70009];

  test.each(CODES)('%d is answered once, instead of the requested data', async (code) => {
    const { server } = await simulated();
    server.inject({ code });
    const codes = [];
    for (let made = 0; made < 2; made += 1)
      codes.push((await call(server, 'get_group_info', { GroupIdList: ['tea'] })).json);
    expect(codes).toMatchObject([
      { ActionStatus: 'FAIL', ErrorCode: code },
      { ActionStatus: 'OK', ErrorCode: 0 },
    ]);
  });

  test('one group of a call has its own', async () => {
    const { server } = await simulated();
    server.inject({ code: 10010, groupId: 'tea' }, { times: 2 });
    const { json } = await call(server, 'get_group_info', { GroupIdList: ['tea', 'walks'] });
    expect(json).toMatchObject({ ErrorCode: 0, GroupInfo: [{ ErrorCode: 10010 }, { ErrorCode: 0, Name: 'Walks' }] });
    expect((await call(server, 'get_group_member_info', { GroupId: 'tea' })).json.ErrorCode).toBe(10010);
  });

  test('apply to the calls they are meant for', async () => {
    const { server } = await simulated();
    server.inject({ code: 10002 }, { endpoint: 'get_topic', times: 2 });
    server.inject({ code: 60008 }, { when: ({ body }) => body.includes('walks') });
    const code = async (endpoint: EndpointName, groupId: string) =>
      (await call(server, endpoint, { GroupId: groupId })).json.ErrorCode;
    const found = [];
    for (const groupId of ['tea', 'walks', 'walks']) found.push(await code('get_group_member_info', groupId));
    for (const groupId of ['stars', 'stars', 'stars']) found.push(await code('get_topic', groupId));
    expect(found).toEqual([0, 60008, 0, 10002, 10002, 0]);
  });

  test.each<[Fault, RegExp]>([
    ['reset', /^(ECONNRESET|UND_ERR_SOCKET)$/],
    ['half', /^UND_ERR_(SOCKET|.*LENGTH.*)$|ECONNRESET/],
  ])('%s ends the connection', async (fault, reason) => {
    const { server } = await simulated();
    server.inject(fault);
    const failure = await call(server, 'get_appid_group_list').catch((error) => error.cause?.code ?? String(error));
    expect(failure).toMatch(reason);
  });

  test('a bad gateway is HTML with status 502', async () => {
    const { server } = await simulated();
    server.inject('bad-gateway');
    const { status, text, json } = await call(server, 'get_appid_group_list');
    expect([status, text, json]).toEqual([502, expect.stringContaining('<html>'), undefined]);
  });

  test('silence keeps the connection open without an answer', async () => {
    const { server } = await simulated();
    server.inject('silence');
    let answered = false;
    const silent = call(server, 'get_appid_group_list').then(
      () => true,
      () => false,
    );
    silent.then(() => {
      answered = true;
    });
    await call(server, 'get_group_info', { GroupIdList: ['tea'] });
    expect(answered).toBe(false);
    await server.close();
    expect(await silent).toBe(false);
  });

  test('a delayed answer is correct, and late by the clock', async () => {
    const { clock, server } = await simulated();
    server.inject({ delay: 5000 });
    const { json } = await call(server, 'get_appid_group_list');
    expect(json.TotalCount).toBe(4);
    expect(clock.now()).toBe(NOON + 5000);
  });
});

describe('generated groups', () => {
  test('are consistent across all reads', async () => {
    const groups = generateGroups({ groups: 230 });
    const all = groups.list(0, 1000).groupIds;
    expect(new Set(all).size).toBe(230);
    const byType = GROUP_TYPES.map((type) => groups.list(0, 1000, type).groupIds);
    expect(byType.flat().sort()).toEqual([...all].sort());
    expect(byType.map((ids) => ids.length)).toEqual(GROUP_TYPES.map((type) => groups.count(type)));
    for (const [index, groupId] of all.entries()) {
      const group = groups.find(groupId);
      const members = [...(group?.members.values() ?? [])];
      expect([group?.groupId, members.length]).toEqual([groupId, group?.members.size]);
      expect(new Set(members.map(({ account }) => account)).size).toBe(members.length);
      expect(group?.members.get(group.owner)).toEqual(members[0]);
      if (index % 23 !== 0) continue;
      for (const member of members) {
        expect(group?.members.get(member.account)).toEqual(member);
        const joined = Array.from(groups.groupsOf(member.account), (other) => other.groupId);
        expect(joined).toContain(groupId);
      }
    }
    expect([groups.find('@TGS#1G00000ZZZ'), groups.find('tea'), [...groups.groupsOf('tea')]]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  test('a million take no memory, and their list is read at the rate limit by the clock', async () => {
    const clock = new SimulatedClock(NOON);
    const server = await startSimulator({ groups: generateGroups({ groups: 1_000_000 }), clock });
    const before = heapUsed();
    let next = '0';
    let listed = 0;
    for (;;) {
      const { json, text } = await call(server, 'get_appid_group_list', `{"Next":${next}}`);
      listed += json.GroupIdList.length;
      next = /"Next":(\d+)/.exec(text)?.[1] ?? '';
      if (next === '0') break;
      await clock.sleep(1000);
    }
    expect(listed).toBe(1_000_000);
    expect(clock.now()).toBe(NOON + 99_000);
    const { json } = await call(server, 'get_group_info', {
      GroupIdList: [generateGroups({ groups: 1_000_000 }).list(999_999, 1).groupIds[0]],
    });
    expect(json.GroupInfo[0].Name).toBe('Group 999999');
    expect(heapUsed() - before).toBeLessThan(20e6);
  });
});

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

test('simulated time passes while everybody sleeps, in the order in which the sleeps end', async () => {
  const clock = new SimulatedClock(NOON);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ...times: number[]) => {
    for (const time of times) {
      await clock.sleep(time);
      woken.push([name, clock.now() - NOON]);
    }
  };
  await Promise.all([sleeper('long', 3_600_000), sleeper('short', 10, 10, 5000), sleeper('other', 15)]);
  expect(woken).toEqual([
    ['short', 10],
    ['other', 15],
    ['short', 20],
    ['short', 5020],
    ['long', 3_600_000],
  ]);
});

test.each<[string, (world: World) => void, string]>([
  ['an unknown group', (world) => world.destroy('tea'), 'Group "tea" does not exist: create it first'],
  [
    'a second group with the same id',
    (world) => [1, 2].map(() => world.create({ groupId: 'a', name: '' })),
    'Group "a" exists',
  ],
  [
    'an account that is not a member',
    (world) => world.setRole(world.create({ groupId: 'a', name: '' }), 'zoe', 'Admin'),
    '"zoe" is not in group "a": let it join first',
  ],
])('a world refuses %s', (_name, work, message) => {
  expect(() => work(createWorld())).toThrow(message);
});

describe('npm run mock -- --rest', () => {
  test('serves this many groups, with the settings that it prints', async () => {
    const { url, greeting } = await startMock('--rest', '--groups', '12');
    const setting = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(greeting)?.[1] ?? '';
    const usersig = userSig({
      time: Math.floor(Date.now() / 1000),
      key: setting('REST_KEY'),
      identifier: setting('REST_ADMIN'),
    });
    const query = { usersig, identifier: setting('REST_ADMIN'), sdkappid: setting('SDK_APP_ID') };
    expect(`${setting('REST_DOMAIN')}/`).toBe(url);
    const { json } = await call({ url: setting('REST_DOMAIN') }, 'get_appid_group_list', {}, query);
    expect(json).toMatchObject({ ErrorCode: 0, TotalCount: 12, Next: 0 });
  });

  test('shows the number of calls and their answers', async () => {
    const { url, linesOnceThereAre } = await startMock('--rest');
    await post(`${url}v4/group_open_http_svc/get_topic`, '{}');
    await call({ url: url.slice(0, -1) }, 'get_topic', {}, { usersig: 'hello' });
    expect(await linesOnceThereAre(1)).toEqual([expect.stringMatching(/^\S+Z {2}get_topic 70003 {2}1$/)]);
  });

  test.each([
    [['--rest', '--signed'], '--signed: is not for the mock of --rest'],
    [['--rest', '--delivery'], '--delivery: is not for the mock of --rest'],
    [['--groups', '5'], '--groups: is for --rest only'],
    [['--rest', '--groups', '0'], '--groups: "0", expected a whole number from 1'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, output } = await runMock(...args);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
  });
});
