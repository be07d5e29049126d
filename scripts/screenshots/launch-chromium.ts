import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import chromiumPackage from '../../node_modules/@sparticuz/chromium/package.json' with { type: 'json' };
import { ROOT } from '../testbed/process.ts';

/** A real Chromium that resolves no names and reaches only this machine. */
export async function launchChromium(): Promise<Browser> {
  const folder = await unpack();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // The package includes libraries that a minimal machine lacks, such as libnss3.
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib') },
    args: [
      // Containers run as root, which cannot use the sandbox. The pages are our own.
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/**
 * Unpacks the browser once per installation. The package would unpack into the folder for temporary files, and accept
 * another version, or the half-written file of a concurrent test, as its own. So it gets its own folder, which is
 * renamed when complete.
 */
async function unpack(): Promise<string> {
  const cache = join(ROOT, 'node_modules/.cache');
  const folder = join(cache, `chromium-${chromiumPackage.version}`);
  if (!existsSync(folder)) {
    const work = `${folder}.${process.pid}`;
    mkdirSync(work, { recursive: true });
    const script =
      "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
    try {
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: ROOT,
        // With the name of an AWS runtime, it unpacks the libraries too.
        env: { ...process.env, TMPDIR: work, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
      });
      renameSync(work, folder);
    } catch (error) {
      rmSync(work, { recursive: true, force: true });
      // ENOTEMPTY: a concurrent test was faster.
      if (!existsSync(folder)) throw error;
    }
  }
  return folder;
}
