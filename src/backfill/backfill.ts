import type { GroupSnapshot } from '../groups/snapshot.ts';
import { type Compared, compareBatch } from './compare-batch.ts';
import { portionsOf } from './portions.ts';
import { type RunEnd, type RunOptions, runOver, type Tools } from './run.ts';

/**
 * Brings the mirror in line with the vendor: a group that differs gets a snapshot, one that does not is confirmed. Can
 * run while callbacks arrive: a snapshot loses to newer facts.
 */
export function backfill(options: RunOptions): Promise<RunEnd> {
  return runOver(options, (batch, tools) => {
    const done = compareBatch(batch, options, tools, (compared) => mend(compared, options, tools));
    return { free: done, done };
  });
}

/** Appends a snapshot for each group that differs, and confirms all groups. */
export async function mend(
  compared: readonly Compared[],
  { store, members }: Pick<RunOptions, 'store' | 'members'>,
  { count }: Pick<Tools, 'count'>,
): Promise<void> {
  const differing = compared.filter(({ differences }) => differences.length > 0);
  await Promise.all(
    differing.map(async ({ snapshot, differences }) => {
      for (const portion of portionsOf(snapshot, differences)) await store.appendSnapshot(portion);
      count('differing');
      count('differences', differences.length);
      count('stored');
      if (snapshot.group === null) count('gone');
    }),
  );
  if (members) await confirm(compared, store);
}

/** Without members, a group is not confirmed: it has not been compared as a whole. */
export async function confirm(
  compared: readonly { snapshot: GroupSnapshot }[],
  store: Pick<RunOptions['store'], 'confirmGroups'>,
): Promise<void> {
  if (compared.length === 0) return;
  const earliest = Math.min(...compared.map(({ snapshot }) => snapshot.takenAt));
  await store.confirmGroups(
    compared.map(({ snapshot }) => snapshot.groupId),
    new Date(earliest),
  );
}
