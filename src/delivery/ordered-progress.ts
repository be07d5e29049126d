import { comparePlaces, type Place, type StoredDelivery } from '../store/consumers.ts';
import type { Changes } from './lane.ts';
import type { Saved } from './saver.ts';

/** A callback that is being published. */
interface Sent {
  readonly place: Place;
  settled: boolean;
}

/** Progress of a consumer whose callbacks are published in log order. */
export class OrderedProgress implements Saved {
  #place: Place;
  #readTo: Place;
  #sent: Sent[] = [];
  /** The cursor before a rewind, until the rewind has taken effect. */
  #before: Place | null = null;
  #put: StoredDelivery[] = [];
  #done: string[] = [];

  constructor(place: Place) {
    this.#place = place;
    this.#readTo = place;
  }

  /** Cursor: all callbacks up to here are in the stream, or stored as dead letters. */
  get place(): Place {
    return this.#before ?? this.#place;
  }

  /** The log has been read up to here. */
  get readTo(): Place {
    return this.#readTo;
  }

  /** Whether stored deliveries have changed since the last save. */
  get hasUnsaved(): boolean {
    return this.#put.length + this.#done.length > 0;
  }

  /** The next callback of the log is being published. */
  send(place: Place): Sent {
    const sent = { place, settled: false };
    this.#sent.push(sent);
    this.#readTo = place;
    return sent;
  }

  /** The next callback of the log is not delivered. */
  pass(place: Place): void {
    this.#readTo = place;
    if (this.#sent.length === 0) this.#place = place;
  }

  /** The stream has acknowledged the callback. */
  settle(sent: Sent): void {
    sent.settled = true;
    const open = this.#sent.findIndex(({ settled }) => !settled);
    const settled = this.#sent.splice(0, open < 0 ? this.#sent.length : open);
    const last = settled.at(-1);
    if (last) this.#place = open < 0 ? this.#readTo : last.place;
  }

  /** Reads on from here. Callbacks that are being published no longer count. */
  restart(place: Place): void {
    this.#before = null;
    this.#place = place;
    this.#readTo = place;
    this.#sent = [];
  }

  /** @returns whether the rewind goes back; then nothing of it is saved until `rewound` is called */
  rewind(to: Place): boolean {
    const before = this.place;
    this.restart(to);
    const isBack = comparePlaces(to, before) < 0;
    if (isBack) this.#before = before;
    return isBack;
  }

  rewound(): void {
    this.#before = null;
  }

  put(delivery: StoredDelivery): void {
    this.#put.push(delivery);
  }

  done(deliveryId: string): void {
    this.#done.push(deliveryId);
  }

  takeProgress(): { place: Place; open: Place[]; floor: Place; changes: Changes } {
    const changes = { put: this.#put, done: this.#done };
    this.#put = [];
    this.#done = [];
    return { place: this.place, open: [], floor: this.place, changes };
  }

  revert({ put, done }: Changes): void {
    this.#put = [...put, ...this.#put];
    this.#done = [...done, ...this.#done];
  }

  refreshFloor(): void {}
}
