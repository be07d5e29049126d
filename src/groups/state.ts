import type { Creation, FieldName, PartValue } from './meanings.ts';
import { newest, type Stamp } from './stamp.ts';

/** A group as its callbacks left it, whatever their order. */
export interface GroupState {
  document: GroupDocument;
  /** By `partKey`. All of them, or those that matter to who asked. */
  parts: ReadonlyMap<string, Part>;
}

export type Part = PartValue & { stamp: Stamp };

/** Of each fact the newest callback that gave it, with its stamp. */
export interface GroupDocument {
  groupId: string;
  /** Of all callbacks that told of the group the earliest stamp, and the earliest arrival, maybe of another one. */
  first: { stamp: Stamp; receivedAt: number };
  /**
   * The newest creation. Its `members` are those whose presence no part tells better: a creation that is long over
   * has none.
   */
  created?: Creation & { stamp: Stamp; receivedAt: number };
  destroyed?: Stamp;
  /** There were two creations: the group of the first one ended before the newest. */
  restarted?: Stamp;
  fields: { [Name in FieldName]?: { stamp: Stamp; value: string } };
  full?: Stamp;
  membersLeft?: Stamp;
  attributesCleared?: Stamp;
  /** How many members are there by a part. */
  joined: number;
}

export function partKey({ kind, name }: Pick<PartValue, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** What is not newer belongs to a group of the same id that is over. */
export function endOf({ destroyed, restarted }: GroupDocument): Stamp {
  return newest(destroyed, restarted) ?? '';
}

export function memberCountOf({ created, joined }: GroupDocument): number {
  return (created?.members.length ?? 0) + joined;
}

/** After a group was destroyed, only a creation or a member says that there is one of its id again. */
export function isDestroyed(document: GroupDocument): boolean {
  const { created, destroyed } = document;
  if (destroyed === undefined) return false;
  return !(created && created.stamp > destroyed) && memberCountOf(document) === 0;
}
