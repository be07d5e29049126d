import { namesOfGroupType } from '../callback/callback.ts';
import type { GroupSnapshot, SnapshotGroup, SnapshotMember } from '../groups/snapshot.ts';
import type { GroupDetail } from '../groups/view.ts';
import type { Difference } from './difference.ts';

const TEXTS = ['name', 'ownerAccount', 'introduction', 'notification', 'faceUrl'] as const;

/**
 * The differences between the mirror and the vendor's group. Fields that the vendor leaves out are not compared, nor
 * are times: the mirror's are those of callbacks. A group that only one side has is a single difference.
 * @param mirror null if the mirror lacks the group; a destroyed group counts as missing
 */
export function differencesOf(mirror: GroupDetail | null, snapshot: GroupSnapshot): Difference[] {
  const { groupId, group, members } = snapshot;
  const present = mirror?.destroyedAt === null ? mirror : null;
  const base = { groupId, field: 'group', of: null } as const;
  if (!group) return present ? [{ ...base, kind: 'extra', mirror: present.name, vendor: null }] : [];
  if (!present) return [{ ...base, kind: 'missing', mirror: null, vendor: group.name ?? '' }];
  return [
    ...profileDifferences(present, group),
    ...(members ? memberDifferences(present, members, group.ownerAccount ?? present.ownerAccount) : []),
  ];
}

function profileDifferences(mirror: GroupDetail, group: SnapshotGroup): Difference[] {
  const found: Difference[] = [];
  const compare = (field: Difference['field'], of: string | null, known: string, vendor: string) => {
    if (known !== vendor) found.push({ groupId: mirror.groupId, kind: 'different', field, of, mirror: known, vendor });
  };
  if (!namesOfGroupType(mirror.type).includes(group.type)) compare('type', null, mirror.type, group.type);
  for (const field of TEXTS) {
    const vendor = group[field];
    if (vendor !== null) compare(field, null, mirror[field] ?? '', vendor);
  }
  const known = new Map(mirror.customFields.map(({ key, value }) => [key, value]));
  for (const { key, value } of group.customFields ?? []) compare('customField', key, known.get(key) ?? '', value);
  return found;
}

function memberDifferences(
  { groupId, memberDetails }: GroupDetail,
  members: readonly SnapshotMember[],
  owner: string | null,
): Difference[] {
  const found: Difference[] = [];
  const extra = new Map(memberDetails.map((member) => [member.account, member]));
  for (const { account: of, role, nameCard } of members) {
    const known = extra.get(of);
    extra.delete(of);
    if (!known) {
      found.push({ groupId, kind: 'missing', field: 'member', of, mirror: null, vendor: of });
      continue;
    }
    const base = { groupId, kind: 'different', of } as const;
    // The owner of a group has no other role; the mirror may still show an earlier one.
    const [mirrorRole, vendorRole] = [roleText(known.role), roleText(role)];
    if (of !== owner && mirrorRole !== vendorRole)
      found.push({ ...base, field: 'role', mirror: mirrorRole, vendor: vendorRole });
    const card = known.nameCard ?? '';
    if (nameCard !== null && card !== nameCard)
      found.push({ ...base, field: 'nameCard', mirror: card, vendor: nameCard });
  }
  for (const of of extra.keys()) found.push({ groupId, kind: 'extra', field: 'member', of, mirror: of, vendor: null });
  return found;
}

/** A member without a known role is an ordinary member. */
function roleText(role: string | null): string {
  return role ?? 'Member';
}
