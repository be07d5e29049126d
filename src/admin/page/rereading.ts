/** Rate limit over all readers of the stream: each gets 50 ms, so together they read at most 20 times a second. */
const SHARE_MS = 50;
const MIN_REST_MS = 250;
/** Assumed number of readers if the stream cannot tell whether a change concerns the page: a delay of 2 s at most. */
export const MAYBE = 40;

/**
 * Limits how often something is reread: one read at a time, followed by a pause of four times its duration. If many
 * readers get a gap at once, each waits for its share of the rate limit, so that open pages cannot overload a busy
 * receiver. A hidden window waits until it is visible.
 */
export function rereading(read: () => Promise<void>): {
  /**
   * @param readers the number of pages that read for the same reason; 0: on a user's request, or for a change of what
   *   is shown
   */
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
    rest = Math.max(MIN_REST_MS, 4 * (ended - started));
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
    // Jitter, because all readers get a gap at the same time.
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
