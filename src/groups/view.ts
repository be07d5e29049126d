import type { components } from '../../generated/admin.ts';
import { justBefore, type Stamp, timeOf } from '../callback/stamp.ts';
import type { Listed, Membership } from './facts.ts';
import { type GroupDocument, headOf, isDestroyed, memberCountOf, type Part, partKey } from './state.ts';

/** A group in the read API's shape: in a list, and in the single view. */
export type Group = components['schemas']['Group'];
export type GroupDetail = components['schemas']['GroupDetail'];

/** Limit of members of a group in a list; the single view has all. */
export const MOST_MEMBERS_LISTED = 1_000;

/** @param joined accounts of members that joined after the creation; at most `MOST_MEMBERS_LISTED` are used */
export function groupOf(sdkAppId: number, document: GroupDocument, joined: readonly string[]): Group {
  const head = headOf(document);
  const { since, creation, createdAt, destroyedAt } = head;
  const { full = '', membersLeft = '', groupId } = document;
  return {
    sdkAppId,
    groupId,
    type: head.type,
    name: head.name,
    ownerAccount: head.ownerAccount,
    operatorAccount: creation?.operatorAccount ?? '',
    introduction: head.introduction,
    notification: head.notification,
    faceUrl: head.faceUrl,
    members: [...(document.created?.members ?? []), ...joined].slice(0, MOST_MEMBERS_LISTED),
    memberCount: memberCountOf(document),
    full: destroyedAt === null && full > since && full > membersLeft,
    customFields: head.customFields,
    partial: head.partial,
    createdAt: new Date(createdAt).toISOString(),
    receivedAt: new Date(creation?.receivedAt ?? document.first.receivedAt).toISOString(),
    destroyedAt: destroyedAt === null ? null : new Date(destroyedAt).toISOString(),
    clientIp: creation?.clientIp ?? null,
    optPlatform: creation?.optPlatform ?? null,
  };
}

/**
 * @param parts all parts of the group, in display order
 * @param confirmedAt when the group was last confirmed to match the vendor's, in milliseconds since 1970; null: never
 */
export function groupDetailOf(
  sdkAppId: number,
  document: GroupDocument,
  parts: readonly Part[],
  confirmedAt: number | null = null,
): GroupDetail {
  const { created, attributesCleared = '' } = document;
  const byKey = new Map(parts.map((part) => [partKey(part), part]));
  const memberDetails: GroupDetail['memberDetails'] = [];
  const attributes: GroupDetail['attributes'] = [];
  const topics: GroupDetail['topics'] = [];

  /** A role or name older than the membership (or topic) belongs to an earlier one. */
  const textSince = (kind: 'role' | 'nameCard' | 'topicName', name: string, since: string): string | null => {
    const part = byKey.get(partKey({ kind, name }));
    return part?.kind === kind && part.stamp > since ? part.value : null;
  };
  const addMember = (account: string, { how, by, listed }: Membership, stamp: string) => {
    const joinedAt = listed && (listed.joined === undefined ? listed.joinedAt : timeOf(listed.joined));
    const since = beginningOf(listed, stamp);
    memberDetails.push({
      account,
      since: new Date(joinedAt ?? timeOf(stamp)).toISOString(),
      how,
      by,
      role: textSince('role', account, since),
      nameCard: textSince('nameCard', account, since),
    });
  };

  for (const account of created?.members ?? []) {
    addMember(account, { how: 'Created', by: created?.operatorAccount ?? null }, created?.stamp ?? '');
  }
  // A destroyed group is shown without parts.
  for (const part of isDestroyed(document) ? [] : parts) {
    if (part.value === null) continue;
    if (part.kind === 'member') addMember(part.name, part.value, part.stamp);
    if (part.kind === 'attribute' && part.stamp >= attributesCleared) {
      attributes.push({ key: part.name, value: part.value });
    }
    if (part.kind === 'topic') {
      const name = textSince('topicName', part.name, part.stamp) ?? part.value;
      topics.push({ topicId: part.name, name });
    }
  }
  const members = memberDetails.map(({ account }) => account);
  return {
    ...groupOf(sdkAppId, document, []),
    members,
    memberDetails,
    attributes,
    topics,
    confirmedAt: confirmedAt === null ? null : new Date(confirmedAt).toISOString(),
  };
}

/**
 * A role or name card that is not newer belongs to an earlier membership. A snapshot states both together with the
 * member.
 */
function beginningOf(listed: Listed | undefined, stamp: Stamp): Stamp {
  return listed ? justBefore(stamp) : stamp;
}

/** A group as it is shown with an account; null if the account is not a member. @param parts the account's own */
export function membershipIn(
  document: GroupDocument,
  account: string,
  parts: readonly Part[],
): components['schemas']['Account']['groups'][number] | null {
  if (isDestroyed(document)) return null;
  const { created, groupId } = document;
  const { type, name, ownerAccount } = headOf(document);
  const joined = parts.find(({ kind, value }) => kind === 'member' && value !== null);
  const isFounder = created?.members.includes(account);
  const since = joined
    ? beginningOf((joined.value as Membership).listed, joined.stamp)
    : isFounder
      ? (created?.stamp ?? '')
      : null;
  const owner = ownerAccount === account;
  if (since === null && !owner) return null;
  const role = parts.find(({ kind, stamp }) => kind === 'role' && stamp > (since ?? ''));
  return {
    groupId,
    type,
    name,
    owner,
    role: role?.kind === 'role' ? role.value : null,
    memberCount: memberCountOf(document),
  };
}
