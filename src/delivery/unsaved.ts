import type { StoredDelivery } from '../store/consumers.ts';
import { deliveryOf, type Lane } from './lane.ts';

/** Deliveries to write and to delete. */
export interface Changes {
  put: StoredDelivery[];
  done: string[];
}

/** Which stored deliveries have changed since the progress was saved last. */
export class Unsaved {
  readonly #changed = new Set<Lane>();
  /** Dead ones, and late ones that have not begun. */
  readonly #put = new Map<string, StoredDelivery>();
  readonly #done = new Set<string>();

  /** What the lane's stored delivery says has changed. */
  change(lane: Lane): void {
    this.#changed.add(lane);
  }

  put(delivery: StoredDelivery): void {
    this.#done.delete(delivery.id);
    this.#put.set(delivery.id, delivery);
  }

  /** The lane's stored delivery has ended. */
  done(lane: Lane): void {
    if (!lane.stored) return;
    this.#changed.delete(lane);
    this.#put.delete(lane.stored.id);
    this.#done.add(lane.stored.id);
  }

  take(): Changes {
    const changed = [...this.#changed].flatMap((lane) => deliveryOf(lane) ?? []);
    const changes = { put: [...this.#put.values(), ...changed], done: [...this.#done] };
    this.#changed.clear();
    this.#put.clear();
    this.#done.clear();
    return changes;
  }

  /** They could not be saved. @param lanes by the ids of their stored deliveries */
  revert({ put, done }: Changes, lanes: ReadonlyMap<string, Lane>): void {
    for (const id of done) if (!this.#put.has(id)) this.#done.add(id);
    for (const delivery of put) {
      const { id } = delivery;
      const lane = lanes.get(id);
      if (lane?.stored?.id === id) this.#changed.add(lane);
      else if (!this.#done.has(id) && !this.#put.has(id)) this.#put.set(id, delivery);
    }
  }
}
