import type { Stamp } from '../callback/stamp.ts';

/** What one callback, or one snapshot, says of a group. Each fact holds until a newer callback says otherwise (last writer wins). */
export interface Facts {
  created?: Creation;
  destroyed?: true;
  fields?: { [Name in FieldName]?: string | undefined };
  full?: true;
  /** Custom fields that changed; the others stay. */
  customFields?: readonly { key: string; value: string }[];
  /** Members left, so the group is no longer full. */
  membersLeft?: true;
  /** All attributes are removed, except those that the same callback sets. */
  attributesCleared?: true;
  /** A snapshot found the group. */
  found?: {
    createdAt: number | null;
    /** All members; null where it does not have them, or says of some in `parts`. */
    members: readonly SnapshotMember[] | null;
    /** With it, all members are known. */
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
  /** Only where the callback has no event time: a digest of it, by which a repeat is the same creation; its `members`. */
  untimed?: { digest: string; members: readonly string[] };
}

/** A member, attribute or topic of a group, by its name: an account, a key, a topic's id. Null is a tombstone. */
export type PartValue =
  | { kind: 'member'; name: string; value: Membership | null }
  | { kind: 'role' | 'nameCard' | 'attribute' | 'topic' | 'topicName'; name: string; value: string | null };

/** How a member joined, and who added it. */
export interface Membership {
  how: string;
  by: string | null;
  /** The last exit before, if any is known. */
  left?: Stamp;
  /** A snapshot has the member, and nothing newer is known of it. */
  listed?: Listed;
}

export interface Listed {
  /** When it joined by the snapshot, in milliseconds since 1970; null: the vendor did not say. */
  joinedAt: number | null;
  /** Of the last callback by which it joined, where no later exit is known; `how` and `by` are of that one. */
  joined?: Stamp;
}

/** A member as a snapshot has it. */
export interface SnapshotMember {
  account: string;
  /** Null of the owner and of an ordinary member. */
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

/** The facts of one callback or snapshot, with the group that they change and their place in its order. */
export interface Change extends Facts {
  groupId: string;
  stamp: Stamp;
  /** Milliseconds since 1970. */
  receivedAt: number;
}
