import { stampOf } from '../callback/stamp.ts';
import { type Change, partsOfMembers, type SnapshotMember } from './facts.ts';

export type { SnapshotMember };

/**
 * A group as the vendor's REST API returned it at one time. Snapshots are stored beside the callbacks, as records of
 * this command, which no callback of the vendor has.
 */
export const SNAPSHOT = 'Backfill.GroupSnapshot';

/** Unknown values are null. All times in milliseconds since 1970. */
export interface GroupSnapshot {
  groupId: string;
  /** When its first request was sent, or earlier, by the vendor's clock. */
  takenAt: number;
  /** Null: the vendor has no such group. */
  group: SnapshotGroup | null;
  /** All members; null if they were not requested, or the vendor keeps none (AVChatRoom). */
  members: readonly SnapshotMember[] | null;
  /**
   * Replaces `members` if there are very many, in several snapshots of the same time: members that the mirror lacked or
   * had differently, and members that it had although they were none. Others stay as they are.
   */
  changed?: { present: readonly SnapshotMember[]; absent: readonly string[]; isLast: boolean };
}

/** Texts are '' if the group has none. */
export interface SnapshotGroup {
  /** By its present name, such as `Work` or `Meeting`. */
  type: string;
  name: string | null;
  ownerAccount: string | null;
  introduction: string | null;
  notification: string | null;
  faceUrl: string | null;
  createdAt: number | null;
  /** Whether it has reached its limit of members. */
  full: boolean | null;
  /** The requested fields: '' if the group does not have the field. */
  customFields: readonly { key: string; value: string }[] | null;
}

/** The body of its record. */
export function writeSnapshot(snapshot: GroupSnapshot): Buffer {
  return Buffer.from(JSON.stringify(snapshot));
}

export function readSnapshot(body: Uint8Array): GroupSnapshot {
  return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()) as GroupSnapshot;
}

/** @param idempotencyKey distinguishes snapshots of the same time */
export function changeOfSnapshot(
  { groupId, takenAt, group, members, changed }: GroupSnapshot,
  { idempotencyKey, receivedAt }: { idempotencyKey: Uint8Array; receivedAt: Date },
): Change {
  const base = { groupId, stamp: stampOf(new Date(takenAt), idempotencyKey), receivedAt: receivedAt.getTime() };
  if (group === null) return { ...base, destroyed: true };
  const { type, name, ownerAccount, introduction, notification, faceUrl, createdAt, full, customFields } = group;
  return {
    ...base,
    fields: {
      type,
      name: name ?? undefined,
      ownerAccount: ownerAccount ?? undefined,
      introduction: introduction ?? undefined,
      notification: notification ?? undefined,
      faceUrl: faceUrl ?? undefined,
    },
    ...(full === true && { full }),
    ...(full === false && { membersLeft: true }),
    ...(customFields && { customFields }),
    found: { createdAt, members, isWhole: members !== null || changed?.isLast === true },
    ...(changed && {
      parts: [
        ...partsOfMembers(changed.present),
        ...changed.absent.map((name) => ({ kind: 'member', name, value: null }) as const),
      ],
    }),
  };
}
