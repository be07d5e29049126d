import { statfs } from 'node:fs/promises';

const INTERVAL_MS = 5_000;
/** The low-water mark: a flood of callbacks takes 40 MB a second, so this leaves some time to react. */
const LOW_BYTES = 512 * 1024 * 1024;
/** The low-water mark on a small disk, as a share of it. */
const LOW_SHARE = 0.05;

/**
 * Measures the free space of the disk that holds a folder, now and every few seconds.
 * @param onMeasured gets the bytes that this user may still write, and whether they are below the low-water mark
 * @returns a function that ends it
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
    // A missing folder is reported by the next write to the database.
    const disk = await statfs(folder).catch(() => null);
    if (ended || !disk) return;
    const freeBytes = disk.bavail * disk.bsize;
    onMeasured(freeBytes, freeBytes < Math.min(LOW_BYTES, disk.blocks * disk.bsize * LOW_SHARE));
  }
}
