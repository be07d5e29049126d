import type { GroupDetail } from '../groups/view.ts';
import type { BackfillStore } from '../store/backfills.ts';
import { differencesOf } from './compare.ts';
import type { Difference, LeftOut } from './difference.ts';
import { takeSnapshots } from './take-snapshot.ts';
import type { VendorGroups } from './vendor-groups.ts';

export interface Reconciled {
  /** What was different. */
  differences: readonly Difference[];
  /** Whether a snapshot was appended, which mends them. */
  stored: boolean;
  /** When the vendor was asked, by its clock; null where the group was left out. */
  takenAt: Date | null;
  leftOut: LeftOut | null;
}

/** Makes one group what the vendor has, now. @throws {RestError} where the vendor cannot be asked */
export async function reconcileGroup({
  store,
  vendor,
  groupId,
  signal,
}: {
  store: Pick<BackfillStore, 'findGroupDetails' | 'appendSnapshot' | 'confirmGroups'>;
  vendor: VendorGroups;
  groupId: string;
  signal?: AbortSignal | undefined;
}): Promise<Reconciled> {
  const mirror = byId(await store.findGroupDetails([groupId]));
  const [taken] = await takeSnapshots(vendor, [groupId], { mirror, members: true, signal });
  if (!taken?.snapshot) return { differences: [], stored: false, takenAt: null, leftOut: taken?.leftOut ?? null };
  const { snapshot } = taken;
  const takenAt = new Date(snapshot.takenAt);
  if (snapshot.group === null && !mirror.has(groupId)) {
    const reason = `neither the vendor nor the mirror has a group ${JSON.stringify(groupId)}: see whether the id is right`;
    return { differences: [], stored: false, takenAt, leftOut: { groupId, code: null, reason } };
  }
  const differences = differencesOf(mirror.get(groupId) ?? null, snapshot);
  if (differences.length > 0) await store.appendSnapshot(snapshot);
  await store.confirmGroups([groupId], takenAt);
  return { differences, stored: differences.length > 0, takenAt, leftOut: null };
}

export function byId(details: readonly GroupDetail[]): Map<string, GroupDetail> {
  return new Map(details.map((detail) => [detail.groupId, detail]));
}
