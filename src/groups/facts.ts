/**
 * Orders what callbacks say of a group: milliseconds since 1970, then the beginning of the idempotency key as tie-breaker.
 * Sorts as text. Two different callbacks never share a stamp; a duplicate has the stamp of the first.
 */
export type Stamp = string;

/** Enough digits up to the end of the year 9999. */
const TIME_DIGITS = 15;
const KEY_BYTES = 8;

export function stampOf(happenedAt: Date, idempotencyKey: Uint8Array): Stamp {
  const key = Buffer.from(idempotencyKey.buffer, idempotencyKey.byteOffset, KEY_BYTES).toString('hex');
  return `${String(happenedAt.getTime()).padStart(TIME_DIGITS, '0')}-${key}`;
}

/** Milliseconds since 1970. */
export function timeOf(stamp: Stamp): number {
  return Number(stamp.slice(0, TIME_DIGITS));
}

/** Sorts before the stamp, and after every older one (unless the two differ in their last digit only). */
export function justBefore(stamp: Stamp): Stamp {
  return stamp.slice(0, -1);
}

export function newest(...stamps: (Stamp | undefined)[]): Stamp | undefined {
  let found: Stamp | undefined;
  for (const stamp of stamps) if (stamp !== undefined && (found === undefined || stamp > found)) found = stamp;
  return found;
}

/** What one callback says of a group. Each fact holds until a newer callback says otherwise (last writer wins). */
export interface Facts {
  created?: Creation;
  destroyed?: true;
  fields?: { [Name in FieldName]?: string | undefined };
  full?: true;
  /** Members left, so the group is no longer full. */
  membersLeft?: true;
  /** All attributes are removed, except those that the same callback sets. */
  attributesCleared?: true;
  parts?: readonly PartValue[];
}

export const FIELD_NAMES = ['type', 'name', 'ownerAccount', 'introduction', 'notification', 'faceUrl'] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

export interface Creation {
  type: string;
  name: string;
  ownerAccount: string | null;
  operatorAccount: string;
  introduction: string | null;
  notification: string | null;
  /** Accounts, each once. */
  members: readonly string[];
  customFields: readonly { key: string; value: string }[];
  clientIp: string | null;
  optPlatform: string | null;
}

/** A member, attribute or topic of a group, by its name: an account, a key, a topic's id. Null is a tombstone. */
export type PartValue =
  | { kind: 'member'; name: string; value: Membership | null }
  | { kind: 'role' | 'nameCard' | 'attribute' | 'topic' | 'topicName'; name: string; value: string | null };

/** How a member joined, and who added it. */
export interface Membership {
  how: string;
  by: string | null;
}

/** The facts of one callback, with the group that they change and their place in its order. */
export interface Change extends Facts {
  groupId: string;
  stamp: Stamp;
  /** Milliseconds since 1970. */
  receivedAt: number;
}
