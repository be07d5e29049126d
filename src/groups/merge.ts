import { justBefore, newest, type Stamp } from '../callback/stamp.ts';
import { type Change, FIELD_NAMES } from './facts.ts';
import {
  endOf,
  type GroupDocument,
  type GroupState,
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
 * Merges changes into a group. Last writer wins for each fact, by stamp: the result depends neither on the order nor on
 * repetition (a commutative, idempotent merge). Takes time in proportion to the group and the changes.
 *
 * @param state null for an unknown group. Must hold the parts that the changes touch (`touchedParts`), or all where
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
  const before = ownershipOf(document);
  for (const change of changes) take(change, working);
  const { parts, founders } = working;
  const { created } = document;
  if (created && !(created.members.length === founders.size && created.members.every((name) => founders.has(name)))) {
    document.created = { ...created, members: [...founders] };
  }
  const { account, stamp } = ownershipOf(document);
  const isSameOwner = account === before.account && stamp === before.stamp;
  const member = account === null ? undefined : parts.get(partKey({ kind: 'member', name: account }));
  if (!isSameOwner || member || changes.some(touchesAllParts)) {
    if (member && lastExitOf(member) > stamp) document.ownerLeft = true;
    else delete document.ownerLeft;
  }
  return { document, parts };
}

/** A creation or a destruction can end a group's previous life; its older parts are dropped then. */
export function touchesAllParts({ created, destroyed }: Change): boolean {
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

/** Keeps the newest fields, so that keys which are sent once each cannot fill the document. */
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
  if (!touchesAllParts(change)) return;
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
    working.founders = new Set(
      created.members.filter((name) => {
        const part = parts.get(partKey({ kind: 'member', name }));
        if (!part || created.untimed) return !part;
        if (part.stamp > stamp) return false;
        put(null, part, working);
        return true;
      }),
    );
    document.created = { ...created, members: [...working.founders], stamp, receivedAt };
  }
  const current = document.created;
  if (current && current.stamp <= end) working.founders.clear();
  else if (current?.untimed) {
    const isFounder = (name: string) => !parts.has(partKey({ kind: 'member', name }));
    working.founders = new Set(current.untimed.members.filter(isFounder));
  }
  // Exits of an earlier life are no longer told, in whatever order they arrived.
  for (const part of parts.values()) {
    if (part.kind === 'member' && part.value?.left !== undefined && part.value.left <= beginningOf(document)) {
      const { left: _, ...value } = part.value;
      parts.set(partKey(part), { ...part, value });
    }
  }
}

/** What is not newer was before the group's present life, or is part of its creation. */
function beginningOf(document: GroupDocument): Stamp {
  return newest(endOf(document), stampOfCreation(document.created)) ?? '';
}

function takePart(part: Part, working: Working): void {
  const { kind, name, stamp } = part;
  const { document, parts, founders } = working;
  if (stamp <= endOf(document)) return;
  const { created } = document;
  if (kind === 'member' && created && founders.has(name)) {
    // A creation without an event time is older than all else that is known of its members.
    if (created.untimed === undefined && stamp <= created.stamp) return;
    founders.delete(name);
  }
  const known = parts.get(partKey(part));
  if (part.kind === 'member' && known?.kind === 'member') takeMembership(part, known, working);
  else if (!known || stamp > known.stamp) put(part, known, working);
}

/** The newest membership wins. It carries the account's last exit, which tells whether an owner has left since. */
function takeMembership(part: MemberPart, known: MemberPart, working: Working): void {
  const winner = part.stamp > known.stamp ? part : known;
  if (winner.value === null) {
    if (winner !== known) put(winner, known, working);
    return;
  }
  const left = newest(lastExitOf(part), lastExitOf(known)) ?? '';
  if (winner === known && left === lastExitOf(known)) return;
  const isTold = left > beginningOf(working.document);
  put({ ...winner, value: { ...winner.value, ...(isTold && { left }) } }, known, working);
}

type MemberPart = Extract<Part, { kind: 'member' }>;

/** '' where none is known. */
function lastExitOf(part: Part): Stamp {
  if (part.kind !== 'member') return '';
  return part.value === null ? part.stamp : (part.value.left ?? '');
}

function put(part: Part | null, known: Part | undefined, { document, parts }: Working): void {
  const isMember = (one: Part | null | undefined) => Number(one?.kind === 'member' && one.value !== null);
  document.joined += isMember(part) - isMember(known);
  if (part) parts.set(partKey(part), part);
  else if (known) parts.delete(partKey(known));
}
