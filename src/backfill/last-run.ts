import type { BackfillStore, RunKind } from '../store/backfills.ts';
import { readCounts } from './progress.ts';

/** The last run of a kind, as it is shown; null if there was none. */
export async function lastRunOf(store: Pick<BackfillStore, 'findRun'>, kind: RunKind) {
  const run = await store.findRun(kind);
  if (!run) return null;
  const { compared, differing, differences, stored, leftOut } = readCounts(run.done);
  return {
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    ...{ compared, differing, differences, stored, leftOut },
  };
}
