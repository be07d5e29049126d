import { type ConsumerRequest, comparePlaces, type Place } from '../store/consumers.ts';
import type { OrderedProgress } from './ordered-progress.ts';
import type { Saver } from './saver.ts';
import type { StreamEnd } from './target.ts';
import type { Loaded } from './window.ts';

export type Rewind = Extract<ConsumerRequest, { kind: 'rewind' }>;
/** Publishes one event again, or the events of all items of a batch. */
export type LateRequest = Exclude<ConsumerRequest, Rewind>;

/**
 * Operators' requests to a consumer whose target takes all callbacks in log order. If a process was killed before it
 * could mark a request as done, the last message of the stream shows whether it was carried out.
 */
export class OrderedRequests {
  readonly #progress: OrderedProgress;
  readonly #saver: Saver;
  readonly #open = new Map<number, ConsumerRequest>();
  /** Rewinds that are carried out but not marked as done: no later callback is in the stream yet. */
  #rewinding: number[] = [];
  /** For requests whose events are only partly in the stream: the id of the last event that is. */
  readonly #begun = new Map<number, string>();
  /** Id of the last rewind before the next message. */
  #rewind = 0;
  #areKnown = false;

  constructor(progress: OrderedProgress, saver: Saver) {
    this.#progress = progress;
    this.#saver = saver;
  }

  /** Whether the requests have been read from the store. */
  get areKnown(): boolean {
    return this.#areKnown;
  }

  get rewind(): number {
    return this.#rewind;
  }

  /** Distinguishes events that are published again after a rewind from duplicates. */
  get pass(): string {
    return this.#rewind === 0 ? '' : `rewind${this.#rewind}`;
  }

  /** The request to carry out next. */
  get next(): ConsumerRequest | undefined {
    return this.#open.values().find(({ id }) => !this.#rewinding.includes(id));
  }

  add(requests: readonly ConsumerRequest[]): void {
    this.#areKnown = true;
    for (const request of requests) {
      if (!this.#saver.isRequestDone(request.id)) this.#open.set(request.id, request);
    }
  }

  /** The stream may hold more than was acknowledged, or, after a purge, less than it did. The further place wins. */
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

  /** The first message after a rewind is in the stream, or there is none to publish. */
  rewound(): void {
    if (this.#rewinding.length === 0) return;
    this.#progress.rewound();
    for (const id of this.#rewinding) this.done(id);
    this.#rewinding = [];
    void this.#saver.save();
  }

  /** The event of one item is in the stream; others follow. */
  begun({ id }: LateRequest, eventId: string): void {
    this.#begun.set(id, eventId);
  }

  /** The events still to be published for a request. */
  restOf({ id }: LateRequest, all: readonly Loaded[]): Loaded[] {
    const last = this.#begun.get(id);
    return all.slice(all.findLastIndex(({ read: { content } }) => 'id' in content && content.id === last) + 1);
  }

  /** The event of a late delivery is in the stream; for several events, the last one. */
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

/** Distinguishes an event that is published again on request from duplicates and from other requests. */
export function passOf({ kind, id }: LateRequest): string {
  return `${kind}${id}`;
}

/** Like `passOf`, for an event that others of the same request follow. */
export function partOf(request: LateRequest): string {
  return `${passOf(request)}part`;
}

function further(one: Place, other: Place): Place {
  return comparePlaces(one, other) >= 0 ? one : other;
}
