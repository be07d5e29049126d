import { statfs } from 'node:fs/promises';

const INTERVAL_MS = 5_000;
/** The low-water mark: a flood of callbacks takes 40 MB a second, so this is some time to react. */
const LOW_BYTES = 512 * 1024 * 1024;
/** On a small disk. */
const LOW_SHARE = 0.05;

/**
 * Measures the free room of the disk that a folder is on, now and every few seconds.
 * @param onMeasured gets the bytes that this user may still write, and whether they are below the low-water mark
 * @returns what ends it
 */
export function watchDisk(folder: string, onMeasured: (freeBytes: number, low: boolean) => void): () => void {
  let ended = false;
  const timer = setInterval(measure, INTERVAL_MS).unref();
  void measure();
  return () => {
    ended = true;
    clearInterval(timer);
  };

  async function measure(): Promise<void> {
    // A folder that is gone shows when the database is written.
    const disk = await statfs(folder).catch(() => null);
    if (ended || !disk) return;
    const freeBytes = disk.bavail * disk.bsize;
    onMeasured(freeBytes, freeBytes < Math.min(LOW_BYTES, disk.blocks * disk.bsize * LOW_SHARE));
  }
}
