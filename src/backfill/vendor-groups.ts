import { fieldOf, textFieldOf } from '../callback/callback.ts';
import { type Reviver, rawJSON } from '../callback/json.ts';
import type { RestClient, RestReply } from './rest-client.ts';
import { RestError } from './rest-errors.ts';
import { codeOf, type GroupInfo, groupOf, listOf, type Member, memberOf, wholeOf } from './vendor-replies.ts';

/** Types that the vendor lists; it lists Work groups as Private and Meeting groups as ChatRoom. */
export type ListedType = 'Public' | 'Private' | 'ChatRoom' | 'AVChatRoom' | 'BChatRoom' | 'Community';

/** Limits of one call. */
export const MOST_GROUPS = 50;
export const MOST_ACCOUNTS = 500;
const MOST_IDS = 10_000;
const MEMBERS = 100;
/** Attempts for items with an error of their own that may pass. */
const MOST_ATTEMPTS = 5;

/** Marks the beginning of the list. */
const FIRST = '0';
/** Digits of an unsigned 64-bit number. */
const NEXT = /^\d{1,20}$/;

/** Without a list of fields, `get_group_info` returns all members of all groups. */
const FIELDS = [
  ...['Type', 'Name', 'Introduction', 'Notification', 'FaceUrl', 'Owner_Account', 'CreateTime', 'LastInfoTime'],
  ...['LastMsgTime', 'MemberNum', 'MaxMemberNum', 'ApplyJoinOption', 'MuteAllMember'],
];

export interface GroupIdPage {
  ids: readonly string[];
  /** Position of the next page, in decimal digits: may exceed 2^53. Null after the last page. */
  next: string | null;
  /** Total number of groups of the requested type. */
  total: number | null;
  sentAt: Date;
}

/** The vendor's answer about a group; `error` is of the kind `group`. */
export type GroupAnswer = { groupId: string; sentAt: Date } & (
  | { group: GroupInfo; error: null }
  | { group: null; error: RestError }
);

export interface MemberPage {
  members: readonly Member[];
  /** Total number of members of the group. */
  total: number | null;
  sentAt: Date;
}

interface Signalled {
  signal?: AbortSignal | undefined;
}

/**
 * The groups of the vendor. Each answer comes with the time of its request by the vendor's clock; all times in it are
 * dates, null where the vendor has 0 (never) or nothing. Everything here throws a RestError, or the signal's reason.
 */
export class VendorGroups {
  readonly #client: RestClient;

  constructor(client: RestClient) {
    this.#client = client;
  }

  /**
   * The ids of all groups, up to 10,000 a page. A group that is created or destroyed in the meantime may be missing,
   * and a group may appear twice.
   * @param next of a page: continues after it
   */
  async *groupIds({
    type,
    next = FIRST,
    signal,
  }: { type?: ListedType | undefined; next?: string | undefined } & Signalled = {}): AsyncGenerator<
    GroupIdPage,
    void,
    void
  > {
    let limit = MOST_IDS;
    for (let from: string | null = next; from !== null; ) {
      const body = { Limit: limit, Next: rawJSON(from), ...(type && { GroupType: type }) };
      const page: RestReply | null = await this.#unlessTooLarge(limit > 1, () =>
        this.#client.call('get_appid_group_list', body, { signal, reviver: keepNext }),
      );
      if (page === null) {
        limit = Math.ceil(limit / 2);
        continue;
      }
      const { reply, sentAt } = page;
      const ids = listOf(reply, 'GroupIdList').flatMap((item) => textFieldOf(item, 'GroupId') ?? []);
      const following = nextOf(reply);
      if (following !== null && (following === from || !NEXT.test(following))) {
        throw unusable('get_appid_group_list', null, `Next ${following.slice(0, 30)} to ${from}`, sentAt);
      }
      from = following;
      yield { ids, next: from, total: wholeOf(fieldOf(reply, 'TotalCount')), sentAt };
    }
  }

  /**
   * @param groupIds 50 at most
   * @param customFields keys of custom fields to request; absent: the vendor decides
   * @returns an answer for each id, in the same order
   */
  async groupInfo(
    groupIds: readonly string[],
    { customFields, signal }: { customFields?: readonly string[] | undefined } & Signalled = {},
  ): Promise<GroupAnswer[]> {
    if (groupIds.length > MOST_GROUPS) throw new RangeError(`${groupIds.length} ids: at most ${MOST_GROUPS} a call`);
    const filter = {
      GroupBaseInfoFilter: FIELDS,
      ...(customFields && { AppDefinedDataFilter_Group: customFields }),
    };
    const answers = new Map<string, GroupAnswer>();
    let open: readonly string[] = [...new Set(groupIds)];
    for (let attempts = 1; open.length > 0; attempts += 1) {
      for (const answer of await this.#groupInfo(open, filter, signal)) answers.set(answer.groupId, answer);
      if (attempts === MOST_ATTEMPTS) break;
      open = open.filter((id) => answers.get(id)?.error?.mayPass);
      if (open.length > 0) await this.#client.backOff(attempts, signal);
    }
    return groupIds.map((id) => answers.get(id) as GroupAnswer);
  }

  /**
   * All members of a group, page by page; null for an AVChatRoom, whose members the vendor does not keep. Pages shift
   * when a member leaves: an account may appear twice, and a missing one may still be a member, see `roles`.
   * @param type as the vendor or a callback names it
   */
  members(groupId: string, type: string, { signal }: Signalled = {}): AsyncGenerator<MemberPage, void, void> | null {
    return type === 'AVChatRoom' ? null : this.#members(groupId, type === 'Community', signal);
  }

  /**
   * The roles of accounts in a group, null for accounts that are not members. Not for an AVChatRoom.
   * @param accounts 500 at most
   */
  async roles(
    groupId: string,
    accounts: readonly string[],
    { signal }: Signalled = {},
  ): Promise<{ roles: ReadonlyMap<string, string | null>; sentAt: Date }> {
    if (accounts.length > MOST_ACCOUNTS) {
      throw new RangeError(`${accounts.length} accounts: at most ${MOST_ACCOUNTS} a call`);
    }
    const body = { GroupId: groupId, User_Account: accounts };
    const { reply, sentAt } = await this.#client.call('get_role_in_group', body, { groupId, signal });
    const roles = new Map<string, string | null>();
    for (const item of listOf(reply, 'UserIdList')) {
      const { account, role } = memberOf(item) ?? {};
      if (account !== undefined) roles.set(account, role === 'NotMember' ? null : (role ?? null));
    }
    return { roles, sentAt };
  }

  async #groupInfo(
    groupIds: readonly string[],
    filter: object,
    signal: AbortSignal | undefined,
  ): Promise<GroupAnswer[]> {
    const [only, ...others] = groupIds;
    const groupId = others.length === 0 ? only : undefined;
    try {
      const body = { GroupIdList: groupIds, ResponseFilter: filter };
      return this.#answersIn(await this.#client.call('get_group_info', body, { groupId, signal }), groupIds);
    } catch (error) {
      if (!(error instanceof RestError && error.isWorthSplitting && error.sentAt)) throw error;
      if (groupId !== undefined) return [{ groupId, sentAt: error.sentAt, group: null, error }];
      const half = Math.ceil(groupIds.length / 2);
      return [
        ...(await this.#groupInfo(groupIds.slice(0, half), filter, signal)),
        ...(await this.#groupInfo(groupIds.slice(half), filter, signal)),
      ];
    }
  }

  #answersIn({ reply, sentAt }: RestReply, groupIds: readonly string[]): GroupAnswer[] {
    const items = new Map(listOf(reply, 'GroupInfo').map((item) => [fieldOf(item, 'GroupId'), item]));
    return groupIds.map((groupId) => {
      const item = items.get(groupId);
      const group = groupOf(item);
      if (group && (codeOf(item) ?? 0) === 0) return { groupId, sentAt, group, error: null };
      return { groupId, sentAt, group: null, error: this.#client.errorOf(item, 'get_group_info', groupId, sentAt) };
    });
  }

  async *#members(
    groupId: string,
    isCommunity: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<MemberPage, void, void> {
    let limit = MEMBERS;
    let place: { Offset: number } | { Next: string } | null = isCommunity ? { Next: '' } : { Offset: 0 };
    while (place !== null) {
      const body = { GroupId: groupId, Limit: limit, ...place };
      const page: RestReply | null = await this.#unlessTooLarge(limit > 1, () =>
        this.#client.call('get_group_member_info', body, { groupId, signal }),
      );
      if (page === null) {
        limit = Math.ceil(limit / 2);
        continue;
      }
      const { reply, sentAt } = page;
      const members = listOf(reply, 'MemberList').flatMap((item) => memberOf(item) ?? []);
      const total = wholeOf(fieldOf(reply, 'MemberNum'));
      if ('Next' in place) {
        const next = textFieldOf(reply, 'Next');
        if (next !== null && next === place.Next) {
          throw unusable('get_group_member_info', groupId, 'Next as it was asked', sentAt);
        }
        place = next === null ? null : { Next: next };
      } else {
        const offset: number = place.Offset + members.length;
        const isLast = total === null ? members.length < limit : offset >= total;
        place = isLast || members.length === 0 ? null : { Offset: offset };
      }
      yield { members, total, sentAt };
    }
  }

  /** @returns null if the reply would be too large and less can be requested */
  async #unlessTooLarge(canAskForLess: boolean, call: () => Promise<RestReply>): Promise<RestReply | null> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof RestError && error.isTooLarge && canAskForLess) return null;
      throw error;
    }
  }
}

/** Kept as text: a number beyond 2^53 would lose digits. */
const keepNext: Reviver = (key, value, { source }) => (key === 'Next' && typeof value === 'number' ? source : value);

/** Null after the last page. One of the vendor's samples of a last page has no `Next`. */
function nextOf(reply: unknown): string | null {
  const next = fieldOf(reply, 'Next') ?? FIRST;
  return next === FIRST ? null : String(next);
}

function unusable(endpoint: string, groupId: string | null, what: string, sentAt: Date): RestError {
  return new RestError('stop', `the vendor answered ${what}, so the next page is not known: please report it`, {
    ...{ code: null, endpoint, groupId, sentAt },
  });
}
