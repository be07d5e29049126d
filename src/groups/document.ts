import type { Group } from './group.ts';
import { stampOf } from './stamp.ts';
import type { GroupDocument } from './state.ts';

/** What the first version of this program kept: the group as its creation told it, in the shape of the read API then. */
type FirstForm = Pick<
  Group,
  | 'groupId'
  | 'type'
  | 'name'
  | 'ownerAccount'
  | 'operatorAccount'
  | 'introduction'
  | 'notification'
  | 'members'
  | 'customFields'
  | 'createdAt'
  | 'receivedAt'
  | 'clientIp'
  | 'optPlatform'
>;

export function readDocument(text: string): GroupDocument {
  const document = JSON.parse(text) as GroupDocument | FirstForm;
  return 'createdAt' in document ? fromFirstForm(document) : document;
}

/** The same text for the same document, however it came about. */
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

function fromFirstForm({ groupId, createdAt, receivedAt: arrival, ...group }: FirstForm): GroupDocument {
  const receivedAt = Date.parse(arrival);
  // Nobody knows the creation's key any more; the least loses every tie.
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
