import { presentNameOfGroupType } from '../callback/callback.ts';
import type { GroupSnapshot, SnapshotGroup, SnapshotMember } from '../groups/snapshot.ts';
import type { GroupDetail } from '../groups/view.ts';
import type { LeftOut } from './difference.ts';
import { RestError } from './rest-errors.ts';
import { type GroupAnswer, MOST_ACCOUNTS, type VendorGroups } from './vendor-groups.ts';
import type { GroupInfo, Member } from './vendor-replies.ts';

export interface TakeOptions {
  /** The mirror's groups, by id. */
  mirror: ReadonlyMap<string, GroupDetail>;
  /** False: members are not read. */
  members: boolean;
  /** Groups without activity since then are skipped; null: none are. */
  since?: Date | null | undefined;
  /** Keys of custom fields in addition to those in the mirror. */
  customFields?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  /** Called before each call to the vendor. */
  onCall?: (() => void) | undefined;
  /** Awaited before members are read, with their number according to the vendor. */
  beforeMembers?: ((members: number) => Promise<void>) | undefined;
}

/** The outcome of reading a group. */
export type Taken =
  | { groupId: string; snapshot: GroupSnapshot; leftOut?: undefined }
  | { groupId: string; snapshot: null; leftOut: LeftOut }
  /** Skipped: no activity since the given time. */
  | { groupId: string; snapshot: null; leftOut: null };

/** Pages shift while members join and leave: the list is read this often at most. */
const MOST_READS = 3;
/** The vendor's ErrorCode. */
const BAD_PARAMETER = 10004;
/** Well above the vendor's limit of 10 custom fields. */
const MOST_CUSTOM_FIELDS = 100;

/**
 * Reads the present state of groups from the vendor. An error that concerns one group leaves that group out. Any other
 * error, and the signal's reason, is thrown at once; calls for other groups may still run until the signal is aborted.
 * @param groupIds 50 at most
 */
export async function takeSnapshots(
  vendor: VendorGroups,
  groupIds: readonly string[],
  options: TakeOptions,
): Promise<Taken[]> {
  const { mirror, members, since = null } = options;
  const known = Array.from(mirror.values(), ({ customFields }) => customFields.map(({ key }) => key));
  const keys = [...new Set([...(options.customFields ?? []), ...known.flat()])].slice(0, MOST_CUSTOM_FIELDS);
  const answers = await infoOf(vendor, groupIds, keys, options);
  const counts = answers.map(({ group }) => (group && !isQuiet(group, since) ? (group.memberCount ?? 0) : 0));
  if (members) await options.beforeMembers?.(counts.reduce((sum, count) => sum + count, 0));
  return Promise.all(answers.map((answer) => takeOne(vendor, answer, options)));
}

/** If a whole type cannot be read, the groups of that type are left out. */
async function infoOf(
  vendor: VendorGroups,
  groupIds: readonly string[],
  customFields: readonly string[],
  options: TakeOptions,
): Promise<GroupAnswer[]> {
  const { signal, onCall } = options;
  try {
    onCall?.();
    return await vendor.groupInfo(groupIds, { ...(customFields.length > 0 && { customFields }), signal });
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    // The app may no longer define a custom field that the mirror has.
    if (error.code === BAD_PARAMETER && customFields.length > 0) return infoOf(vendor, groupIds, [], options);
    if (error.kind !== 'type') throw error;
    const [groupId = '', ...others] = groupIds;
    if (others.length === 0) return [{ groupId, sentAt: error.sentAt ?? new Date(0), group: null, error }];
    const half = Math.ceil(groupIds.length / 2);
    const halves = [groupIds.slice(0, half), groupIds.slice(half)];
    const [first = [], second = []] = await Promise.all(
      halves.map((ids) => infoOf(vendor, ids, customFields, options)),
    );
    return [...first, ...second];
  }
}

async function takeOne(
  vendor: VendorGroups,
  { groupId, sentAt, group, error }: GroupAnswer,
  options: TakeOptions,
): Promise<Taken> {
  if (!group) return withoutGroup(groupId, error, sentAt);
  if (isQuiet(group, options.since ?? null)) return { groupId, snapshot: null, leftOut: null };
  if (group.type === null) {
    const reason = `get_group_info of group ${JSON.stringify(groupId)}: the vendor's answer lacks Type`;
    return { groupId, snapshot: null, leftOut: { groupId, code: null, reason } };
  }
  try {
    const mirror = options.mirror.get(groupId) ?? null;
    const members = options.members ? await membersOf(vendor, groupId, group.type, mirror, options) : null;
    const snapshot = { groupId, takenAt: sentAt.getTime(), group: profileOf(group, group.type, mirror), members };
    return { groupId, snapshot };
  } catch (error) {
    if (!(error instanceof RestError && (error.kind === 'group' || error.kind === 'type'))) throw error;
    return withoutGroup(groupId, error, error.sentAt);
  }
}

function withoutGroup(groupId: string, error: RestError, sentAt: Date | null): Taken {
  if (error.isGone && sentAt)
    return { groupId, snapshot: { groupId, takenAt: sentAt.getTime(), group: null, members: null } };
  return { groupId, snapshot: null, leftOut: { groupId, code: error.code, reason: error.message } };
}

function isQuiet({ createdAt, infoChangedAt, lastMessageAt }: GroupInfo, since: Date | null): boolean {
  if (since === null) return false;
  return [createdAt, infoChangedAt, lastMessageAt].every((time) => (time?.getTime() ?? 0) < since.getTime());
}

function profileOf(group: GroupInfo, type: string, mirror: GroupDetail | null): SnapshotGroup {
  const { name, ownerAccount, introduction, notification, faceUrl, createdAt, memberCount, mostMembers } = group;
  const told = group.customFields;
  const toldKeys = new Set(told?.map(({ key }) => key));
  // If the vendor returns custom fields, the group no longer has those that were requested and are missing.
  const lost = (mirror?.customFields ?? [])
    .filter(({ key }) => !toldKeys.has(key))
    .map(({ key }) => ({ key, value: '' }));
  return {
    type: presentNameOfGroupType(type),
    ...{ name, introduction, notification, faceUrl },
    // The owner is requested: if it is missing, the group has none.
    ownerAccount: ownerAccount ?? '',
    createdAt: createdAt?.getTime() ?? null,
    full: memberCount === null || mostMembers === null ? null : memberCount >= mostMembers,
    customFields: told && [...told, ...lost],
  };
}

/**
 * An account on any page was a member at the first request: for those who joined or left since, newer callbacks exist.
 * An account on no page may have been missed between two pages.
 */
async function membersOf(
  vendor: VendorGroups,
  groupId: string,
  type: string,
  mirror: GroupDetail | null,
  { signal, onCall }: TakeOptions,
): Promise<SnapshotMember[] | null> {
  const found = new Map<string, SnapshotMember>();
  for (let reads = 1; ; reads += 1) {
    const pages = vendor.members(groupId, type, { signal });
    if (!pages) return null;
    const seen = new Set<string>();
    const totals = new Set<number | null>();
    onCall?.();
    for await (const { members, total } of pages) {
      if (totals.size > 0) onCall?.();
      totals.add(total);
      for (const member of members) {
        seen.add(member.account);
        found.set(member.account, toSnapshot(member));
      }
    }
    const [total] = totals;
    const isWhole = totals.size === 1 && (total === null || total === seen.size);
    if (isWhole || reads === MOST_READS) break;
  }
  const isPresent = mirror?.destroyedAt === null;
  const missing = isPresent ? mirror.members.filter((account) => !found.has(account)) : [];
  for (let from = 0; from < missing.length; from += MOST_ACCOUNTS) {
    onCall?.();
    const { roles } = await vendor.roles(groupId, missing.slice(from, from + MOST_ACCOUNTS), { signal });
    for (const [account, role] of roles) {
      if (role !== null) found.set(account, toSnapshot({ account, role, nameCard: null, joinedAt: null }));
    }
  }
  return [...found.values()];
}

/** Owners and ordinary members have no role of their own. */
function toSnapshot(member: Pick<Member, 'account' | 'role' | 'nameCard' | 'joinedAt'>): SnapshotMember {
  const { account, role, nameCard, joinedAt } = member;
  return {
    account,
    role: role === 'Owner' || role === 'Member' ? null : role,
    nameCard,
    joinedAt: joinedAt?.getTime() ?? null,
  };
}
