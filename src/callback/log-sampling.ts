const INTERVAL_MS = 1_000;

/** Writes one line of a log; `count` is how many events it stands for, where they are several. */
type WriteLine = (sampled: { count?: number }) => void;

/**
 * Samples log lines that anybody can cause in any number: of each kind the first is written at once, those of each
 * second after it as one line, that of the latest with the number of all. Metrics count each.
 */
export class LogSampler {
  readonly #open = new Map<string, { count: number; latest: WriteLine }>();

  /** @param kind one of a few constants: each has a timer of its own */
  sample(kind: string, write: WriteLine): void {
    const held = this.#open.get(kind);
    if (held) {
      held.count += 1;
      held.latest = write;
      return;
    }
    write({});
    this.#hold(kind, write);
  }

  #hold(kind: string, latest: WriteLine): void {
    this.#open.set(kind, { count: 0, latest });
    setTimeout(() => {
      const held = this.#open.get(kind);
      this.#open.delete(kind);
      if (!held || held.count === 0) return;
      held.latest(held.count === 1 ? {} : { count: held.count });
      this.#hold(kind, held.latest);
    }, INTERVAL_MS).unref();
  }
}
