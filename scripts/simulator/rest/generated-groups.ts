import type { Group, Groups, GroupType, Member, Topic } from './group.ts';

export interface GeneratedGroupsOptions {
  groups: number;
  /** Members of each group, at most 1,000; default: 1 to 20, and 300 in every hundredth group. */
  members?: number;
  /** Type of each group; default: a mixture of all. */
  type?: GroupType;
  /** When the first group was created, in seconds since 1970. One group is created each second. */
  since?: number;
}

/** The types of twenty consecutive groups. */
const MIXTURE: readonly GroupType[] = [
  ...['Public', 'Public', 'Work', 'Public', 'Meeting', 'Public', 'Work', 'Public', 'Public', 'Work'],
  ...['Public', 'Meeting', 'Public', 'Work', 'Public', 'Community', 'Public', 'Public', 'AVChatRoom', 'Work'],
] as GroupType[];
const PREFIX = '@TGS#1G';
const MOST_MEMBERS = 1000;

/** Groups computed from their number on each read: a million take no memory. They never change. */
export function generateGroups(options: GeneratedGroupsOptions): Groups {
  const { groups: total, members: size, type: only, since = 1_700_000_000 } = options;
  const accounts = Math.max(total, MOST_MEMBERS);
  const typeAt = (index: number) => only ?? (MIXTURE[index % MIXTURE.length] as GroupType);
  const sizeAt = (index: number) => size ?? (index % 100 === 50 ? 300 : 1 + ((index * 7919) % 20));
  const most = size ?? 300;
  const accountAt = (index: number, place: number) => `user${(index + place) % accounts}`;

  function memberAt(index: number, place: number): Member {
    const joinTime = since + index + place;
    const account = accountAt(index, place);
    const role = place > 0 && place % 5 === 0 ? 'Admin' : 'Member';
    return {
      account,
      place: place + 1,
      role,
      nameCard: place % 7 === 3 ? `Card ${place}` : '',
      joinTime,
      lastSendMsgTime: 0,
    };
  }

  function placeIn(index: number, account: string): number | undefined {
    const number = numberOf(account, accounts);
    if (number === undefined) return undefined;
    const place = (number - (index % accounts) + accounts) % accounts;
    return place < sizeAt(index) ? place : undefined;
  }

  function groupAt(index: number): Group {
    const groupId = idOf(index);
    const type = typeAt(index);
    const time = since + index;
    const topics = type === 'Community' ? topicsOf(groupId, time) : [];
    return {
      ...{ groupId, type, name: `Group ${index}`, introduction: index % 3 === 0 ? `About ${index}` : '' },
      ...{ notification: '', faceUrl: '', owner: accountAt(index, 0), maxMemberNum: 6000 },
      ...{ createTime: time, lastInfoTime: time, lastMsgTime: index % 2 === 0 ? time : 0, nextMsgSeq: 1 },
      customFields: new Map(index % 10 === 0 ? [['batch', String(index % 100)]] : []),
      members: {
        size: sizeAt(index),
        get(account) {
          const place = placeIn(index, account);
          return place === undefined ? undefined : memberAt(index, place);
        },
        *values() {
          for (let place = 0; place < sizeAt(index); place += 1) yield memberAt(index, place);
        },
      },
      topics: new Map(topics.map((topic) => [topic.topicId, topic])),
    };
  }

  function count(type?: GroupType): number {
    if (type === undefined || type === only) return total;
    if (only) return 0;
    const isMeant = (other: GroupType) => Number(other === type);
    const sum = (types: readonly GroupType[]) => types.reduce((found, other) => found + isMeant(other), 0);
    return Math.floor(total / MIXTURE.length) * sum(MIXTURE) + sum(MIXTURE.slice(0, total % MIXTURE.length));
  }

  return {
    count,
    list(after, limit, type) {
      const groupIds: string[] = [];
      let last = 0;
      for (let index = after; index < total; index += 1) {
        if (type !== undefined && typeAt(index) !== type) continue;
        if (groupIds.length === limit) return { groupIds, next: last };
        groupIds.push(idOf(index));
        last = index + 1;
      }
      return { groupIds, next: undefined };
    },
    find(groupId) {
      const index = indexOf(groupId);
      return index !== undefined && index < total ? groupAt(index) : undefined;
    },
    *groupsOf(account) {
      const number = numberOf(account, accounts);
      if (number === undefined) return;
      for (let place = 0; place < most; place += 1) {
        const index = (number - place + accounts) % accounts;
        if (index < total && place < sizeAt(index)) yield groupAt(index);
      }
    },
  };
}

function idOf(index: number): string {
  return PREFIX + index.toString(36).toUpperCase().padStart(7, '0');
}

function indexOf(groupId: string): number | undefined {
  const index = Number.parseInt(groupId.slice(PREFIX.length), 36);
  return idOf(index) === groupId ? index : undefined;
}

function numberOf(account: string, accounts: number): number | undefined {
  const number = Number(account.slice('user'.length));
  return account === `user${number}` && number < accounts ? number : undefined;
}

function topicsOf(groupId: string, time: number): Topic[] {
  return ['General', 'News'].map((name, index) => ({ topicId: `${groupId}@TOPIC#_${index}`, name, createTime: time }));
}
