import { justBefore, newest, type Stamp } from '../callback/stamp.ts';
import { type Change, FIELD_NAMES, type Membership, partsOfMembers } from './facts.ts';
import {
  endOf,
  type GroupDocument,
  type GroupState,
  listingOf,
  MOST_CUSTOM_FIELDS,
  ownershipOf,
  type Part,
  partKey,
  stampOfCreation,
} from './state.ts';

/** A group while changes are merged into it. */
interface Working {
  document: GroupDocument;
  parts: Map<string, Part>;
  /** The members of `document.created`, for constant-time removal; written back at the end. */
  founders: Set<string>;
}

/**
 * Merges changes into a group. Last-writer-wins for each fact, by stamp: the result depends neither on order nor on
 * repetition (a commutative, idempotent merge). Takes time proportional to the group and the changes.
 *
 * @param state null for an unknown group. Must hold the parts that the changes touch (`touchedParts`), or all if
 *   `touchesAllParts`.
 */
export function merge(state: GroupState, changes: readonly Change[]): GroupState;
export function merge(state: GroupState | null, changes: readonly [Change, ...Change[]]): GroupState;
export function merge(state: GroupState | null, changes: readonly Change[]): GroupState {
  const [first] = changes;
  const document: GroupDocument = state
    ? { ...state.document, fields: { ...state.document.fields } }
    : {
        groupId: (first as Change).groupId,
        first: { stamp: (first as Change).stamp, receivedAt: (first as Change).receivedAt },
        fields: {},
        joined: 0,
      };
  const working = { document, parts: new Map(state?.parts), founders: new Set(document.created?.members) };
  const before = ownershipOf(document, false);
  for (const change of changes) take(change, working);
  const { parts, founders } = working;
  const { created } = document;
  if (created && !(created.members.length === founders.size && created.members.every((name) => founders.has(name)))) {
    document.created = { ...created, members: [...founders] };
  }
  const { account, stamp } = ownershipOf(document, false);
  const isSameOwner = account === before.account && stamp === before.stamp;
  const member = account === null ? undefined : parts.get(partKey({ kind: 'member', name: account }));
  if (!isSameOwner || member || changes.some(touchesAllParts)) {
    // An account that the newest snapshot lacks was not a member then.
    const left = member ? lastExitOf(member) : listingOf(document);
    if (account !== null && left > stamp) document.ownerLeft = true;
    else delete document.ownerLeft;
  }
  return { document, parts };
}

/**
 * A creation or a destruction can end a group's previous life; its older parts are dropped then. A snapshot with
 * members states the membership of every account.
 */
export function touchesAllParts(change: Change): boolean {
  return canEndLife(change) || Boolean(change.found?.members);
}

function canEndLife({ created, destroyed }: Change): boolean {
  return created !== undefined || destroyed === true;
}

/** The parts that must be known to merge a change: those that it states, and the membership of a new owner. */
export function touchedParts({ parts = [], fields }: Change): readonly Pick<Part, 'kind' | 'name'>[] {
  const owner = fields?.ownerAccount;
  return owner === undefined ? parts : [...parts, { kind: 'member', name: owner }];
}

function take(change: Change, working: Working): void {
  const { document } = working;
  const { stamp, receivedAt, customFields } = change;
  const { first } = document;
  document.first = { ...first, receivedAt: Math.min(first.receivedAt, receivedAt) };
  if (stamp < first.stamp) document.first.stamp = stamp;
  takeLives(change, working);
  takeSnapshot(change, working);
  for (const name of FIELD_NAMES) {
    const value = change.fields?.[name];
    if (value !== undefined && stamp > (document.fields[name]?.stamp ?? '')) document.fields[name] = { stamp, value };
  }
  for (const name of ['full', 'membersLeft', 'attributesCleared'] as const) {
    if (change[name] && stamp > (document[name] ?? '')) document[name] = stamp;
  }
  if (customFields) document.customFields = takeCustomFields(document.customFields ?? {}, customFields, stamp);
  for (const part of change.parts ?? []) takePart({ ...part, stamp }, working);
}

type CustomFields = NonNullable<GroupDocument['customFields']>;

/** Keeps the newest fields, so that an endless series of different keys cannot fill the document. */
function takeCustomFields(
  known: CustomFields,
  stated: NonNullable<Change['customFields']>,
  stamp: Stamp,
): CustomFields {
  const fields = new Map(Object.entries(known));
  for (const { key, value } of stated) {
    if (stamp >= (fields.get(key)?.stamp ?? '')) fields.set(key, { stamp, value });
  }
  if (fields.size <= MOST_CUSTOM_FIELDS) return Object.fromEntries(fields);
  const newestFirst = [...fields].sort(([one, { stamp: a }], [other, { stamp: b }]) =>
    a === b ? (one < other ? -1 : 1) : a > b ? -1 : 1,
  );
  return Object.fromEntries(newestFirst.slice(0, MOST_CUSTOM_FIELDS));
}

/** Creations and destructions: a group's id can have several lives, each with a beginning and an end. */
function takeLives(change: Change, working: Working): void {
  if (!canEndLife(change)) return;
  const { document, parts } = working;
  const { stamp, created, destroyed, receivedAt } = change;
  const before = endOf(document);
  const earlier = document.created;
  const isSame = created?.untimed !== undefined && created.untimed.digest === earlier?.untimed?.digest;
  if (destroyed) document.destroyed = newest(document.destroyed, stamp) as string;
  if (created && earlier && !isSame && earlier.stamp !== stamp) {
    document.restarted = newest(document.restarted, justBefore(newest(earlier.stamp, stamp) as string)) as string;
  }
  const end = endOf(document);
  if (end > before) {
    for (const part of parts.values()) if (part.stamp <= end) put(null, part, working);
  }
  if (isSame && earlier) {
    // The same creation without an event time, sent twice: it happened no later than its first arrival.
    if (stamp < earlier.stamp) document.created = { ...earlier, stamp, receivedAt };
  } else if (created && (!earlier || stamp > earlier.stamp)) {
    document.created = { ...created, members: [], stamp, receivedAt };
    working.founders = new Set(
      created.members.filter((name) => {
        const part = parts.get(partKey({ kind: 'member', name }));
        if (!part || created.untimed) return !part;
        if (part.stamp > stamp) {
          if (isPresent(part)) takeJoin(part, founded(created), stamp, working);
          return false;
        }
        put(null, part, working);
        return true;
      }),
    );
    document.created.members = [...working.founders];
  }
  const current = document.created;
  if (current && (current.stamp <= end || isListedAfter(current, document))) working.founders.clear();
  else if (current?.untimed) {
    const isFounder = (name: string) => !parts.has(partKey({ kind: 'member', name }));
    working.founders = new Set(current.untimed.members.filter(isFounder));
  }
  // Drops what precedes the present life, so that the result does not depend on the order of arrival.
  for (const part of parts.values()) if (isPresent(part)) put(toldOf(part, document), part, working);
}

type CurrentCreation = NonNullable<GroupDocument['created']>;

/** Whether a complete snapshot is newer than the creation: then it alone tells which of its members stayed. */
function isListedAfter(created: CurrentCreation, document: GroupDocument): boolean {
  return listingOf(document) > stampOfCreation(created);
}

function founded({ operatorAccount }: Pick<CurrentCreation, 'operatorAccount'>): Membership {
  return { how: 'Created', by: operatorAccount };
}

/** A snapshot that found the group. With all members, it states that every other account was not a member. */
function takeSnapshot({ found, stamp }: Change, working: Working): void {
  if (!found) return;
  const { document, parts } = working;
  if (stamp > (document.found?.stamp ?? '')) document.found = { stamp, createdAt: found.createdAt };
  if (found.isWhole) document.whole = newest(document.whole, stamp) as string;
  if (!found.members) return;
  const isNewest = stamp > listingOf(document);
  if (stamp > endOf(document)) {
    const members = new Set(found.members.map(({ account }) => account));
    for (const part of parts.values()) {
      if (part.kind === 'member' ? members.has(part.name) : !PARTS_OF_MEMBERS.includes(part.kind)) continue;
      if (part.stamp < stamp) put(null, part, working);
      else if (isPresent(part) && part.stamp > stamp) takeExit(part, stamp, working);
    }
    if (isNewest) {
      for (const part of partsOfMembers(found.members)) takePart({ ...part, stamp }, working);
      if (document.created && stamp > stampOfCreation(document.created)) working.founders.clear();
    }
  }
  document.listed = newest(document.listed, stamp) as string;
}

const PARTS_OF_MEMBERS: readonly Part['kind'][] = ['role', 'nameCard'];

/** How a member of a snapshot joined, as far as it was known before the snapshot. */
function membershipBefore({ name }: MemberPart, { document, parts, founders }: Working): Membership {
  const known = parts.get(partKey({ kind: 'member', name }));
  if (known && isPresent(known)) {
    const { value, stamp: joined } = known;
    return value.listed ? value : { ...value, listed: { joinedAt: null, joined } };
  }
  const { created } = document;
  if (created && created.untimed === undefined && founders.has(name)) {
    return { ...founded(created), listed: { joinedAt: null, joined: created.stamp } };
  }
  return { how: 'Unknown', by: null };
}

/** Facts that are not newer precede the group's present life, or belong to its creation. */
function beginningOf(document: GroupDocument): Stamp {
  return newest(endOf(document), stampOfCreation(document.created)) ?? '';
}

function takePart(part: Part, working: Working): void {
  const { kind, name, stamp } = part;
  const { document, parts, founders } = working;
  if (stamp <= endOf(document)) return;
  const known = parts.get(partKey(part));
  if (stamp < listingOf(document)) {
    // The snapshot supersedes it, unless it tells how one of the snapshot's members joined.
    if (kind === 'role' || kind === 'nameCard' || (kind === 'member' && !known)) return;
  }
  const { created } = document;
  // A creation without an event time is older than anything else known of its members.
  const isOlder = created?.untimed === undefined && stamp <= (created?.stamp ?? '');
  if (kind === 'member' && isOlder && founders.has(name)) return;
  if (part.kind === 'member') takeMembership(part, known as MemberPart | undefined, working);
  else if (!known || stamp > known.stamp) put(part, known, working);
}

/** The newest membership wins. It carries the account's last exit, which tells whether an owner has left since. */
function takeMembership(part: MemberPart, known: MemberPart | undefined, working: Working): void {
  if (!known || part.stamp > known.stamp) {
    put(isPresent(part) ? withPast(part, known, working) : part, known, working);
    working.founders.delete(part.name);
  } else if (isPresent(known) && part.stamp < known.stamp) {
    if (!isPresent(part)) takeExit(known, part.stamp, working);
    else if (!part.value.listed) takeJoin(known, part.value, part.stamp, working);
  }
}

/** A new membership, with the last exit before it and, for a member of a snapshot, how it joined. */
function withPast(part: PresentPart, known: MemberPart | undefined, working: Working): PresentPart {
  const left = (known ? lastExitOf(known) : listingOf(working.document)) || undefined;
  const { listed } = part.value;
  const { how, by, ...before } = listed ? membershipBefore(part, working) : part.value;
  const value = {
    ...{ how, by },
    ...(left !== undefined && { left }),
    ...(listed && { listed: { ...before.listed, ...listed } }),
  };
  return toldOf({ ...part, value }, working.document);
}

/** An older exit of a member. */
function takeExit(part: PresentPart, stamp: Stamp, working: Working): void {
  if (stamp <= lastExitOf(part)) return;
  const { how, by, listed } = part.value;
  const value = { how, by, left: stamp, ...(listed && { listed }) };
  put(toldOf({ ...part, value }, working.document), part, working);
}

/** An older callback tells how a member of a snapshot joined. */
function takeJoin(part: PresentPart, { how, by }: Membership, joined: Stamp, working: Working): void {
  const { left, listed } = part.value;
  if (!listed || joined <= (listed.joined ?? '')) return;
  const value = { how, by, ...(left !== undefined && { left }), listed: { ...listed, joined } };
  put(toldOf({ ...part, value }, working.document), part, working);
}

/** The member without facts from before the group's present life, and without a join before its last exit. */
function toldOf(part: PresentPart, document: GroupDocument): PresentPart {
  const { left, listed } = part.value;
  const joined = listed?.joined;
  const beginning = beginningOf(document);
  const tellsExit = left === undefined || left > beginning;
  const isFounder = joined === stampOfCreation(document.created) && joined > endOf(document);
  const tellsJoin = joined === undefined || ((joined > beginning || isFounder) && joined > (left ?? ''));
  if (tellsExit && tellsJoin) return part;
  const { how, by } = tellsJoin ? part.value : { how: 'Unknown', by: null };
  return {
    ...part,
    value: {
      ...{ how, by },
      ...(tellsExit && left !== undefined && { left }),
      ...(listed && { listed: tellsJoin ? listed : { joinedAt: listed.joinedAt } }),
    },
  };
}

type MemberPart = Extract<Part, { kind: 'member' }>;
type PresentPart = MemberPart & { value: Membership };

function isPresent(part: Part): part is PresentPart {
  return part.kind === 'member' && part.value !== null;
}

/** '' if none is known. */
function lastExitOf(part: Part): Stamp {
  if (part.kind !== 'member') return '';
  return part.value === null ? part.stamp : (part.value.left ?? '');
}

function put(part: Part | null, known: Part | undefined, { document, parts }: Working): void {
  const countOf = (one: Part | null | undefined) => Number(one != null && isPresent(one));
  document.joined += countOf(part) - countOf(known);
  if (part) parts.set(partKey(part), part);
  else if (known) parts.delete(partKey(known));
}
