import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { factsOf } from '../../generated/commands.ts';
import { eventTimeOf, toCallback } from '../../src/callback/callback.ts';
import type { Change } from '../../src/groups/facts.ts';
import { changeOf } from '../../src/groups/meanings.ts';
import { changeOfSnapshot, type GroupSnapshot, type SnapshotMember } from '../../src/groups/snapshot.ts';
import { APP, type Payload } from './vendor.ts';

/** A callback of a history: its content and its arrival. */
export interface Event {
  payload: Payload;
  /** Milliseconds since 1970; the same for duplicates. */
  receivedAt: number;
  /** Represents the UUID of its arrival; the same for duplicates. */
  place: number;
}

const NOON = 1_700_000_000_000;
const account = fc.constantFrom('ann', 'bob', 'cid', '#dot\0');
const accounts = fc.array(account, { maxLength: 3 }).map((list) => list.map((Member_Account) => ({ Member_Account })));
const text = fc.constantFrom('', 'Tea', 'Walks');
const key = fc.constantFrom('k1', 'k2');
const customFields = fc.array(fc.record({ Key: key, Value: text }), { maxLength: 2 });
const topic = fc.constantFrom('t1', 't2');
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const said = (command: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ CallbackCommand: fc.constant(`Group.Callback${command}`), ...fields });

/** Any callback that changes a group, without its group and time. */
const payloads = fc.oneof(
  {
    weight: 4,
    arbitrary: said('AfterCreateGroup', {
      Type: fc.constantFrom('Public', 'Work'),
      Name: text,
      Operator_Account: account,
      Owner_Account: maybe(account),
      Introduction: maybe(text),
      MemberList: maybe(accounts),
      UserDefinedDataList: maybe(customFields),
    }),
  },
  {
    weight: 4,
    arbitrary: said('AfterNewMemberJoin', {
      Type: maybe(fc.constant('Private')),
      JoinType: maybe(fc.constantFrom('Apply', 'Invited')),
      Operator_Account: maybe(account),
      NewMemberList: maybe(accounts),
    }),
  },
  { weight: 4, arbitrary: said('AfterMemberExit', { ExitMemberList: maybe(accounts) }) },
  {
    weight: 3,
    arbitrary: said('AfterGroupDestroyed', {
      Name: maybe(text),
      Owner_Account: maybe(account),
      MemberList: maybe(accounts),
    }),
  },
  {
    weight: 2,
    arbitrary: said('AfterGroupInfoChanged', {
      Name: maybe(text),
      Introduction: maybe(text),
      Notification: maybe(text),
      FaceUrl: maybe(text),
      UserDefinedDataList: maybe(customFields),
    }),
  },
  { weight: 1, arbitrary: said('AfterGroupFull', {}) },
  {
    weight: 3,
    arbitrary: said('AfterChangeGroupOwner', { NewOwner_Account: account, OldOwner_Account: maybe(account) }),
  },
  {
    weight: 2,
    arbitrary: said('AfterMemberFieldChanged', {
      Member_Account: maybe(account),
      Modified_Account: account,
      Role: maybe(fc.constantFrom('Admin', 'Member')),
      NameCard: maybe(text),
    }),
  },
  {
    weight: 3,
    arbitrary: said('AfterGroupAttrChanged', {
      OptionType: fc.constantFrom('set', 'modify', 'delete', 'clear', 'else'),
      GroupAttr: maybe(fc.array(fc.record({ key, value: text }), { maxLength: 2 })),
    }),
  },
  { weight: 1, arbitrary: said('AfterCreateTopic', { TopicId: topic, Name: maybe(text) }) },
  { weight: 1, arbitrary: said('AfterTopicDestroyed', { TopicIdList: fc.array(topic, { maxLength: 2 }) }) },
  { weight: 1, arbitrary: said('AfterTopicInfoChanged', { TopicId: maybe(topic), Name: maybe(text) }) },
);

const snapshotMembers = fc.uniqueArray(
  fc.record({
    account,
    role: fc.constantFrom(null, 'Admin'),
    nameCard: fc.option(text),
    joinedAt: fc.constantFrom(null, NOON - 500),
  }),
  { maxLength: 3, selector: (member) => member.account },
);

/** Any snapshot of a group, without the group and its time. */
const snapshots = said('Snapshot', {
  group: fc.option(
    fc.record({
      type: fc.constantFrom('Public', 'AVChatRoom'),
      name: fc.option(text),
      ownerAccount: fc.option(fc.constantFrom('', 'ann', 'bob')),
      introduction: fc.option(text),
      notification: fc.option(text),
      faceUrl: fc.option(text),
      createdAt: fc.constantFrom(null, NOON - 1000),
      full: fc.constantFrom(null, true, false),
      customFields: fc.option(fc.array(fc.record({ key, value: text }), { maxLength: 2 })),
    }),
    { freq: 5 },
  ),
  members: fc.option(snapshotMembers, { freq: 3 }),
  present: snapshotMembers,
  absent: fc.uniqueArray(account, { maxLength: 2 }),
  isLast: fc.boolean(),
});

/** Histories of one group with snapshots among its callbacks. */
export function historiesWithSnapshots(length: number): fc.Arbitrary<Event[]> {
  return histories(
    { groups: 1, length },
    fc.oneof({ weight: 3, arbitrary: payloads }, { weight: 1, arbitrary: snapshots }),
  );
}

/** Histories of a few groups within a few milliseconds, so that event times tie; some callbacks have no event time. */
export function histories(
  { groups, length }: { groups: number; length: number },
  said: fc.Arbitrary<unknown> = payloads,
): fc.Arbitrary<Event[]> {
  const event = fc.tuple(said, fc.nat(groups - 1), maybe(fc.nat(5)), fc.nat(7));
  return fc.array(event, { minLength: 1, maxLength: length }).map((events) =>
    events.map(([payload, group, eventTime, arrival], place) => {
      const told = {
        ...(payload as object),
        // Makes every callback unique.
        Place: place,
        GroupId: `g${group}`,
        EventTime: eventTime === undefined ? undefined : NOON + eventTime,
      };
      return { payload: JSON.parse(JSON.stringify(told)), receivedAt: NOON + arrival, place };
    }),
  );
}

/** Each history with a variant of it: reordered, and with duplicates. */
export function shuffled(history: fc.Arbitrary<Event[]>): fc.Arbitrary<[Event[], Event[]]> {
  const places = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });
  return fc.tuple(history, places, fc.array(fc.nat(), { maxLength: 4 })).map(([events, places, again]) => {
    const all = [...events, ...again.map((which) => events[which % events.length] as Event)];
    const placed = all.map((event, index) => ({ event, place: places[index % places.length] as number }));
    return [events, placed.sort((one, other) => one.place - other.place).map(({ event }) => event)];
  });
}

/** The idempotency key: the body if it has an event time, otherwise the arrival. */
export function onceKeyOfEvent({ payload, place }: Event): Buffer {
  const told = payload.EventTime === undefined ? `arrival ${place}` : JSON.stringify(payload);
  return createHash('sha256').update(told).digest();
}

export function changeOfEvent(event: Event): Change | null {
  if (event.payload.CallbackCommand === SNAPSHOT_EVENT) return changeOfSnapshot(snapshotOf(event), timesOf(event));
  const payload = event.payload as unknown as Parameters<typeof toCallback>[0];
  const eventTime = eventTimeOf(payload, factsOf(payload.CallbackCommand));
  const receivedAt = new Date(event.receivedAt);
  const callback = toCallback(payload, { query: {}, sdkAppId: Number(APP), receivedAt, eventTime });
  return changeOf(callback, onceKeyOfEvent(event));
}

const SNAPSHOT_EVENT = 'Group.CallbackSnapshot';

/** Null for a callback. */
export function snapshotIn(event: Event): GroupSnapshot | null {
  return event.payload.CallbackCommand === SNAPSHOT_EVENT ? snapshotOf(event) : null;
}

/** Without `members`, it lists only some of them. */
function snapshotOf({ payload, receivedAt }: Event): GroupSnapshot {
  const {
    GroupId: groupId,
    EventTime: time,
    group,
    members,
    present,
    absent,
    isLast,
  } = payload as unknown as {
    GroupId: string;
    EventTime?: number;
    present: SnapshotMember[];
    absent: string[];
    isLast: boolean;
  } & Pick<GroupSnapshot, 'group' | 'members'>;
  const some = { present, absent: absent.filter((name) => !present.some((one) => one.account === name)), isLast };
  const told = group === null ? { members: null } : { members, ...(!members && { changed: some }) };
  return { groupId, takenAt: time ?? receivedAt, group, ...told };
}

function timesOf(event: Event) {
  return { idempotencyKey: onceKeyOfEvent(event), receivedAt: new Date(event.receivedAt) };
}
