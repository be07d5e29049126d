/** A read under a load that no person can follow is not worth its cost to the receiver. */
const CALM_MS = 2_000;
const MANY_MISSED = 1_000;
const LEAST_MS = 250;

/**
 * Reads again when asked, one read at a time, however often it is asked: no sooner than four times as long as the last
 * read took, so that many open pages do not wear down a receiver that is busy. A hidden window waits until it is seen.
 */
export function rereading(read: () => Promise<void>): { ask(missed: number): void; end(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let asked = false;
  let over = false;
  let notBefore = 0;
  let calm = false;

  async function run(): Promise<void> {
    timer = undefined;
    if (over) return;
    if (document.hidden && notBefore > 0) return document.addEventListener('visibilitychange', run, { once: true });
    reading = true;
    asked = false;
    const started = performance.now();
    await read();
    const took = performance.now() - started;
    reading = false;
    notBefore = performance.now() + Math.max(LEAST_MS, 4 * took, calm ? CALM_MS : 0);
    calm = false;
    if (asked) schedule();
  }

  function schedule(): void {
    timer ??= setTimeout(run, Math.max(0, notBefore - performance.now()));
  }

  return {
    ask(missed) {
      calm ||= missed > MANY_MISSED;
      asked = true;
      if (!reading && !over) schedule();
    },
    end() {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', run);
    },
  };
}
