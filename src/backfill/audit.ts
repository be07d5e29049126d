import type { BackfillStore } from '../store/backfills.ts';
import { confirm, mend } from './backfill.ts';
import { differencesOf } from './compare.ts';
import { type Compared, compareBatch, nowhere } from './compare-batch.ts';
import type { Difference, LeftOut } from './difference.ts';
import { systemClock } from './limits.ts';
import { portionsOf } from './portions.ts';
import { type RunEnd, type RunOptions, runOver, type Tools } from './run.ts';
import { type Suspect, Suspects } from './suspects.ts';
import { takeSnapshots } from './take-snapshot.ts';
import type { VendorGroups } from './vendor-groups.ts';
import { byId } from './walk.ts';

export interface AuditOptions extends RunOptions {
  /** Repair differences by appending the snapshot that shows them. */
  repair: boolean;
  /** Confirm groups without differences. False, without `repair`: the store is not changed. */
  confirm: boolean;
  /** How long a difference has to persist. */
  recheckMs?: number | undefined;
  /** Called with the differences of a group. */
  onDifferences?: ((differences: readonly Difference[]) => void) | undefined;
  /** Called for a group that could not be judged, because callbacks of it kept arriving. */
  onBusy?: ((groupId: string) => void) | undefined;
}

/** The vendor gives up on a callback after 2 s, and a receiver with a backlog may need a few more. */
const RECHECK_MS = 10_000;
const MOST_CHECKS = 3;

/**
 * Finds differences between the mirror and the vendor. A difference counts if it persists for a while in which no
 * callback arrived that can change the group: otherwise a callback on its way may explain it.
 */
export function audit(options: AuditOptions): Promise<RunEnd> {
  const auditor = new Auditor(options);
  return runOver(options, (batch, tools) => {
    const suspects: Suspect[] = [];
    const compared = compareBatch(batch, options, tools, async (all) => {
      suspects.push(...(await auditor.suspectsOf(all)));
    });
    const waiting = auditor.queue(tools);
    const judged = compared.then(() => waiting.add(suspects));
    return { free: compared.then(() => waiting.room()), done: judged };
  });
}

class Auditor {
  readonly #options: AuditOptions;
  #queue: Suspects | null = null;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  queue(tools: Tools): Suspects {
    const { clock = systemClock, recheckMs = RECHECK_MS } = this.#options;
    const check = (suspects: readonly Suspect[]) => this.#check(suspects, tools);
    this.#queue ??= new Suspects({ clock, recheckMs, signal: tools.signal, check });
    return this.#queue;
  }

  async suspectsOf(compared: readonly Compared[]): Promise<Suspect[]> {
    const { store } = this.#options;
    await this.#confirm(compared.filter(({ differences }) => differences.length === 0));
    const differing = compared.filter(({ differences }) => differences.length > 0);
    if (differing.length === 0) return [];
    const newest = await store.newestChangesOf(differing.map(({ snapshot }) => snapshot.groupId));
    return differing.map(({ snapshot: { groupId }, differences }) => {
      return { groupId, differences, newest: newest.get(groupId) ?? null, checks: 0 };
    });
  }

  async #check(suspects: readonly Suspect[], tools: Tools): Promise<Suspect[]> {
    const { store, onBusy } = this.#options;
    const groupIds = suspects.map(({ groupId }) => groupId);
    const mirror = byId(await store.findGroupDetails(groupIds));
    const compared = new Map<string, Compared>();
    const batch = { phase: 'mirror', groupIds, mirror, place: null, passed: 0, total: null } as const;
    // Already counted in the first comparison.
    const count: Tools['count'] = (name, by) => {
      if (name !== 'compared' && name !== 'members') tools.count(name, by);
    };
    const remaining: Suspect[] = [];
    await compareBatch(batch, this.#options, { ...tools, count }, async (all) => {
      for (const one of all) compared.set(one.snapshot.groupId, one);
      const newest = await store.newestChangesOf(groupIds);
      const right: Compared[] = [];
      const wrong: Compared[] = [];
      for (const suspect of suspects) {
        const now = compared.get(suspect.groupId);
        if (!now) continue;
        if (now.differences.length === 0) {
          right.push(now);
          continue;
        }
        const latest = newest.get(suspect.groupId) ?? null;
        const standing = latest === suspect.newest ? standingOf(suspect.differences, now.differences) : [];
        const checks = suspect.checks + 1;
        if (standing.length > 0) wrong.push({ ...now, differences: standing });
        else if (checks < MOST_CHECKS)
          remaining.push({ groupId: suspect.groupId, differences: now.differences, newest: latest, checks });
        else {
          tools.count('busy');
          onBusy?.(suspect.groupId);
        }
      }
      await this.#confirm(right);
      await this.#judged(wrong, tools);
    });
    return remaining;
  }

  async #judged(wrong: readonly Compared[], tools: Tools): Promise<void> {
    if (this.#options.repair) await mend(wrong, this.#options, tools);
    for (const { snapshot, differences } of wrong) {
      this.#options.onDifferences?.(differences);
      if (this.#options.repair) continue;
      tools.count('differing');
      tools.count('differences', differences.length);
      if (snapshot.group === null) tools.count('gone');
    }
  }

  async #confirm(compared: readonly Compared[]): Promise<void> {
    if (this.#options.confirm && this.#options.members) await confirm(compared, this.#options.store);
  }
}

/** The differences that persist. */
function standingOf(before: readonly Difference[], now: readonly Difference[]): Difference[] {
  const keys = new Set(before.map((one) => JSON.stringify(one)));
  return now.filter((one) => keys.has(JSON.stringify(one)));
}

export interface Reconciled {
  /** The differences that were found. */
  differences: readonly Difference[];
  /** Whether a snapshot was appended, which repairs them. */
  stored: boolean;
  /** When the vendor was asked, by its clock; null if the group was left out. */
  takenAt: Date | null;
  leftOut: LeftOut | null;
}

/** Brings one group in line with the vendor, now. @throws {RestError} if the vendor cannot be asked */
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
  if (!snapshot.group && !mirror.has(groupId)) {
    return { differences: [], stored: false, takenAt, leftOut: { groupId, code: null, reason: nowhere(groupId) } };
  }
  const differences = differencesOf(mirror.get(groupId) ?? null, snapshot);
  if (differences.length > 0)
    for (const portion of portionsOf(snapshot, differences)) await store.appendSnapshot(portion);
  await store.confirmGroups([groupId], takenAt);
  return { differences, stored: differences.length > 0, takenAt, leftOut: null };
}
