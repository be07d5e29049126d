import type { Entry } from './window.ts';

const MOST_LOADED = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** What is read of a callback, with its group. */
export type Loaded = NonNullable<Entry['loaded']>;

/** Bounds what is loaded of a consumer's callbacks. */
export class Memory {
  #loaded = 0;
  #bytes = 0;

  /** How many more callbacks may be read. A read brings megabytes at most. */
  get room(): number {
    return this.#bytes < MOST_BYTES / 2 ? Math.max(MOST_LOADED - this.#loaded, 0) : 0;
  }

  /** There is room for several reads. */
  get hasPlenty(): boolean {
    return this.#loaded < MOST_LOADED / 2 && this.#bytes < MOST_BYTES / 4;
  }

  load(entry: Entry, loaded: Loaded): void {
    entry.loaded = loaded;
    this.#loaded += 1;
    this.#bytes += loaded.read.bytes;
  }

  unload(entry: Entry): void {
    if (!entry.loaded) return;
    this.#loaded -= 1;
    this.#bytes -= entry.loaded.read.bytes;
    entry.loaded = null;
  }
}
