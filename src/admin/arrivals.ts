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
    return { probes: shown(this.#probes), taken: shown(this.#taken), refused: shown(this.#refused) };
  }

  #count(counted: Counted): void {
    counted.count += 1;
    counted.lastAt = this.#now();
  }
}

/** `lastAt` in milliseconds since 1970: formatting it for every callback would cost more than counting. */
interface Counted {
  count: number;
  lastAt: number | null;
}

function nothing(): Counted {
  return { count: 0, lastAt: null };
}

function shown({ count, lastAt }: Counted): Arrived {
  return { count, lastAt: lastAt === null ? null : new Date(lastAt).toISOString() };
}
