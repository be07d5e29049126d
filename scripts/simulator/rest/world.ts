import type { Group, Groups, GroupType, Member, Topic } from './group.ts';

/** A callback's body. */
export type Emitted = { CallbackCommand: string; GroupId: string } & Record<string, unknown>;

export interface WorldOptions {
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Called with the callback that the vendor sends for each operation. */
  emit?: (callback: Emitted) => void;
  /** The account that performs an operation unless another is named. */
  administrator?: string;
}

export interface NewGroup {
  /** Default: generated. */
  groupId?: string;
  type?: GroupType;
  name: string;
  owner?: string;
  /** In addition to the owner. */
  members?: readonly string[];
  introduction?: string;
  notification?: string;
  faceUrl?: string;
  customFields?: Record<string, string>;
  maxMemberNum?: number;
}

export interface GroupChange {
  name?: string;
  introduction?: string;
  notification?: string;
  faceUrl?: string;
  customFields?: Record<string, string>;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** An existing group, with the facts that the REST API does not return. */
export interface WorldGroup extends Writable<Omit<Group, 'members' | 'topics' | 'customFields'>> {
  readonly place: number;
  readonly members: Map<string, Writable<Member>>;
  readonly topics: Map<string, Writable<Topic>>;
  readonly customFields: Map<string, string>;
  readonly attributes: Map<string, string>;
}

export function createWorld(options?: WorldOptions): World {
  return new World(options);
}

/** The vendor's groups. Each operation has its own time, so that no callbacks tie, and emits its callback. */
export class World implements Groups {
  /** In the order of their creation. */
  readonly groups = new Map<string, WorldGroup>();
  readonly #options: Required<WorldOptions>;
  #latest = 0;
  #places = 0;

  constructor({ now = Date.now, emit = () => {}, administrator = 'administrator' }: WorldOptions = {}) {
    this.#options = { now, emit, administrator };
  }

  count(type?: GroupType): number {
    if (type === undefined) return this.groups.size;
    return this.groups.values().reduce((count, group) => count + Number(group.type === type), 0);
  }

  list(after: number, limit: number, type?: GroupType): { groupIds: string[]; next: number | undefined } {
    const rest = this.groups
      .values()
      .filter((group) => group.place > after && (type === undefined || group.type === type));
    const page = [...rest.take(limit + 1)];
    const last = page.length > limit ? page[limit - 1] : undefined;
    return { groupIds: page.slice(0, limit).map(({ groupId }) => groupId), next: last?.place };
  }

  find(groupId: string): WorldGroup | undefined {
    return this.groups.get(groupId);
  }

  groupsOf(account: string): Iterable<WorldGroup> {
    return this.groups.values().filter(({ members }) => members.has(account));
  }

  create(given: NewGroup): string {
    const { type = 'Public', name, owner = '', introduction = '', notification = '', faceUrl = '' } = given;
    const { customFields = {}, maxMemberNum = 6000 } = given;
    this.#places += 1;
    const groupId = given.groupId ?? `${type === 'Community' ? '@TGS#_@TGS#c' : '@TGS#1'}W${base36(this.#places)}`;
    if (this.groups.has(groupId)) throw new Error(`Group "${groupId}" exists: destroy it first`);
    const time = this.#time();
    const group: WorldGroup = {
      ...{ groupId, place: this.#places, type, name, introduction, notification, faceUrl, owner, maxMemberNum },
      ...{ createTime: seconds(time), lastInfoTime: seconds(time), lastMsgTime: 0, nextMsgSeq: 1 },
      ...{ members: new Map(), topics: new Map(), attributes: new Map() },
      customFields: new Map(Object.entries(customFields)),
    };
    this.groups.set(groupId, group);
    const members = [...new Set([owner, ...(given.members ?? [])])].filter((account) => account !== '');
    for (const account of members) this.#add(account, group, time);
    this.#emit('AfterCreateGroup', group, time, {
      Operator_Account: owner || this.#options.administrator,
      ...(owner !== '' && { Owner_Account: owner }),
      Name: name,
      ...(introduction !== '' && { Introduction: introduction }),
      ...(notification !== '' && { Notification: notification }),
      ...(type !== 'AVChatRoom' && { MemberList: accountList(members) }),
      ...(group.customFields.size > 0 && { UserDefinedDataList: customFieldList(customFields) }),
    });
    return groupId;
  }

  destroy(groupId: string): void {
    const group = this.#group(groupId);
    this.groups.delete(groupId);
    this.#emit('AfterGroupDestroyed', group, this.#time(), {
      Owner_Account: group.owner,
      Name: group.name,
      // The vendor sends no member list for a Community.
      ...(group.type !== 'Community' && { MemberList: accountList([...group.members.keys()]) }),
    });
  }

  /** @param by the inviting account; without it, the accounts asked to join */
  join(groupId: string, accounts: readonly string[], by?: string): void {
    const group = this.#group(groupId);
    const joined = accounts.filter((account) => !group.members.has(account));
    if (joined.length === 0) return;
    const time = this.#time();
    for (const account of joined) this.#add(account, group, time);
    if (group.type === 'AVChatRoom') {
      this.#tellPresence(group, joined, 'Online', 'Join');
      return;
    }
    this.#emit('AfterNewMemberJoin', group, time, {
      JoinType: by === undefined ? 'Apply' : 'Invited',
      Operator_Account: by ?? joined[0],
      NewMemberList: accountList(joined),
    });
    if (group.members.size < group.maxMemberNum) return;
    this.#options.emit({ CallbackCommand: 'Group.CallbackAfterGroupFull', GroupId: groupId, EventTime: this.#time() });
  }

  /** @param by the removing account; without it, the accounts quit */
  leave(groupId: string, accounts: readonly string[], by?: string): void {
    const group = this.#group(groupId);
    const left = accounts.filter((account) => group.members.delete(account));
    if (left.length === 0) return;
    if (left.includes(group.owner)) group.owner = '';
    if (group.type === 'AVChatRoom') {
      this.#tellPresence(group, left, 'Offline', 'Quit');
      return;
    }
    this.#emit('AfterMemberExit', group, this.#time(), {
      ExitType: by === undefined ? 'Quit' : 'Kicked',
      Operator_Account: by ?? left[0],
      ExitMemberList: accountList(left),
    });
  }

  change(groupId: string, { customFields, ...fields }: GroupChange): void {
    const group = this.#group(groupId);
    const time = this.#time();
    Object.assign(group, fields, { lastInfoTime: seconds(time) });
    for (const [key, value] of Object.entries(customFields ?? {})) group.customFields.set(key, value);
    const { name, introduction, notification, faceUrl } = fields;
    this.#emit('AfterGroupInfoChanged', group, time, {
      Operator_Account: this.#options.administrator,
      ...(name !== undefined && { Name: name }),
      ...(introduction !== undefined && { Introduction: introduction }),
      ...(notification !== undefined && { Notification: notification }),
      ...(faceUrl !== undefined && { FaceUrl: faceUrl }),
      ...(customFields && { UserDefinedDataList: customFieldList(customFields) }),
    });
  }

  changeOwner(groupId: string, account: string): void {
    const group = this.#group(groupId);
    const old = group.owner;
    if (old === account) return;
    this.#member(group, account).role = 'Member';
    if (old !== '') this.#member(group, old).role = 'Member';
    group.owner = account;
    this.#emit('AfterChangeGroupOwner', group, this.#time(), {
      Operator_Account: this.#options.administrator,
      OldOwner_Account: old,
      NewOwner_Account: account,
    });
  }

  setRole(groupId: string, account: string, role: Member['role']): void {
    this.#setMember(groupId, account, { role }, { Role: role });
  }

  setNameCard(groupId: string, account: string, nameCard: string): void {
    this.#setMember(groupId, account, { nameCard }, { NameCard: nameCard });
  }

  #setMember(groupId: string, account: string, change: Partial<Writable<Member>>, told: Record<string, unknown>): void {
    const group = this.#group(groupId);
    Object.assign(this.#member(group, account), change);
    const accounts = { Operator_Account: this.#options.administrator, Member_Account: account };
    this.#emit('AfterMemberFieldChanged', group, this.#time(), { ...accounts, ...told });
  }

  /** `set` replaces all, `modify` some; `delete` uses only the keys, `clear` nothing. */
  changeAttributes(
    groupId: string,
    option: 'set' | 'modify' | 'delete' | 'clear',
    attributes: Record<string, string> = {},
  ): void {
    const group = this.#group(groupId);
    if (option === 'set' || option === 'clear') group.attributes.clear();
    for (const [key, value] of Object.entries(attributes)) {
      if (option === 'delete') group.attributes.delete(key);
      else if (option !== 'clear') group.attributes.set(key, value);
    }
    const list = Object.entries(attributes).map(([key, value]) => (option === 'delete' ? { key } : { key, value }));
    this.#emit('AfterGroupAttrChanged', group, this.#time(), {
      Operator_Account: this.#options.administrator,
      OptionType: option,
      GroupAttr: option === 'clear' ? [] : list,
    });
  }

  createTopic(groupId: string, name: string): string {
    const group = this.#group(groupId);
    if (group.type !== 'Community')
      throw new Error(`Group "${groupId}" is of type ${group.type}: only a Community has topics`);
    this.#places += 1;
    const topicId = `${groupId}@TOPIC#_${base36(this.#places)}`;
    group.topics.set(topicId, { topicId, name, createTime: seconds(this.#time()) });
    const owner = group.owner || this.#options.administrator;
    const told = { TopicId: topicId, Operator_Account: owner, Owner_Account: owner, Name: name };
    this.#emit('AfterCreateTopic', group, undefined, told);
    return topicId;
  }

  renameTopic(groupId: string, topicId: string, name: string): void {
    const group = this.#group(groupId);
    const topic = group.topics.get(topicId);
    if (!topic) throw new Error(`Group "${groupId}" has no topic "${topicId}": create it first`);
    topic.name = name;
    const told = { TopicId: topicId, Operator_Account: this.#options.administrator, Name: name };
    this.#emit('AfterTopicInfoChanged', group, undefined, told);
  }

  destroyTopics(groupId: string, topicIds: readonly string[]): void {
    const group = this.#group(groupId);
    for (const topicId of topicIds) group.topics.delete(topicId);
    this.#emit('AfterTopicDestroyed', group, undefined, { TopicIdList: topicIds });
  }

  send(groupId: string, account: string, text: string): void {
    const group = this.#group(groupId);
    const time = this.#time();
    const told = {
      From_Account: account,
      Operator_Account: account,
      Random: this.#latest % 2 ** 32,
      OnlineOnlyFlag: 0,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
      MsgSeq: group.nextMsgSeq,
      MsgTime: seconds(time),
    };
    group.nextMsgSeq += 1;
    group.lastMsgTime = seconds(time);
    const member = group.members.get(account);
    if (member) member.lastSendMsgTime = seconds(time);
    this.#emit('AfterSendMsg', group, time, told);
  }

  #tellPresence(group: WorldGroup, accounts: string[], state: 'Online' | 'Offline', cause: 'Join' | 'Quit'): void {
    this.#options.emit({
      CallbackCommand: 'Group.CallbackOnMemberStateChange',
      GroupId: group.groupId,
      EventType: state,
      EventCause: cause,
      MemberList: accountList(accounts),
    });
  }

  /** @param time undefined if the vendor sends none */
  #emit(event: string, { groupId, type }: WorldGroup, time: number | undefined, fields: Record<string, unknown>): void {
    const command = `Group.Callback${event}`;
    const told = { ...fields, ...(time !== undefined && { EventTime: time }) };
    this.#options.emit({ CallbackCommand: command, GroupId: groupId, Type: type, ...told });
  }

  #add(account: string, { members }: WorldGroup, time: number): void {
    this.#places += 1;
    const member: Member = {
      ...{ account, place: this.#places, role: 'Member', nameCard: '' },
      ...{ joinTime: seconds(time), lastSendMsgTime: 0 },
    };
    members.set(account, member);
  }

  #time(): number {
    this.#latest = Math.max(this.#latest + 1, this.#options.now());
    return this.#latest;
  }

  #group(groupId: string): WorldGroup {
    const group = this.groups.get(groupId);
    if (!group) throw new Error(`Group "${groupId}" does not exist: create it first`);
    return group;
  }

  #member({ groupId, members }: WorldGroup, account: string): Writable<Member> {
    const member = members.get(account);
    if (!member) throw new Error(`"${account}" is not in group "${groupId}": let it join first`);
    return member;
  }
}

function accountList(accounts: readonly string[]) {
  return accounts.map((Member_Account) => ({ Member_Account }));
}

function customFieldList(fields: Record<string, string>) {
  return Object.entries(fields).map(([Key, Value]) => ({ Key, Value }));
}

function base36(number: number): string {
  return number.toString(36).toUpperCase().padStart(6, '0');
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
