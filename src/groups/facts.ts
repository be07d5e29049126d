import type { Stamp } from '../callback/stamp.ts';

/**
 * What one callback or snapshot says of a group. Each fact holds until a newer callback says otherwise
 * (last-writer-wins).
 */
export interface Facts {
  created?: Creation;
  destroyed?: true;
  fields?: { [Name in FieldName]?: string | undefined };
  full?: true;
  /** Changed custom fields; the others stay. */
  customFields?: readonly { key: string; value: string }[];
  /** Members left, so the group is no longer full. */
  membersLeft?: true;
  /** All attributes are removed, except those that the same callback sets. */
  attributesCleared?: true;
  /** A snapshot found the group. */
  found?: {
    createdAt: number | null;
    /** All members; null if the snapshot lacks them, or states some of them in `parts`. */
    members: readonly SnapshotMember[] | null;
    /** With this snapshot, all members are known. */
    isWhole: boolean;
  };
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
  /** Only if the callback has no event time: a digest that identifies a repeated creation, and its `members`. */
  untimed?: { digest: string; members: readonly string[] };
}

/** A member, attribute or topic of a group, by its name: an account, a key, or a topic's id. Null is a tombstone. */
export type PartValue =
  | { kind: 'member'; name: string; value: Membership | null }
  | { kind: 'role' | 'nameCard' | 'attribute' | 'topic' | 'topicName'; name: string; value: string | null };

/** How a member joined, and who added it. */
export interface Membership {
  how: string;
  by: string | null;
  /** The last known exit before this membership. */
  left?: Stamp;
  /** Set if a snapshot lists the member and nothing newer is known of it. */
  listed?: Listed;
}

export interface Listed {
  /** When it joined according to the snapshot, in milliseconds since 1970; null if the vendor did not say. */
  joinedAt: number | null;
  /**
   * Stamp of the last callback by which it joined, unless a later exit is known; `how` and `by` come from that
   * callback.
   */
  joined?: Stamp;
}

/** A member as a snapshot lists it. */
export interface SnapshotMember {
  account: string;
  /** Null for the owner and for ordinary members. */
  role: string | null;
  nameCard: string | null;
  joinedAt: number | null;
}

export function partsOfMembers(members: readonly SnapshotMember[]): PartValue[] {
  return members.flatMap(({ account: name, role, nameCard, joinedAt }) => [
    { kind: 'member', name, value: { how: 'Unknown', by: null, listed: { joinedAt } } },
    ...(role ? [{ kind: 'role', name, value: role } as const] : []),
    ...(nameCard ? [{ kind: 'nameCard', name, value: nameCard } as const] : []),
  ]);
}

/** The facts of one callback or snapshot, with their group and their place in its order. */
export interface Change extends Facts {
  groupId: string;
  stamp: Stamp;
  /** Milliseconds since 1970. */
  receivedAt: number;
}
