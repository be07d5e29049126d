import type { components } from '../../generated/admin.ts';

type Arrived = components['schemas']['Arrivals'];

/** Requests to this process since its start, which show whether the vendor's console is set up correctly. */
export class Arrivals {
  readonly since: string;
  readonly #now: () => number;
  readonly #probes = nothing();
  readonly #taken = nothing();
  readonly #refused = nothing();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
    this.since = new Date(now()).toISOString();
  }

  probe(): void {
    this.#count(this.#probes);
  }

  /** A callback was taken; it was signed if a token is set. */
  taken(): void {
    this.#count(this.#taken);
  }

  /** A request was refused because of its signature. */
  refused(): void {
    this.#count(this.#refused);
  }

  read(): { probes: Arrived; taken: Arrived; refused: Arrived } {
    return { probes: { ...this.#probes }, taken: { ...this.#taken }, refused: { ...this.#refused } };
  }

  #count(arrived: Arrived): void {
    arrived.count += 1;
    arrived.lastAt = new Date(this.#now()).toISOString();
  }
}

function nothing(): Arrived {
  return { count: 0, lastAt: null };
}
