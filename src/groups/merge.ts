import { type Change, FIELD_NAMES, justBefore, newest } from './facts.ts';
import { endOf, type GroupDocument, type GroupState, type Part, partKey } from './state.ts';

/**
 * Merges changes into a group. Last writer wins for each fact, by stamp: the result depends neither on the order nor on
 * repetition (a commutative, idempotent merge).
 *
 * @param state null for an unknown group. Must hold the parts that the changes name, or all where `touchesAllParts`.
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
  const parts = new Map(state?.parts);
  for (const change of changes) take(change, document, parts);
  return { document, parts };
}

/** A creation or a destruction can end a group's previous life; its older parts are dropped then. */
export function touchesAllParts({ created, destroyed }: Change): boolean {
  return created !== undefined || destroyed === true;
}

function take(change: Change, document: GroupDocument, parts: Map<string, Part>): void {
  const { stamp, receivedAt } = change;
  const { first } = document;
  document.first = { ...first, receivedAt: Math.min(first.receivedAt, receivedAt) };
  if (stamp < first.stamp) document.first.stamp = stamp;
  takeLives(change, document, parts);
  for (const name of FIELD_NAMES) {
    const value = change.fields?.[name];
    if (value !== undefined && stamp > (document.fields[name]?.stamp ?? '')) document.fields[name] = { stamp, value };
  }
  for (const name of ['full', 'membersLeft', 'attributesCleared'] as const) {
    if (change[name] && stamp > (document[name] ?? '')) document[name] = stamp;
  }
  for (const part of change.parts ?? []) takePart({ ...part, stamp }, document, parts);
}

/** Creations and destructions: a group's id can have several lives, each with a beginning and an end. */
function takeLives(change: Change, document: GroupDocument, parts: Map<string, Part>): void {
  if (!touchesAllParts(change)) return;
  const { stamp, created, destroyed, receivedAt } = change;
  const before = endOf(document);
  const earlier = document.created;
  if (destroyed) document.destroyed = newest(document.destroyed, stamp) as string;
  if (created && earlier && earlier.stamp !== stamp) {
    document.restarted = newest(document.restarted, justBefore(newest(earlier.stamp, stamp) as string)) as string;
  }
  const end = endOf(document);
  if (end > before) {
    for (const part of parts.values()) if (part.stamp <= end) put(null, part, document, parts);
  }
  if (created && (!earlier || stamp > earlier.stamp)) {
    const members = created.members.filter((name) => {
      const part = parts.get(partKey({ kind: 'member', name }));
      if (part && part.stamp > stamp) return false;
      if (part) put(null, part, document, parts);
      return true;
    });
    document.created = { ...created, members, stamp, receivedAt };
  }
  if (document.created && document.created.stamp <= end) document.created = { ...document.created, members: [] };
}

function takePart(part: Part, document: GroupDocument, parts: Map<string, Part>): void {
  const { kind, name, stamp } = part;
  if (stamp <= endOf(document)) return;
  const { created } = document;
  if (kind === 'member' && created?.members.includes(name)) {
    if (stamp <= created.stamp) return;
    document.created = { ...created, members: created.members.filter((member) => member !== name) };
  }
  const known = parts.get(partKey(part));
  if (!known || stamp > known.stamp) put(part, known, document, parts);
}

function put(part: Part | null, known: Part | undefined, document: GroupDocument, parts: Map<string, Part>): void {
  const isMember = (one: Part | null | undefined) => Number(one?.kind === 'member' && one.value !== null);
  document.joined += isMember(part) - isMember(known);
  if (part) parts.set(partKey(part), part);
  else if (known) parts.delete(partKey(known));
}
