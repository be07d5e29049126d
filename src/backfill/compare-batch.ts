import type { GroupSnapshot } from '../groups/snapshot.ts';
import { differencesOf } from './compare.ts';
import type { Difference } from './difference.ts';
import type { RunOptions, Tools } from './run.ts';
import { takeSnapshots } from './take-snapshot.ts';
import type { Batch } from './walk.ts';

/** A group as the vendor has it, with the differences of the mirror. */
export interface Compared {
  snapshot: GroupSnapshot;
  differences: readonly Difference[];
}

type CompareOptions = Pick<RunOptions, 'vendor' | 'members' | 'since' | 'customFields' | 'onLeftOut' | 'signal'>;

/**
 * Reads and compares the groups of a batch.
 * @param use called with the groups that could be read; their members stay in memory until it resolves
 */
export async function compareBatch(
  batch: Batch,
  options: CompareOptions,
  tools: Tools,
  use: (compared: readonly Compared[]) => Promise<void> | void,
): Promise<void> {
  if (batch.groupIds.length === 0) return;
  let held = 0;
  const hold = async (members: number) => {
    await tools.memberBudget.take(members);
    held = members;
  };
  try {
    await use(await comparedOf(batch, options, { ...tools, hold }));
  } finally {
    tools.memberBudget.give(held);
  }
}

async function comparedOf(
  { phase, groupIds, mirror }: Batch,
  { vendor, members, since, customFields, onLeftOut }: CompareOptions,
  { signal, count, hold }: Tools & { hold(members: number): Promise<void> },
): Promise<Compared[]> {
  const options = { mirror, members, since, customFields, signal, onCall: () => count('calls'), beforeMembers: hold };
  const taken = await takeSnapshots(vendor, groupIds, options);
  return taken.flatMap(({ groupId, snapshot, leftOut }) => {
    if (!snapshot) {
      count(leftOut ? 'leftOut' : 'quiet');
      if (leftOut) onLeftOut?.(leftOut);
      return [];
    }
    const detail = mirror.get(groupId) ?? null;
    if (phase === 'given' && !snapshot.group && !detail) {
      count('leftOut');
      onLeftOut?.({ groupId, code: null, reason: nowhere(groupId) });
      return [];
    }
    count('compared');
    count('members', snapshot.members?.length ?? 0);
    return { snapshot, differences: differencesOf(detail, snapshot) };
  });
}

export function nowhere(groupId: string): string {
  return `neither the vendor nor the mirror has a group ${JSON.stringify(groupId)}: see whether the id is right`;
}
