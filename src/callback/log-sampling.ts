const INTERVAL_MS = 1_000;

/** Writes a log line; `count` is the number of events that it stands for, if more than one. */
type WriteLine = (sampled: { count?: number }) => void;

/**
 * Samples log lines that anybody can cause in any number. The first line of each kind is written at once; later ones
 * are merged into one line a second, the latest, with their count. Metrics count each event.
 */
export class LogSampler {
  readonly #open = new Map<string, { count: number; latest: WriteLine }>();

  /** @param kind one of a few constants: each has its own timer */
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
