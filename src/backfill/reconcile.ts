import type { Logger } from '../callback/logger.ts';
import type { BackfillStore, StoredRun } from '../store/backfills.ts';
import { audit } from './audit.ts';
import type { Difference } from './difference.ts';
import { type Clock, systemClock } from './limits.ts';
import { type Counts, noCounts, readCounts } from './progress.ts';
import { RestClient } from './rest-client.ts';
import type { RestSettings } from './rest-settings.ts';
import type { RunEnd } from './run.ts';
import { VendorGroups } from './vendor-groups.ts';

/** A quarter of the calls that the vendor allows an app, which needs calls of its own. */
const CALLS_PER_SECOND = 50;
const HOUR_MS = 3_600_000;
/** Keeps the start free of work, and a process that keeps restarting from asking each time. */
const FIRST_MS = 60_000;
/**
 * Interval at which it is checked whether a run is due: another receiver may have completed it, or been killed during
 * it.
 */
const LOOK_MS = 60_000;
/** Delay after a failed run. */
const RETRY_MS = HOUR_MS;
const NAMED_GROUPS = 5;
/** Options stored with a run: a run with other options is not continued. */
const OPTIONS = { report: 'report', repair: 'repair' } as const;

/** For metrics. Must return at once. */
export interface AuditMetrics {
  /** When the last run finished, and when the next one is due; milliseconds since 1970. */
  scheduled(schedule: { finishedAt: number | null; dueAt: number; intervalMs: number }): void;
  compared(groups: number): void;
  different(differences: readonly Difference[], isRepaired: boolean): void;
  leftOut(): void;
  ended(outcome: 'finished' | 'failed' | 'interrupted'): void;
}

export interface ReconcileOptions {
  store: BackfillStore;
  rest: RestSettings;
  sdkAppId: number;
  /** Time from the end of one run to the next. */
  hours: number;
  repair: boolean;
  log: Logger;
  metrics: AuditMetrics;
  clock?: Clock;
}

/** Another receiver is running the audit. */
class HeldElsewhere extends Error {}

/**
 * Compares all groups with the vendor's periodically. If several receivers share a database, one of them does. Restarts
 * neither skip nor repeat a run, and an interrupted run is continued. Nothing else waits for it.
 */
export function startReconcile(options: ReconcileOptions): { stop(): Promise<void> } {
  const { store, hours, repair, log, metrics, clock = systemClock } = options;
  const intervalMs = hours * HOUR_MS;
  const stopping = new AbortController();
  let notBefore = clock.now() + FIRST_MS;
  const running = loop();
  return {
    /** Resolves when pending writes are done. The run continues after the next start. */
    async stop() {
      stopping.abort();
      await running;
    },
  };

  async function loop(): Promise<void> {
    let isFailing = false;
    while (!stopping.signal.aborted) {
      try {
        const last = await store.findRun('reconcile');
        const dueAt = dueAfter(last);
        metrics.scheduled({ finishedAt: last?.finishedAt?.getTime() ?? null, dueAt, intervalMs });
        if (clock.now() >= dueAt) await run(last);
        isFailing = false;
      } catch (error) {
        if (!isFailing && !stopping.signal.aborted)
          log.warn({ err: error }, 'the database does not tell when the groups are to be audited: asked every minute');
        isFailing = true;
      }
      await clock.sleep(LOOK_MS, stopping.signal).catch(() => {});
    }
  }

  /** Counted from the end of the last run; an unfinished run is continued. */
  function dueAfter(last: StoredRun | null): number {
    return last?.finishedAt ? Math.max(last.finishedAt.getTime() + intervalMs, notBefore) : notBefore;
  }

  async function run(last: StoredRun | null): Promise<void> {
    const startedAt = clock.monotonic();
    const found: string[] = [];
    let seen = noCounts();
    const held = new AbortController();
    const client = clientFor(options);
    try {
      const end = await audit({
        ...{ store, vendor: new VendorGroups(client), which: { groupIds: null, types: null } },
        ...{ members: true, repair, confirm: true, clock },
        claim: { kind: 'reconcile', options: repair ? OPTIONS.repair : OPTIONS.report },
        signal: AbortSignal.any([stopping.signal, held.signal]),
        onWaiting: () => held.abort(new HeldElsewhere('another receiver audits the groups')),
        onContinued(since) {
          seen = readCounts(last?.done ?? '{}');
          log.info({ since: since.toISOString() }, 'the audit of the groups goes on where it was interrupted');
        },
        onProgress(progress) {
          metrics.compared(Math.max(0, progress.compared - seen.compared));
          seen = { ...progress };
        },
        onDifferences(differences) {
          metrics.different(differences, repair);
          const [first] = differences;
          if (first && found.length < NAMED_GROUPS) found.push(first.groupId);
        },
        onLeftOut({ groupId, reason }) {
          metrics.leftOut();
          log.warn({ group: groupId, reason }, 'the audit left a group out');
        },
        onSkippedType: (type, reason) => log.warn({ type, reason }, 'the audit left a type of groups out'),
      });
      tell(end, { found, seconds: Math.round((clock.monotonic() - startedAt) / 1_000) });
    } catch (error) {
      if (held.signal.aborted || stopping.signal.aborted) return;
      failed(error as Error);
    } finally {
      client.close();
    }
  }

  function tell({ error, finished, counts }: RunEnd, { found, seconds }: { found: string[]; seconds: number }): void {
    if (error) failed(error);
    else if (finished) succeeded(counts, { found, seconds });
    else metrics.ended('interrupted');
  }

  function succeeded(counts: Counts, { found, seconds }: { found: string[]; seconds: number }): void {
    metrics.ended('finished');
    // Updated now, so that the metrics need not wait for the next check.
    const finishedAt = clock.now();
    metrics.scheduled({ finishedAt, dueAt: Math.max(finishedAt + intervalMs, notBefore), intervalMs });
    const fields = { ...shown(counts), seconds, ...(found.length > 0 && { groups: found }) };
    if (counts.differing === 0) log.info(fields, 'the groups are as the vendor has them');
    else if (repair) log.warn(fields, 'groups were not as the vendor has them, and were repaired: callbacks were lost');
    else
      log.warn(
        fields,
        'groups are not as the vendor has them: callbacks were lost; RECONCILE=repair, or npm run backfill, repairs them',
      );
  }

  function failed(error: Error): void {
    metrics.ended('failed');
    notBefore = clock.now() + RETRY_MS;
    // The text alone: it names the remedy, and nothing of the request.
    log.error({ error: error.message }, 'the audit of the groups failed: it goes on in an hour');
  }
}

function clientFor({
  rest: { origins, admin, key },
  sdkAppId,
  log,
  clock = systemClock,
}: ReconcileOptions): RestClient {
  return new RestClient({ origins, admin, key, sdkAppId, log, clock, rate: CALLS_PER_SECOND });
}

function shown({ compared, differing, differences, stored, gone, leftOut, busy }: Counts) {
  return { compared, differing, differences, repaired: stored, gone, leftOut, busy };
}
