import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { BackfillStore, RunKind, StoredRun } from '../store/backfills.ts';
import type { LeftOut } from './difference.ts';
import { type Clock, systemClock } from './limits.ts';
import { Budget, type Counts, countsOf, noCounts, type Progress, readCounts } from './progress.ts';
import type { VendorGroups } from './vendor-groups.ts';
import { type Batch, firstPlace, type Place, type Which, walk } from './walk.ts';

/** The claim of a run: limits a kind to one run at a time, and lets an interrupted run continue. */
export interface Claim {
  kind: RunKind;
  /** Options of the run: only a run with the same options is continued. */
  options: string;
  /** Start over instead of continuing. */
  fromStart?: boolean | undefined;
}

export interface RunOptions {
  store: BackfillStore;
  vendor: VendorGroups;
  which: Which;
  /** False: members are neither read nor compared. */
  members: boolean;
  /** Groups without activity since then are skipped; null: none are. */
  since?: Date | null | undefined;
  /** Keys of custom fields in addition to those in the mirror. */
  customFields?: readonly string[] | undefined;
  /** Null: the run is not saved. */
  claim: Claim | null;
  signal?: AbortSignal | undefined;
  clock?: Clock | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  onLeftOut?: ((leftOut: LeftOut) => void) | undefined;
  onSkippedType?: ((type: string, reason: string) => void) | undefined;
  /** Another run is active. Called once for every second of waiting. */
  onWaiting?: ((heldBy: string) => void) | undefined;
  onContinued?: ((startedAt: Date) => void) | undefined;
}

/** How a run ended. */
export interface RunEnd {
  startedAt: Date;
  counts: Counts;
  /** What ended it; null if it finished or was interrupted. */
  error: Error | null;
  finished: boolean;
}

/** The work on the groups of a batch. */
export interface Work {
  /** Settles when the batch no longer holds memory, so that another one may start. */
  free: Promise<void>;
  /** Settles when all work is done. */
  done: Promise<void>;
}

export interface Tools {
  /** Aborted when the run ends early. */
  signal: AbortSignal;
  count(name: keyof Counts, by?: number): void;
  /** Limits the members in memory. */
  memberBudget: Budget;
}

/** A batch in progress, without the mirror's groups, which are not kept. */
interface Entry {
  batch: Batch;
  isDone: boolean;
}

/** Concurrent batches of 50 groups: slightly more calls than the client can have in flight. */
const MOST_BATCHES = { withMembers: 12, withoutMembers: 40 };
/** Limit of members in memory, of the mirror and the vendor together; a few hundred bytes each. */
const MOST_MEMBERS = 100_000;
const SAVE_INTERVAL_MS = 1_000;
const WAIT_MS = 1_000;

/** Applies `work` to all selected groups. Ends if the vendor or the store fails; completed work is saved. */
export async function runOver(options: RunOptions, work: (batch: Batch, tools: Tools) => Work): Promise<RunEnd> {
  const run = await Run.begin(options);
  return run.through(work);
}

class Run {
  readonly #options: RunOptions;
  readonly #holder: string;
  readonly #startedAt: Date;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  /** Work that was in progress when a run was interrupted is counted again. */
  readonly #progress: Progress;
  readonly #pending: Entry[] = [];
  #place: Place;
  #error: Error | null = null;
  #saving: Promise<void> | null = null;

  private constructor(options: RunOptions, holder: string, earlier: StoredRun | null) {
    this.#options = options;
    this.#holder = holder;
    this.#startedAt = earlier?.startedAt ?? this.#now();
    this.#place = earlier ? (JSON.parse(earlier.place) as Place) : firstPlace(options.which);
    const counts = earlier ? readCounts(earlier.done) : noCounts();
    this.#progress = { ...counts, phase: this.#place.phase, passed: this.#place.passed, total: null };
    this.#signal = AbortSignal.any([this.#ending.signal, ...(options.signal ? [options.signal] : [])]);
  }

  /** Waits while another run is active. */
  static async begin(options: RunOptions): Promise<Run> {
    const { store, claim, signal, clock = systemClock, onWaiting, onContinued } = options;
    const holder = `${hostname()}:${process.pid}:${randomUUID()}`;
    if (!claim) return new Run(options, holder, null);
    for (;;) {
      signal?.throwIfAborted();
      const claimed = await store.claimRun(claim.kind, holder);
      if ('earlier' in claimed) {
        const { earlier } = claimed;
        const goesOn = earlier?.finishedAt === null && earlier.options === claim.options && !claim.fromStart;
        if (goesOn) onContinued?.(earlier.startedAt);
        return new Run(options, holder, goesOn ? earlier : null);
      }
      onWaiting?.(claimed.heldBy);
      await clock.sleep(WAIT_MS, signal);
    }
  }

  #now(): Date {
    const { clock = systemClock } = this.#options;
    return new Date(clock.now());
  }

  async through(work: (batch: Batch, tools: Tools) => Work): Promise<RunEnd> {
    const timer = setInterval(() => void this.#save(null), SAVE_INTERVAL_MS);
    await this.#save(null);
    await this.#walk(work);
    clearInterval(timer);
    await this.#saving;
    const finished = this.#error === null && !this.#signal.aborted;
    await this.#save(finished ? this.#now() : null);
    const { claim, store } = this.#options;
    if (claim) await store.releaseRun(claim.kind, this.#holder).catch((error) => this.#fail(error));
    const counts = countsOf(this.#progress);
    return { startedAt: this.#startedAt, counts, error: this.#error, finished: finished && this.#error === null };
  }

  async #walk(work: (batch: Batch, tools: Tools) => Work): Promise<void> {
    const { onLeftOut: _, ...options } = this.#options;
    const batches = walk({
      ...options,
      place: this.#place,
      startedAt: this.#startedAt,
      signal: this.#signal,
      onCall: () => this.#count('calls', 1),
      onSkippedType: (type, reason) => options.onSkippedType?.(type, reason),
    });
    const slots = new Budget(options.members ? MOST_BATCHES.withMembers : MOST_BATCHES.withoutMembers);
    const mirrorBudget = new Budget(MOST_MEMBERS);
    const memberBudget = new Budget(MOST_MEMBERS);
    const open = new Set<Promise<void>>();
    try {
      for await (const batch of batches) {
        const held = batch.mirror.values().reduce((sum, { members }) => sum + members.length, 0);
        await slots.take(1);
        await mirrorBudget.take(held);
        this.#signal.throwIfAborted();
        const entry: Entry = { batch: { ...batch, mirror: new Map() }, isDone: false };
        this.#pending.push(entry);
        const { free, done } = work(batch, {
          signal: this.#signal,
          memberBudget,
          count: (name, by = 1) => this.#count(name, by),
        });
        free
          .catch(() => {})
          .then(() => {
            slots.give(1);
            mirrorBudget.give(held);
          });
        const settled: Promise<void> = done
          .then(
            () => this.#finish(entry),
            (error) => this.#fail(error),
          )
          .finally(() => open.delete(settled));
        open.add(settled);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
    while (open.size > 0) await Promise.all(open);
  }

  #count(name: keyof Counts, by: number): void {
    this.#progress[name] += by;
  }

  /** The saved place moves past the completed batches at the head of the queue. */
  #finish(entry: Entry): void {
    entry.isDone = true;
    while (this.#pending[0]?.isDone) {
      const { batch } = this.#pending.shift() as Entry;
      const { phase, passed, total, place } = batch;
      Object.assign(this.#progress, { phase, passed, total });
      if (place) this.#place = place;
    }
    this.#options.onProgress?.(this.#progress);
  }

  /** The first error ends the run. */
  #fail(error: Error): void {
    if (this.#options.signal?.aborted && error === this.#options.signal.reason) return;
    this.#error ??= error;
    this.#ending.abort(this.#error);
  }

  #save(finishedAt: Date | null): Promise<void> {
    this.#saving ??= this.#saveNow(finishedAt).finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #saveNow(finishedAt: Date | null): Promise<void> {
    const { claim, store } = this.#options;
    if (!claim) return;
    const run = { startedAt: this.#startedAt, finishedAt, options: claim.options };
    const state = { place: JSON.stringify(this.#place), done: JSON.stringify(countsOf(this.#progress)) };
    try {
      if (await store.saveRun(claim.kind, this.#holder, { ...run, ...state })) return;
      this.#fail(new Error('another run has taken over, as this one did not report for a while: run it again'));
    } catch (error) {
      this.#fail(error as Error);
    }
  }
}
