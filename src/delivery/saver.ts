import type { Logger } from '../callback/logger.ts';
import { type ConsumerRequest, LEASE_MS, type Lease, type Place, type Progress } from '../store/consumers.ts';
import type { Changes } from './lane.ts';
import type { DeliveryStore } from './target.ts';

/** After a crash, deliveries that ended since the last save are repeated: this many at most, or those of this time. */
const MOST_UNSAVED = 256;
const SAVE_AFTER_MS = 20;
/** A save begins at half of them, so that deliveries need not wait for it. */
const SAVE_AT = MOST_UNSAVED / 2;
const RENEW_MS = 1_000;
/** The process can be suspended between check and start, so the lease may expire earlier than it appears here. */
const LEASE_MARGIN_MS = 500;

/** Progress of a consumer, as one consistent state. */
export interface Saved {
  takeProgress(): { place: Place; open: readonly Place[]; floor: Place; changes: Changes };
  /** The changes could not be saved. */
  revert(changes: Changes): void;
  /** Called periodically. */
  refreshFloor(): void;
}

interface SaverOptions {
  store: DeliveryStore;
  lease: Lease;
  /** When the lease was requested; monotonic clock. */
  leasedAt: number;
  progress: Saved;
  state: () => Pick<Progress, 'state' | 'detail'>;
  log: Logger;
  onSaved(answer: { paused: boolean; requests: readonly ConsumerRequest[] }): void;
  /** Another process holds the lease, or the consumer was removed. */
  onLost(): void;
}

/** Saves the progress of a consumer, which renews its lease. */
export class Saver {
  readonly #options: SaverOptions;
  readonly #renewal: NodeJS.Timeout;
  #soon: NodeJS.Timeout | null = null;
  #saving: Promise<void> | null = null;
  #again = false;
  #renewedAt: number;
  /** Ended deliveries that no save has picked up yet. */
  #ended = 0;
  /** Ended deliveries in the running save. */
  #beingSaved = 0;
  #isFailing = false;
  readonly #requestsDone = new Set<number>();

  constructor(options: SaverOptions) {
    this.#options = options;
    this.#renewedAt = options.leasedAt;
    this.#renewal = setInterval(() => {
      options.progress.refreshFloor();
      void this.save();
    }, RENEW_MS);
  }

  /** Whether a delivery may be started. After the process was suspended, none may until the lease is renewed. */
  get mayStart(): boolean {
    return performance.now() < this.#renewedAt + LEASE_MS - LEASE_MARGIN_MS && this.budget > 0;
  }

  /** How many deliveries may end before the next save must be done. */
  get budget(): number {
    return MOST_UNSAVED - this.#ended - this.#beingSaved;
  }

  /** A delivery has ended. */
  ended(): void {
    this.#ended += 1;
    if (this.#isFailing) return;
    if (this.#ended >= SAVE_AT) void this.save();
    else this.#soon ??= setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  requestDone(id: number): void {
    this.#requestsDone.add(id);
  }

  /** Whether completed requests are not yet saved as done. */
  get hasRequestsDone(): boolean {
    return this.#requestsDone.size > 0;
  }

  isRequestDone(id: number): boolean {
    return this.#requestsDone.has(id);
  }

  /** Saves now, or again after the running save. */
  save(): Promise<void> {
    if (this.#saving) this.#again = true;
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  /** Stops renewing the lease, and waits for the running save. */
  async stop(): Promise<void> {
    clearInterval(this.#renewal);
    if (this.#soon) clearTimeout(this.#soon);
    await this.#saving;
  }

  async #saveAll(): Promise<void> {
    do {
      this.#again = false;
    } while ((await this.#write()) && this.#again);
  }

  /** @returns whether it is saved */
  async #write(): Promise<boolean> {
    const { store, lease, progress: saved, state, log, onSaved, onLost } = this.#options;
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = null;
    const { changes, ...progress } = saved.takeProgress();
    const requestsDone = [...this.#requestsDone];
    this.#beingSaved = this.#ended;
    this.#ended = 0;
    const sentAt = performance.now();
    let answer: Awaited<ReturnType<DeliveryStore['saveProgress']>>;
    try {
      answer = await store.saveProgress(lease, { ...progress, ...changes, requestsDone, ...state() });
    } catch (error) {
      saved.revert(changes);
      this.#ended += this.#beingSaved;
      this.#beingSaved = 0;
      if (!this.#isFailing)
        log.error({ err: error, consumer: lease.name }, 'the progress of a consumer cannot be saved');
      this.#isFailing = true;
      return false;
    }
    this.#beingSaved = 0;
    if (this.#isFailing) log.info({ consumer: lease.name }, 'the progress of a consumer is saved again');
    this.#isFailing = false;
    if (!answer) {
      onLost();
      return false;
    }
    this.#renewedAt = sentAt;
    for (const id of requestsDone) this.#requestsDone.delete(id);
    onSaved(answer);
    return true;
  }
}
