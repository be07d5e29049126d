export const GROUP_TYPES = ['Public', 'Work', 'Meeting', 'AVChatRoom', 'BChatRoom', 'Community'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

/** The REST API still uses earlier names for two types. */
export const REST_NAMES: Record<GroupType, string> = {
  Public: 'Public',
  Work: 'Private',
  Meeting: 'ChatRoom',
  AVChatRoom: 'AVChatRoom',
  BChatRoom: 'BChatRoom',
  Community: 'Community',
};

/** A group at the vendor. Times are in seconds since 1970; 0: never. */
export interface Group {
  readonly groupId: string;
  readonly type: GroupType;
  readonly name: string;
  readonly introduction: string;
  readonly notification: string;
  readonly faceUrl: string;
  /** '' without an owner. */
  readonly owner: string;
  readonly createTime: number;
  readonly lastInfoTime: number;
  readonly lastMsgTime: number;
  readonly nextMsgSeq: number;
  readonly maxMemberNum: number;
  readonly customFields: ReadonlyMap<string, string>;
  /** By account, in the order of joining. For an AVChatRoom: the members online. */
  readonly members: {
    readonly size: number;
    get(account: string): Member | undefined;
    values(): Iterable<Member>;
  };
  /** By id. */
  readonly topics: ReadonlyMap<string, Topic>;
}

export interface Member {
  readonly account: string;
  /** Ascends with each member that joins the group. */
  readonly place: number;
  /** The owner's role follows from `Group.owner`. */
  readonly role: 'Admin' | 'Member';
  readonly nameCard: string;
  readonly joinTime: number;
  readonly lastSendMsgTime: number;
}

export interface Topic {
  readonly topicId: string;
  readonly name: string;
  readonly createTime: number;
}

/** All groups of the app, as the endpoints read them. */
export interface Groups {
  count(type?: GroupType): number;
  /** Groups after a place in their order, which begins at 0. `next` is undefined at the end. */
  list(after: number, limit: number, type?: GroupType): { groupIds: string[]; next: number | undefined };
  find(groupId: string): Group | undefined;
  groupsOf(account: string): Iterable<Group>;
}

export function roleOf({ owner }: Group, { account, role }: Member): 'Owner' | 'Admin' | 'Member' {
  return account === owner ? 'Owner' : role;
}
