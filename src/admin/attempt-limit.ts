import { isIPv6 } from 'node:net';

const WINDOW_MS = 60_000;
const FAILURES_OF_ONE = 10;
const FAILURES_OF_ALL = 100;
/** Networks that are remembered for having had the right password. */
const KNOWN_NETWORKS = 1000;

/**
 * Counts wrong passwords by the minute: 10 from one network, 100 from all together. Who had the right one before is not
 * held up by the failures of others, so that nobody can shut out the people who are at work.
 *
 * Memory is bounded by what it limits: no more than 100 failures of strangers, and 10 of each known network, are taken
 * in before counting starts anew.
 */
export class AttemptLimit {
  readonly #now: () => number;
  readonly #known = new Set<string>();
  readonly #failures = new Map<string, number>();
  #all = 0;
  #endsAt = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds until the next attempt from here is heard; 0: it is heard now. */
  wait(address: string): number {
    const now = this.#now();
    // The clock may have been set back: no wait is longer than the window.
    if (now >= this.#endsAt || now < this.#endsAt - WINDOW_MS) {
      this.#failures.clear();
      this.#all = 0;
      this.#endsAt = now + WINDOW_MS;
    }
    const network = networkOf(address);
    const held =
      (this.#failures.get(network) ?? 0) >= FAILURES_OF_ONE ||
      (this.#all >= FAILURES_OF_ALL && !this.#known.has(network));
    return held ? Math.ceil((this.#endsAt - now) / 1000) : 0;
  }

  failed(address: string): void {
    const network = networkOf(address);
    this.#failures.set(network, (this.#failures.get(network) ?? 0) + 1);
    this.#all += 1;
  }

  succeeded(address: string): void {
    const network = networkOf(address);
    // Last in, last out: a Set is in the order of insertion.
    this.#known.delete(network);
    this.#known.add(network);
    if (this.#known.size > KNOWN_NETWORKS) this.#known.delete(this.#known.values().next().value as string);
  }
}

/** An IPv4 address itself; of an IPv6 address the /64, which one customer has to himself. */
function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
