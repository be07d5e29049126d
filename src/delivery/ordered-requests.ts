import { type ConsumerRequest, comparePlaces, type Place } from '../store/consumers.ts';
import type { OrderedProgress } from './ordered-progress.ts';
import type { Saver } from './saver.ts';
import type { StreamEnd } from './target.ts';
import type { Loaded } from './window.ts';

export type Rewind = Extract<ConsumerRequest, { kind: 'rewind' }>;
/** Publishes one event again, or those of all items of a batch. */
export type LateRequest = Exclude<ConsumerRequest, Rewind>;

/**
 * What operators ask of a consumer whose target takes everything in the order of the log. What the stream ends with tells
 * which requests a process has carried out that was killed before it could note them as done.
 */
export class OrderedRequests {
  readonly #progress: OrderedProgress;
  readonly #saver: Saver;
  readonly #open = new Map<number, ConsumerRequest>();
  /** Rewinds that have been carried out, but not noted as done: nothing of the log after them is in the stream yet. */
  #rewinding: number[] = [];
  /** Of requests whose events are not all in the stream: the id of the last one that is. */
  readonly #begun = new Map<number, string>();
  /** Id of the last rewind before what is published next. */
  #rewind = 0;
  #areKnown = false;

  constructor(progress: OrderedProgress, saver: Saver) {
    this.#progress = progress;
    this.#saver = saver;
  }

  /** Whether the store has told which there are. */
  get areKnown(): boolean {
    return this.#areKnown;
  }

  get rewind(): number {
    return this.#rewind;
  }

  /** Tells events of the log that are published again after a rewind from repetitions. */
  get pass(): string {
    return this.#rewind === 0 ? '' : `rewind${this.#rewind}`;
  }

  /** What is to be carried out next. */
  get next(): ConsumerRequest | undefined {
    return this.#open.values().find(({ id }) => !this.#rewinding.includes(id));
  }

  add(requests: readonly ConsumerRequest[]): void {
    this.#areKnown = true;
    for (const request of requests) {
      if (!this.#saver.isRequestDone(request.id)) this.#open.set(request.id, request);
    }
  }

  /** The stream may have more than was acknowledged; and less than it had, where it was emptied. The further place counts. */
  goOnAfter(end: StreamEnd | null, isPlaceKnown: boolean): void {
    const progress = this.#progress;
    const requests = [...this.#open.values()];
    const late = requests.filter((request) => request.kind !== 'rewind');
    for (const request of late) {
      if (end?.id.endsWith(`-${passOf(request)}`)) this.published(request);
      else if (end?.id.endsWith(`-${partOf(request)}`))
        this.begun(request, end.id.slice(0, -partOf(request).length - 1));
    }
    const rewinds = requests.filter((request) => request.kind === 'rewind');
    const done = isPlaceKnown ? rewinds.findIndex(({ id }) => id === end?.rewind) : -1;
    this.#rewinding = rewinds.slice(0, done + 1).map(({ id }) => id);
    this.#rewind = end?.rewind ?? this.#rewind;
    if (!end || !isPlaceKnown) progress.restart(progress.place);
    else if (done < 0) progress.restart(further(progress.place, end.place));
    else {
      progress.restart(end.place);
      this.rewound();
    }
  }

  goTo({ id, to }: Rewind): void {
    this.#rewinding.push(id);
    this.#rewind = id;
    if (!this.#progress.rewind(to)) this.rewound();
  }

  /** The stream has begun with what follows a rewind, or nothing follows. */
  rewound(): void {
    if (this.#rewinding.length === 0) return;
    this.#progress.rewound();
    for (const id of this.#rewinding) this.done(id);
    this.#rewinding = [];
    void this.#saver.save();
  }

  /** The event of an item is in the stream, and others follow. */
  begun({ id }: LateRequest, eventId: string): void {
    this.#begun.set(id, eventId);
  }

  /** What is still to be published for a request. */
  restOf({ id }: LateRequest, all: readonly Loaded[]): Loaded[] {
    const last = this.#begun.get(id);
    return all.slice(all.findLastIndex(({ read: { content } }) => 'id' in content && content.id === last) + 1);
  }

  /** The event of a late one is in the stream; of several, the last. */
  published(request: LateRequest): void {
    if (request.kind === 'retry') this.#progress.done(request.deliveryId);
    this.done(request.id);
  }

  done(id: number): void {
    this.#open.delete(id);
    this.#begun.delete(id);
    this.#saver.requestDone(id);
  }
}

/** Tells an event that is published again on request from a repetition, and from all others that are. */
export function passOf({ kind, id }: LateRequest): string {
  return `${kind}${id}`;
}

/** The same of an event that others follow, for the same request. */
export function partOf(request: LateRequest): string {
  return `${passOf(request)}part`;
}

function further(one: Place, other: Place): Place {
  return comparePlaces(one, other) >= 0 ? one : other;
}
