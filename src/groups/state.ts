import { type Creation, type FieldName, newest, type PartValue, type Stamp, stampOf, timeOf } from './facts.ts';

/** A group as its callbacks left it, in whatever order they arrived. */
export interface GroupState {
  document: GroupDocument;
  /** By `partKey`: all parts, or those that a merge needs. */
  parts: ReadonlyMap<string, Part>;
}

export type Part = PartValue & { stamp: Stamp };

/** For each fact the newest callback that stated it, with its stamp. */
export interface GroupDocument {
  groupId: string;
  /** The earliest stamp and the earliest arrival of all callbacks of the group; they may be of different callbacks. */
  first: { stamp: Stamp; receivedAt: number };
  /**
   * The newest creation. Its `members` are those of whom no part says otherwise; a creation whose group has ended has
   * none.
   */
  created?: Creation & { stamp: Stamp; receivedAt: number };
  destroyed?: Stamp;
  /** There were two creations: the group of the first ended here, just before the newest. */
  restarted?: Stamp;
  fields: { [Name in FieldName]?: { stamp: Stamp; value: string } };
  full?: Stamp;
  membersLeft?: Stamp;
  attributesCleared?: Stamp;
  /** Number of members whose presence is a part. */
  joined: number;
}

export function partKey({ kind, name }: Pick<PartValue, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** The end of the group's previous life; facts that are not newer belong to that life. '' where there was none. */
export function endOf({ destroyed, restarted }: GroupDocument): Stamp {
  return newest(destroyed, restarted) ?? '';
}

export function memberCountOf({ created, joined }: GroupDocument): number {
  return (created?.members.length ?? 0) + joined;
}

/** A destroyed group exists again only by a newer creation or a newer member. */
export function isDestroyed(document: GroupDocument): boolean {
  const { created, destroyed } = document;
  if (destroyed === undefined) return false;
  return !(created && created.stamp > destroyed) && memberCountOf(document) === 0;
}

/** The facts by which a group is searched, sorted and listed. Times in milliseconds since 1970. */
export function headOf(document: GroupDocument) {
  const { created, destroyed, restarted = '', first } = document;
  const isOver = isDestroyed(document);
  // A destroyed group is shown as it was before its end.
  const since = isOver ? restarted : endOf(document);
  const creation = created && created.stamp > since ? created : null;
  const fieldOf = (name: FieldName): string | null => {
    const field = document.fields[name];
    return field && field.stamp > since && field.stamp > (creation?.stamp ?? '') ? field.value : null;
  };
  return {
    since,
    creation,
    type: creation?.type ?? fieldOf('type') ?? '',
    name: fieldOf('name') ?? creation?.name ?? '',
    ownerAccount: fieldOf('ownerAccount') ?? creation?.ownerAccount ?? null,
    introduction: fieldOf('introduction') ?? creation?.introduction ?? null,
    notification: fieldOf('notification') ?? creation?.notification ?? null,
    faceUrl: fieldOf('faceUrl'),
    createdAt: creation ? timeOf(creation.stamp) : Math.max(timeOf(first.stamp), isOver ? 0 : timeOf(since)),
    destroyedAt: isOver && destroyed ? timeOf(destroyed) : null,
  };
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

/** Equal documents give equal text, in whatever order their facts arrived. */
export function writeDocument(document: GroupDocument): string {
  const { groupId, first, created, destroyed, restarted, fields, full, membersLeft, attributesCleared, joined } =
    document;
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
    joined,
  });
}

function fromFirstVersion({ groupId, createdAt, receivedAt: arrival, ...group }: FirstVersionDocument): GroupDocument {
  const receivedAt = Date.parse(arrival);
  // The creation's idempotency key was not stored then; zeros lose every tie.
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
