import type { Logger } from '../callback/logger.ts';
import { POLL_MS } from './read-pace.ts';

interface Turns {
  isRunning(): boolean;
  /** Does what is due. @returns milliseconds until the next turn unless it is woken; 0 to continue at once */
  turn(): Promise<number>;
  wakeUp: WakeUp;
  consumer: string;
  log: Logger;
}

/** The loop of a session that reads the log: turn after turn, even while the database does not answer. */
export async function inTurns({ isRunning, turn, wakeUp, consumer, log }: Turns): Promise<void> {
  let isFailing = false;
  while (isRunning()) {
    try {
      const idleMs = await turn();
      if (isFailing) log.info({ consumer }, 'a consumer reads the log again');
      isFailing = false;
      if (idleMs > 0) await wakeUp.sleep(idleMs);
    } catch (error) {
      if (!isFailing) log.error({ err: error, consumer }, 'a consumer cannot read the log');
      isFailing = true;
      await wakeUp.sleep(POLL_MS);
    }
  }
}

/** Lets one loop sleep until it is woken, or until a time-out. A call while it is awake ends its next sleep. */
export class WakeUp {
  #isCalled = false;
  #wake: (() => void) | null = null;

  call(): void {
    this.#isCalled = true;
    this.#wake?.();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.#isCalled) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
      this.#wake = null;
    }
    this.#isCalled = false;
  }
}
