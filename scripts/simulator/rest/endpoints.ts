import {
  GROUP_TYPES,
  type Group,
  type Groups,
  type GroupType,
  type Member,
  REST_NAMES,
  roleOf,
  type Topic,
} from './group.ts';
import { placeOf, writePlace } from './place.ts';
import { type Body, RestError, rawJSON } from './request.ts';

export type EndpointName = keyof typeof ENDPOINTS;

interface Endpoint {
  service: string;
  /** Calls per second, without a purchased increase. */
  perSecond: number;
  answer(body: Body, groups: Groups, app: { sdkAppId: number }): object;
}

const GROUPS = 'group_open_http_svc';
const MOST_PAGE = 6000;
const MOST_COMMUNITY_PAGE = 100;
const AVCHATROOM_PAGE = 500;

/** By the last part of their path. */
export const ENDPOINTS = {
  get_appid_group_list: {
    service: GROUPS,
    perSecond: 1,
    answer(body, groups) {
      const type = typeIn(body);
      const limit = body.integer('Limit', 1, 10_000) ?? 10_000;
      const { groupIds, next } = groups.list(placeOf(body.digits('Next')), limit, type);
      return {
        TotalCount: groups.count(type),
        GroupIdList: groupIds.map((GroupId) => ({ GroupId })),
        // Programs that read it as a double would lose its last digits.
        Next: next === undefined ? 0 : rawJSON(writePlace(next)),
      };
    },
  },

  get_group_info: {
    service: GROUPS,
    perSecond: 200,
    answer(body, groups, app) {
      const ids = body.texts('GroupIdList', 50);
      if (!ids) throw new RestError(10004, 'GroupIdList is missing');
      const filter = body.object('ResponseFilter');
      return { GroupInfo: ids.map((groupId) => item(groupId, () => infoOf(found(groups, groupId), filter, app))) };
    },
  },

  get_group_member_info: {
    service: GROUPS,
    perSecond: 200,
    answer(body, groups) {
      const group = withMembers(groups, body);
      const shown = memberFields(body.texts('MemberInfoFilter'));
      const roles = body.texts('MemberRoleFilter');
      for (const role of roles ?? []) oneOf('MemberRoleFilter', role, ['Owner', 'Admin', 'Member']);
      const wanted = [...group.members.values()].filter((member) => roles?.includes(roleOf(group, member)) ?? true);
      const show = (members: Member[]) => members.map((member) => shown(group, member));
      if (group.type === 'Community') {
        if (body.has('Offset')) throw new RestError(10004, 'Offset is not for a Community: page by Next');
        const limit = body.integer('Limit', 1, MOST_COMMUNITY_PAGE) ?? MOST_COMMUNITY_PAGE;
        const after = memberPlace(body.text('Next') ?? '');
        const rest = wanted.filter(({ place }) => place > after);
        const page = rest.slice(0, limit);
        const last = rest.length > limit ? page.at(-1) : undefined;
        return { MemberNum: group.members.size, MemberList: show(page), Next: last ? `member-${last.place}` : '' };
      }
      if (body.has('Next')) throw new RestError(10004, 'Next is for a Community only: page by Offset');
      const offset = body.integer('Offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const limit = body.integer('Limit', 1, MOST_PAGE) ?? wanted.length;
      return { MemberNum: group.members.size, MemberList: show(wanted.slice(offset, offset + limit)) };
    },
  },

  get_specified_group_member_info: {
    service: GROUPS,
    perSecond: 200,
    answer(body, groups) {
      const group = withMembers(groups, body);
      const shown = memberFields(body.texts('MemberInfoFilter'));
      const accounts = body.texts('Member_List_Account', 50);
      if (!accounts) throw new RestError(10004, 'Member_List_Account is missing');
      const members = accounts.map((account) => group.members.get(account)).filter((member) => member !== undefined);
      return { MemberNum: group.members.size, MemberList: members.map((member) => shown(group, member)) };
    },
  },

  get_joined_group_list: {
    service: GROUPS,
    perSecond: 200,
    answer(body, groups, app) {
      const account = body.text('Member_Account');
      if (!account) throw new RestError(10004, 'Member_Account is missing');
      const type = typeIn(body);
      const [huge, idle, topics] = ['WithHugeGroups', 'WithNoActiveGroups', 'SupportTopic'].map(
        (name) => body.integer(name, 0, 1) ?? 0,
      );
      if (topics && type !== 'Community') throw new RestError(10004, 'SupportTopic is for GroupType Community only');
      const filter = body.object('ResponseFilter');
      const base = filter?.texts('GroupBaseInfoFilter') ?? [];
      const self = filter?.texts('SelfInfoFilter') ?? [];
      const joined = [...groups.groupsOf(account)].filter((group) => {
        if (type !== undefined && group.type !== type) return false;
        if (group.type === 'AVChatRoom' && !huge) return false;
        return group.type !== 'Work' || group.lastMsgTime > 0 || Boolean(idle);
      });
      const offset = body.integer('Offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const page = joined.slice(offset, offset + (body.integer('Limit', 1, 5000) ?? 5000));
      return {
        TotalCount: joined.length,
        GroupIdList: page.map((group) => ({
          GroupId: group.groupId,
          ...select('GroupBaseInfoFilter', baseInfo(group, app), base),
          ...(self.length > 0 && {
            SelfInfo: select('SelfInfoFilter', memberInfo(group, group.members.get(account) as Member), self),
          }),
        })),
      };
    },
  },

  get_role_in_group: {
    service: GROUPS,
    perSecond: 200,
    answer(body, groups) {
      const group = withMembers(groups, body);
      const accounts = body.texts('User_Account', 500);
      if (!accounts) throw new RestError(10004, 'User_Account is missing');
      return {
        UserIdList: accounts.map((account) => {
          const member = group.members.get(account);
          return { Member_Account: account, Role: member ? roleOf(group, member) : 'NotMember' };
        }),
      };
    },
  },

  get_members: {
    service: 'group_open_avchatroom_http_svc',
    perSecond: 200,
    answer(body, groups) {
      const group = groupIn(groups, body);
      if (group.type !== 'AVChatRoom') throw new RestError(10007, `not for groups of type ${REST_NAMES[group.type]}`);
      const after = body.integer('Timestamp', 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const rest = [...group.members.values()].filter(({ place }) => place > after);
      const page = rest.slice(0, AVCHATROOM_PAGE);
      return {
        MemberList: page.map(({ account, joinTime }) => ({ Member_Account: account, JoinTime: joinTime })),
        NextTimestamp: rest.length > page.length ? (page.at(-1)?.place ?? 0) : 0,
      };
    },
  },

  get_topic: {
    service: 'million_group_open_http_svc',
    perSecond: 200,
    answer(body, groups) {
      const group = groupIn(groups, body);
      if (group.type !== 'Community') throw new RestError(10007, `not for groups of type ${REST_NAMES[group.type]}`);
      const ids = body.texts('TopicIdList') ?? [...group.topics.keys()];
      return {
        TopicInfoList: ids.map((topicId) => {
          const topic = group.topics.get(topicId);
          if (!topic) return { ErrorCode: 10010, ErrorInfo: 'topic does not exist', TopicInfo: { TopicId: topicId } };
          return { ErrorCode: 0, ErrorInfo: '', TopicInfo: topicInfo(topic) };
        }),
      };
    },
  },
} satisfies Record<string, Endpoint>;

function typeIn(body: Body): GroupType | undefined {
  const name = body.text('GroupType');
  if (name === undefined) return undefined;
  oneOf('GroupType', name, Object.values(REST_NAMES));
  return GROUP_TYPES.find((type) => REST_NAMES[type] === name);
}

function groupIn(groups: Groups, body: Body): Group {
  const groupId = body.text('GroupId');
  if (groupId === undefined) throw new RestError(10004, 'GroupId is missing');
  return found(groups, groupId);
}

/** The vendor keeps no members of an AVChatRoom. */
function withMembers(groups: Groups, body: Body): Group {
  const group = groupIn(groups, body);
  if (group.type === 'AVChatRoom') throw new RestError(10007, 'not for groups of type AVChatRoom');
  return group;
}

function found(groups: Groups, groupId: string): Group {
  if (!/^[!-~]{1,100}$/.test(groupId)) throw new RestError(10015, 'the group id is invalid');
  const group = groups.find(groupId);
  if (!group) throw new RestError(10010, 'the group does not exist, or has been destroyed');
  return group;
}

/** An error that concerns one group of a call is reported in its item. */
function item(groupId: string, info: () => object): object {
  try {
    return { GroupId: groupId, ErrorCode: 0, ErrorInfo: '', ...info() };
  } catch (error) {
    // Error 10004 concerns the whole call.
    if (!(error instanceof RestError) || error.code === 10004) throw error;
    return { GroupId: groupId, ErrorCode: error.code, ErrorInfo: error.message };
  }
}

/** Without a filter, everything including all members; with one, what it names. */
function infoOf(group: Group, filter: Body | undefined, app: { sdkAppId: number }): object {
  const customKeys = filter?.texts('AppDefinedDataFilter_Group');
  const memberFilter = filter?.texts('MemberInfoFilter');
  const custom = [...group.customFields].filter(([key]) => !filter || customKeys?.includes(key));
  const base = filter?.texts('GroupBaseInfoFilter');
  const shown = memberFields(memberFilter);
  const isWithMembers = group.type !== 'AVChatRoom' && (!filter || memberFilter !== undefined);
  return {
    ...select('GroupBaseInfoFilter', baseInfo(group, app), base),
    ...(custom.length > 0 && { AppDefinedData: custom.map(([Key, Value]) => ({ Key, Value })) }),
    ...(isWithMembers && { MemberList: Array.from(group.members.values(), (member) => shown(group, member)) }),
  };
}

function baseInfo(group: Group, { sdkAppId }: { sdkAppId: number }): Record<string, unknown> {
  return {
    Type: REST_NAMES[group.type],
    Name: group.name,
    Appid: sdkAppId,
    Introduction: group.introduction,
    Notification: group.notification,
    FaceUrl: group.faceUrl,
    Owner_Account: group.owner,
    CreateTime: group.createTime,
    LastInfoTime: group.lastInfoTime,
    LastMsgTime: group.lastMsgTime,
    NextMsgSeq: group.nextMsgSeq,
    // undefined is omitted from the reply, but still a known name in a filter.
    MemberNum: group.type === 'AVChatRoom' ? undefined : group.members.size,
    MaxMemberNum: group.maxMemberNum,
    ApplyJoinOption: 'FreeAccess',
    MuteAllMember: 'Off',
    SupportTopic: group.type === 'Community' ? 1 : undefined,
  };
}

function memberInfo(group: Group, member: Member): Record<string, unknown> {
  return {
    // A trailing blank, as in one of the vendor's samples.
    Role: roleOf(group, member) + (member.account.length % 2 === 1 ? ' ' : ''),
    JoinTime: member.joinTime,
    MsgSeq: 0,
    MsgFlag: 'AcceptAndNotify',
    LastSendMsgTime: member.lastSendMsgTime,
    MuteUntil: 0,
    NameCard: member.nameCard,
  };
}

/** The filters call a member `Account`. Custom fields of members are not simulated. */
function memberFields(names: string[] | undefined) {
  return (group: Group, member: Member) => ({
    Member_Account: member.account,
    ...select('MemberInfoFilter', memberInfo(group, member), names, 'Account'),
  });
}

function topicInfo({ topicId, name, createTime }: Topic): object {
  const texts = { CustomString: '', Introduction: '', Notification: '', FaceUrl: '' };
  return { TopicId: topicId, TopicName: name, ...texts, CreateTime: createTime };
}

/** The fields that a filter names; all without a filter. `id` is always included. */
function select(filter: string, fields: Record<string, unknown>, names: string[] | undefined, id = 'GroupId') {
  if (!names) return fields;
  const selected: Record<string, unknown> = {};
  for (const name of names) {
    if (Object.hasOwn(fields, name)) selected[name] = fields[name];
    else if (name !== id) oneOf(filter, name, [id, ...Object.keys(fields)]);
  }
  return selected;
}

function oneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new RestError(10004, `${name}: "${value}" is none of ${allowed.join(', ')}`);
}

function memberPlace(next: string): number {
  if (next === '') return 0;
  const place = /^member-(\d+)$/.exec(next)?.[1];
  if (place === undefined) throw new RestError(10004, 'Next is not from a reply');
  return Number(place);
}
