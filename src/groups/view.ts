import type { Group, GroupDetail } from './group.ts';
import type { FieldName } from './meanings.ts';
import { timeOf } from './stamp.ts';
import { endOf, type GroupDocument, isDestroyed, memberCountOf, type Part, partKey } from './state.ts';

/** A large group is not listed with all of its members. */
export const MOST_MEMBERS_LISTED = 1_000;

/** What is searched, sorted and shown first of a group. `createdAt` in milliseconds since 1970. */
export function headOf(document: GroupDocument) {
  const { created, destroyed, restarted = '', first } = document;
  const isOver = isDestroyed(document);
  // A group that is over is shown as it was.
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

/** @param joined accounts of the members that came after the creation; the first `MOST_MEMBERS_LISTED` are enough */
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
    customFields: [...(creation?.customFields ?? [])],
    partial: creation === null,
    createdAt: new Date(createdAt).toISOString(),
    receivedAt: new Date(creation?.receivedAt ?? document.first.receivedAt).toISOString(),
    destroyedAt: destroyedAt === null ? null : new Date(destroyedAt).toISOString(),
    clientIp: creation?.clientIp ?? null,
    optPlatform: creation?.optPlatform ?? null,
  };
}

/** @param parts all of them, in the order in which they are shown */
export function groupDetailOf(sdkAppId: number, document: GroupDocument, parts: readonly Part[]): GroupDetail {
  const { created, attributesCleared = '' } = document;
  const byKey = new Map(parts.map((part) => [partKey(part), part]));
  const memberDetails: GroupDetail['memberDetails'] = [];
  const attributes: GroupDetail['attributes'] = [];
  const topics: GroupDetail['topics'] = [];

  /** Said of a member before it came, it was said of an earlier membership. */
  const textSince = (kind: 'role' | 'nameCard' | 'topicName', name: string, since: string): string | null => {
    const part = byKey.get(partKey({ kind, name }));
    return part?.kind === kind && part.stamp > since ? part.value : null;
  };
  const addMember = (account: string, stamp: string, how: string, by: string | null) =>
    memberDetails.push({
      account,
      since: new Date(timeOf(stamp)).toISOString(),
      how,
      by,
      role: textSince('role', account, stamp),
      nameCard: textSince('nameCard', account, stamp),
    });

  for (const account of created?.members ?? []) {
    addMember(account, created?.stamp ?? '', 'Created', created?.operatorAccount ?? null);
  }
  // What is left of a group that is over is shown no more than its members are.
  for (const part of isDestroyed(document) ? [] : parts) {
    if (part.value === null) continue;
    if (part.kind === 'member') addMember(part.name, part.stamp, part.value.how, part.value.by);
    if (part.kind === 'attribute' && part.stamp >= attributesCleared) {
      attributes.push({ key: part.name, value: part.value });
    }
    if (part.kind === 'topic') {
      const name = textSince('topicName', part.name, part.stamp) ?? part.value;
      topics.push({ topicId: part.name, name });
    }
  }
  const members = memberDetails.map(({ account }) => account);
  return { ...groupOf(sdkAppId, document, []), members, memberDetails, attributes, topics };
}
