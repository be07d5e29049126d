/** Of the receiver's time each reader of the stream has so much: together they read no more than 20 times a second. */
const SHARE_MS = 50;
const LEAST_MS = 250;

/**
 * Reads again when asked, one read at a time, however often it is asked: no sooner than four times as long as the last
 * read took, and where it is one of many readers, in its turn, so that open pages do not wear down a receiver that is
 * busy. A hidden window waits until it is seen.
 */
export function rereading(read: () => Promise<void>): {
  /** @param readers how many are asked at the same time; 0: a person asks, or a change of the very thing that is shown */
  ask(readers: number): void;
  end(): void;
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let over = false;
  let asked: number | null = null;
  let ended = 0;
  let rest = 0;

  async function run(): Promise<void> {
    timer = undefined;
    if (over) return;
    if (document.hidden && ended > 0) return document.addEventListener('visibilitychange', run, { once: true });
    reading = true;
    const started = performance.now();
    await read();
    reading = false;
    ended = performance.now();
    rest = Math.max(LEAST_MS, 4 * (ended - started));
    const next = asked;
    asked = null;
    if (next !== null) schedule(next);
  }

  function schedule(readers: number): void {
    if (readers === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
    const now = performance.now();
    const share = readers * SHARE_MS;
    // By chance, or those who are told at the same time would all read at the same time.
    const due = Math.max(ended + rest, ended + share, now + Math.random() * share);
    timer ??= setTimeout(run, due - now);
  }

  return {
    ask(readers) {
      if (reading) asked = Math.min(asked ?? readers, readers);
      else if (!over) schedule(readers);
    },
    end() {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', run);
    },
  };
}
