import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { COMMANDS, factsOf } from '../generated/commands.ts';
import { RecentMinutes } from './admin/recent-minutes.ts';
import type { Difference } from './backfill/difference.ts';
import type { AuditMetrics } from './backfill/reconcile.ts';
import { createConsumerMetrics } from './consumer-metrics.ts';
import type { AppendedOutcome } from './receiver/receiver.ts';
import type { RefusalKind } from './receiver/reply.ts';
import type { ConsumerStore } from './store/consumers.ts';
import type { Decision, Health, StoreObserver } from './store/store.ts';

/** Buckets up to the 2 s that the vendor waits. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2];
/** Label for all commands that the contract does not describe: senders must not be able to create time series. */
const OTHER_COMMANDS = 'other';

/** Fields of a group that can differ. */
const DIFFERENT_FIELDS = [
  ...(['group', 'type', 'name', 'ownerAccount', 'introduction', 'notification', 'faceUrl'] as const),
  ...(['customField', 'member', 'role', 'nameCard'] as const),
] satisfies Difference['field'][];

/** Read at each scrape. */
type Watched = { health(): Promise<Health> } & Pick<ConsumerStore, 'listConsumers'>;

/** The metrics of one app, in a registry of its own, so that several apps can run in one process. */
export function createMetrics({ now = Date.now }: { now?: () => number } = {}) {
  const registry = new Registry();
  const registers = [registry];
  let watched: Watched | null = null;

  // Counted in plain maps and collected at each scrape: looking up a series by its labels costs as much as a query.
  const uncollected = new Map<AppendedOutcome, Map<string, number>>();
  const callbacks = new Counter({
    name: 'callbacks_total',
    help: 'Stored callbacks by outcome. A repeat is counted on the row of the first.',
    labelNames: ['command', 'outcome'],
    registers,
    collect() {
      for (const [outcome, counts] of uncollected)
        for (const [command, count] of counts) this.inc({ command, outcome }, count);
      uncollected.clear();
    },
  });
  // Series start at 0: increase() misses the first event of a series that appears with it.
  for (const command of Object.keys(COMMANDS)) {
    for (const outcome of ['accepted', 'rejected', 'repeat'] satisfies AppendedOutcome[])
      callbacks.inc({ command, outcome }, 0);
  }
  for (const outcome of ['unknown', 'rejected', 'repeat'] satisfies AppendedOutcome[])
    callbacks.inc({ command: OTHER_COMMANDS, outcome }, 0);

  const probes = new Counter({ name: 'callbacks_probes_total', help: "The console's probes.", registers });
  const refused = new Counter({
    name: 'callbacks_refused_total',
    help: 'Refused requests, of which nothing was stored, by reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of ['not the vendor', 'not our app', 'store unavailable'] satisfies RefusalKind[])
    refused.inc({ reason: labelOf(reason) }, 0);
  const gone = new Counter({
    name: 'callbacks_senders_gone_total',
    help: 'Senders that disconnected before their body was complete.',
    registers,
  });
  const dropped = new Counter({
    name: 'callbacks_connections_dropped_total',
    help: 'Connections that were evicted to make room for new ones.',
    registers,
  });
  const reply = new Histogram({
    name: 'callbacks_reply_seconds',
    help: 'From the end of the headers to the reply.',
    buckets: SECONDS,
    registers,
  });
  const commitSize = new Histogram({
    name: 'callbacks_commit_size',
    help: 'Callbacks written in one group commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000],
    registers,
  });
  const commit = new Histogram({
    name: 'callbacks_commit_seconds',
    help: 'Duration of a commit.',
    buckets: SECONDS,
    registers,
  });
  const pruned = new Counter({
    name: 'callbacks_pruned_total',
    help: 'Callbacks that were deleted, by reason: older than RETENTION_DAYS, or rejects or unknown ones beyond their bound.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of ['retention', 'rejects', 'unknown']) pruned.inc({ reason }, 0);

  const decisions = new Counter({
    name: 'callbacks_decisions_total',
    help: 'Decided before-callbacks, and answers to those that ask for data, by action and source of the decision.',
    labelNames: ['command', 'action', 'source'],
    registers,
  });
  for (const [command, { kind, decision }] of Object.entries(COMMANDS)) {
    if (!decision) continue;
    const usual = kind === 'answer' ? 'answer' : 'allow';
    for (const action of [usual, 'reject'] satisfies Decision['action'][])
      for (const source of ['rule', 'endpoint', 'fallback'] satisfies Decision['source'][])
        decisions.inc({ command, action, source }, 0);
  }
  const decisionSeconds = new Histogram({
    name: 'callbacks_decision_seconds',
    help: 'Duration of a decision.',
    buckets: SECONDS,
    registers,
  });
  const breakerOpen = new Gauge({
    name: 'callbacks_decision_breaker_open',
    help: '1 while the circuit breaker of the decision endpoint is open.',
    registers,
  });
  const unkept = new Counter({
    name: 'callbacks_unkept_total',
    help: 'Before-callbacks that were answered although the store did not accept them in time.',
    registers,
  });

  const eventTimes = new Counter({
    name: 'callbacks_event_time_corrected_total',
    help: 'Accepted callbacks whose event time was read as seconds, or replaced by the arrival as it lies in the future.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of ['seconds', 'future']) eventTimes.inc({ reason }, 0);

  const ready = new Gauge({ name: 'callbacks_ready', help: '1 while callbacks can be taken.', registers });
  const spoolDepth = new Gauge({
    name: 'callbacks_spool_depth',
    help: 'Callbacks in the spool, waiting for PostgreSQL.',
    registers,
  });
  const spoolAge = new Gauge({
    name: 'callbacks_spool_oldest_seconds',
    help: 'Age of the oldest callback in the spool.',
    registers,
  });

  const diskFree = new Gauge({
    name: 'callbacks_disk_free_bytes',
    help: 'Free room of the disk with the SQLite database or the spool.',
    registers,
  });
  const diskLow = new Gauge({
    name: 'callbacks_disk_low',
    help: '1 while that room is below the low-water mark; rejected and unknown callbacks are then dropped.',
    registers,
  });

  const liveReaders = new Gauge({
    name: 'callbacks_live_readers',
    help: 'Readers of the live stream.',
    registers,
  });
  const audit = createAuditMetrics(registers);
  const consumers = createConsumerMetrics(registry, now);
  const minutes = new RecentMinutes();

  const store: StoreObserver = {
    committed(count, seconds) {
      commitSize.observe(count);
      commit.observe(seconds);
    },
    pruned: (reason, count) => pruned.inc({ reason }, count),
    disk(freeBytes, low) {
      diskFree.set(freeBytes);
      diskLow.set(low ? 1 : 0);
    },
  };

  return {
    registry,
    store,
    audit,
    contentType: registry.contentType,
    /** Sets the store whose health and consumers are read at each scrape. */
    watch(opened: Watched): void {
      watched = opened;
    },
    /** All metrics in the Prometheus text format. */
    async text(): Promise<string> {
      const [health] = await Promise.all([watched?.health().catch(() => null), watched && consumers.refresh(watched)]);
      ready.set(health?.ready ? 1 : 0);
      spoolDepth.set(health?.spool?.depth ?? 0);
      spoolAge.set(health?.spool?.oldestSeconds ?? 0);
      return registry.metrics();
    },
    /** The last 60 minutes, for the page. */
    minutes,
    liveReaders: (count: number) => liveReaders.set(count),
    /** Counts a delivery attempt. */
    delivered: consumers.delivered,
    callback(command: string, outcome: AppendedOutcome): void {
      minutes.stored(outcome);
      const name = factsOf(command) ? command : OTHER_COMMANDS;
      const counts = uncollected.get(outcome) ?? new Map<string, number>();
      uncollected.set(outcome, counts);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    decided(command: string, { action, source, milliseconds }: Decision): void {
      minutes.decided({ action, source });
      decisions.inc({ command, action, source });
      decisionSeconds.observe(milliseconds / 1000);
    },
    breaker: (state: 'open' | 'closed') => breakerOpen.set(state === 'open' ? 1 : 0),
    unkept: () => unkept.inc(),
    eventTimeCorrected: (reason: 'seconds' | 'future') => eventTimes.inc({ reason }),
    probe: () => probes.inc(),
    refused(kind: RefusalKind): void {
      minutes.refused();
      refused.inc({ reason: labelOf(kind) });
    },
    senderGone: () => gone.inc(),
    connectionDropped: () => dropped.inc(),
    replied(seconds: number): void {
      minutes.replied(seconds);
      reply.observe(seconds);
    },
  };
}

/** The metrics of the regular audit of groups. */
function createAuditMetrics(registers: Registry[]): AuditMetrics {
  const counter = (name: string, help: string) => new Counter({ name: `callbacks_audit_${name}`, help, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `callbacks_audit_${name}`, help, registers });
  const compared = counter('groups_compared_total', "Groups that the regular audit compared with the vendor's.");
  const repaired = counter('groups_repaired_total', 'Groups that the audit made what the vendor has.');
  const leftOut = counter('groups_left_out_total', 'Groups that the audit could not read.');
  const differing = counter('groups_differing_total', 'Groups that the audit found not to be as the vendor has them.');
  const differences = new Counter({
    name: 'callbacks_audit_differences_total',
    help: 'Differences that the audit found, by the field of the group: what lost callbacks would have told.',
    labelNames: ['field'],
    registers,
  });
  for (const field of DIFFERENT_FIELDS) differences.inc({ field }, 0);
  const runs = new Counter({
    name: 'callbacks_audit_runs_total',
    help: 'Runs of the audit by outcome. One that was interrupted or has failed goes on later.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['finished', 'failed', 'interrupted']) runs.inc({ outcome }, 0);
  const finished = gauge('finished_timestamp_seconds', 'When the last run of the audit finished; 0: none has.');
  const due = gauge('due_timestamp_seconds', 'When the next run of the audit is due; 0: there is no audit.');
  const interval = gauge('interval_seconds', 'RECONCILE_HOURS in seconds; 0: there is no audit.');

  return {
    scheduled({ finishedAt, dueAt, intervalMs }) {
      finished.set((finishedAt ?? 0) / 1_000);
      due.set(dueAt / 1_000);
      interval.set(intervalMs / 1_000);
    },
    compared: (groups) => compared.inc(groups),
    different(found, isRepaired) {
      differing.inc();
      if (isRepaired) repaired.inc();
      for (const { field } of found) differences.inc({ field });
    },
    leftOut: () => leftOut.inc(),
    ended: (outcome) => runs.inc({ outcome }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

function labelOf(kind: RefusalKind): string {
  return kind.toLowerCase().replaceAll(' ', '_');
}
