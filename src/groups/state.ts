import { newest, type Stamp, stampOf, timeOf } from '../callback/stamp.ts';
import type { Creation, FieldName, PartValue } from './facts.ts';

/** A group as its callbacks left it, whatever the order of their arrival. */
export interface GroupState {
  document: GroupDocument;
  /** By `partKey`: all parts, or those that a merge needs. */
  parts: ReadonlyMap<string, Part>;
}

export type Part = PartValue & { stamp: Stamp };

/** For each fact, the newest callback that stated it, with its stamp. */
export interface GroupDocument {
  groupId: string;
  /** The earliest stamp and the earliest arrival of all callbacks of the group, perhaps of different callbacks. */
  first: { stamp: Stamp; receivedAt: number };
  /** The newest creation. Its `members` are those without a part that says otherwise; none once the group has ended. */
  created?: Creation & { stamp: Stamp; receivedAt: number };
  destroyed?: Stamp;
  /** Set after two creations: the group of the first one ended here, just before the newest. */
  restarted?: Stamp;
  fields: { [Name in FieldName]?: { stamp: Stamp; value: string } };
  full?: Stamp;
  membersLeft?: Stamp;
  attributesCleared?: Stamp;
  /** The newest snapshot that found the group; `createdAt` in milliseconds since 1970. */
  found?: { stamp: Stamp; createdAt: number | null };
  /** The newest snapshot with all members: an account that is missing in it was not a member then. */
  listed?: Stamp;
  /** The newest snapshot with which all members were known. */
  whole?: Stamp;
  /** Custom fields stated after the creation, by key. */
  customFields?: { [key: string]: { stamp: Stamp; value: string } };
  /** The owner left the group after becoming its owner. */
  ownerLeft?: true;
  /** Number of members whose presence is stored as a part. */
  joined: number;
}

/** The vendor allows 10 custom fields; beyond this bound the oldest are dropped. */
export const MOST_CUSTOM_FIELDS = 100;

export function partKey({ kind, name }: Pick<PartValue, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** The end of the group's previous life; facts that are not newer belong to that life. '' if there was none. */
export function endOf({ destroyed, restarted }: GroupDocument): Stamp {
  return newest(destroyed, restarted) ?? '';
}

export function memberCountOf({ created, joined }: GroupDocument): number {
  return (created?.members.length ?? 0) + joined;
}

/** A destroyed group exists again only by a newer creation, a newer member or a newer snapshot that found it. */
export function isDestroyed(document: GroupDocument): boolean {
  const { created, destroyed, found } = document;
  if (destroyed === undefined) return false;
  const isNewer = (fact: { stamp: Stamp } | undefined) => fact !== undefined && fact.stamp > destroyed;
  return !isNewer(created) && !isNewer(found) && memberCountOf(document) === 0;
}

/** The newest snapshot with all members in the group's present life; '' if there is none. */
export function listingOf(document: GroupDocument): Stamp {
  const { listed = '' } = document;
  return listed > endOf(document) ? listed : '';
}

/** The life of the group that is shown: facts not newer than `since` belong to an earlier one. */
function lifeOf(document: GroupDocument, isOver = isDestroyed(document)) {
  const { created, destroyed, restarted = '' } = document;
  // A destroyed group is shown as it was before its end.
  const since = isOver ? restarted : endOf(document);
  const creation = created && created.stamp > since ? created : null;
  const fieldOf = (name: FieldName) => {
    const field = document.fields[name];
    return field && field.stamp > since && field.stamp > stampOfCreation(creation) ? field : null;
  };
  return { since, creation, fieldOf, destroyedAt: isOver && destroyed ? timeOf(destroyed) : null };
}

/** Facts that are not newer are part of the creation. A creation without an event time is older than all others. */
export function stampOfCreation(creation: GroupDocument['created'] | null): Stamp {
  return creation && creation.untimed === undefined ? creation.stamp : '';
}

/**
 * The last account that became the owner, and when; it may have left since.
 * @param isOver false: in the group's present life, even if nothing is left of it
 */
export function ownershipOf(document: GroupDocument, isOver?: false): { account: string | null; stamp: Stamp } {
  const { creation, fieldOf } = lifeOf(document, isOver);
  const field = fieldOf('ownerAccount');
  // A snapshot of a group without an owner has ''.
  if (field) return { account: field.value || null, stamp: field.stamp };
  return { account: creation?.ownerAccount ?? null, stamp: stampOfCreation(creation) };
}

/** The facts by which groups are searched, sorted and listed. Times in milliseconds since 1970. */
export function headOf(document: GroupDocument) {
  const { since, creation, fieldOf, destroyedAt } = lifeOf(document);
  const { first, whole = '' } = document;
  const found = document.found && document.found.stamp > since ? document.found : null;
  const type = creation?.type ?? fieldOf('type')?.value ?? '';
  return {
    since,
    creation,
    // The vendor keeps no members of an AVChatRoom.
    partial: creation === null && !(whole > since) && !(found && type === 'AVChatRoom'),
    type,
    name: fieldOf('name')?.value ?? creation?.name ?? '',
    ownerAccount: document.ownerLeft && destroyedAt === null ? null : ownershipOf(document).account,
    introduction: fieldOf('introduction')?.value ?? creation?.introduction ?? null,
    notification: fieldOf('notification')?.value ?? creation?.notification ?? null,
    faceUrl: fieldOf('faceUrl')?.value ?? null,
    customFields: customFieldsOf(document, since, creation),
    createdAt: creation
      ? timeOf(creation.stamp)
      : (found?.createdAt ?? Math.max(timeOf(first.stamp), destroyedAt === null ? timeOf(since) : 0)),
    destroyedAt,
  };
}

/** First the fields of the creation, in its order, then added ones, by key. */
function customFieldsOf({ customFields = {} }: GroupDocument, since: Stamp, creation: GroupDocument['created'] | null) {
  const changed = new Map(
    Object.entries(customFields)
      .filter(([, { stamp }]) => stamp > since && stamp > stampOfCreation(creation))
      .map(([key, { value }]) => [key, value]),
  );
  const fields = (creation?.customFields ?? []).map(({ key, value }) => {
    const newer = changed.get(key);
    changed.delete(key);
    return { key, value: newer ?? value };
  });
  return [...fields, ...[...changed].map(([key, value]) => ({ key, value }))];
}

/** The document of the first version of this program: the group as its creation described it. */
interface FirstVersionDocument extends Omit<Creation, 'members'> {
  groupId: string;
  members: string[];
  /** RFC 3339. */
  createdAt: string;
  receivedAt: string;
}

export function readDocument(text: string): GroupDocument {
  const document = JSON.parse(text) as GroupDocument | FirstVersionDocument;
  return 'createdAt' in document ? fromFirstVersion(document) : document;
}

/** Equal documents give equal text, whatever the order in which their facts arrived. */
export function writeDocument(document: GroupDocument): string {
  const { groupId, first, created, destroyed, restarted, fields, full, membersLeft, attributesCleared } = document;
  const { found, listed, whole, customFields, ownerLeft, joined } = document;
  const { type, name, ownerAccount, introduction, notification, faceUrl } = fields;
  return JSON.stringify({
    groupId,
    first,
    created,
    destroyed,
    restarted,
    fields: { type, name, ownerAccount, introduction, notification, faceUrl },
    full,
    membersLeft,
    attributesCleared,
    found,
    listed,
    whole,
    customFields:
      customFields && Object.fromEntries(Object.entries(customFields).sort(([one], [other]) => (one < other ? -1 : 1))),
    ownerLeft,
    joined,
  });
}

function fromFirstVersion({ groupId, createdAt, receivedAt: arrival, ...group }: FirstVersionDocument): GroupDocument {
  const receivedAt = Date.parse(arrival);
  // The first version did not store the creation's idempotency key; zeros lose every tie.
  const stamp = stampOf(new Date(createdAt), Buffer.alloc(8));
  const members = [...new Set(group.members)];
  return {
    groupId,
    first: { stamp, receivedAt },
    created: { ...group, members, stamp, receivedAt },
    fields: {},
    joined: 0,
  };
}
