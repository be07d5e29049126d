import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SMALL_DISK_MB = 16;

export interface SmallDisk {
  /** Uses up all remaining space. */
  fill(): void;
  /** Frees it again. */
  clear(): void;
  unmount(): void;
}

/** Mounts a tmpfs on a new folder; the caller unmounts it. */
export function mountSmallDisk(folder: string): SmallDisk {
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MB}m`, 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  return {
    fill() {
      const block = Buffer.alloc(64 * 1024);
      try {
        for (;;) writeFileSync(ballast, block, { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    clear: () => rmSync(ballast),
    unmount: () => execFileSync('umount', ['-l', folder]),
  };
}

/** Why this machine cannot mount one; null if it can. */
export function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'a tmpfs is a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this machine lets not even root mount a tmpfs';
  }
}
