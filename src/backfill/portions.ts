import type { GroupSnapshot, SnapshotMember } from '../groups/snapshot.ts';
import type { Difference } from './difference.ts';

/**
 * Limit of members per transaction. SQLite has one writer: 2,500 members delay callbacks by 0.1 to 0.2 s; 100,000 would
 * delay them for longer than the vendor waits.
 */
const MOST_MEMBERS_AT_ONCE = 2_500;

/**
 * Splits a snapshot for storage: the snapshot itself, or, with very many members, several that hold only the members in
 * which the mirror differs.
 * @param differences between the mirror and the snapshot
 */
export function portionsOf(
  snapshot: GroupSnapshot,
  differences: readonly Difference[],
  most = MOST_MEMBERS_AT_ONCE,
): GroupSnapshot[] {
  const { members } = snapshot;
  if (!members || members.length <= most) return [snapshot];
  const isNew = differences.some(({ field }) => field === 'group');
  const ofMembers = differences.filter(({ field }) => ['member', 'role', 'nameCard'].includes(field));
  const accounts = new Set(ofMembers.map(({ of }) => of));
  const present: readonly SnapshotMember[] = isNew ? members : members.filter(({ account }) => accounts.has(account));
  const absent = ofMembers.flatMap(({ kind, field, of }) => (kind === 'extra' && field === 'member' && of ? of : []));
  const portions: GroupSnapshot[] = [];
  const count = Math.max(1, Math.ceil((present.length + absent.length) / most));
  for (let index = 0; index < count; index += 1) {
    const [start, end] = [index * most, (index + 1) * most];
    const portion = {
      present: present.slice(start, end),
      absent: absent.slice(Math.max(0, start - present.length), Math.max(0, end - present.length)),
      isLast: index === count - 1,
    };
    portions.push({ ...snapshot, members: null, changed: portion });
  }
  return portions;
}
