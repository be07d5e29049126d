import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { startArguments } from '../testbed/process.ts';
import { complaints, measure, type Run, sqliteIn } from './measure.ts';
import type { Options } from './options.ts';
import { machine, mediansOf } from './results.ts';

const PAGES = 200;

/** Measures the receiver under load with and without open pages, in turns. @returns the exit status */
export async function benchLive(
  { rounds, seconds, warmUpSeconds, out }: Options,
  folder: string,
  cleanUps: CleanUps,
): Promise<number> {
  const runs: Record<'with' | 'without', Run[]> = { with: [], without: [] };
  const found: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const which of round % 2 === 1 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      const run = await underLoad(which === 'with');
      runs[which].push(run);
      found.push(...complaints(`${which} pages`, run));
      console.error(`round ${round} of ${rounds}: ${which} ${PAGES} pages ${Math.round(run.perSecond)} callbacks/s`);
    }
  }
  const [withPages, without] = [mediansOf(runs.with), mediansOf(runs.without)];
  const ratio = (withPages.perSecond as number) / (without.perSecond as number);
  const result = { measuredAt: new Date(), machine: machine(), pages: PAGES, withPages, without, ratio };
  writeFileSync(out, `${JSON.stringify(result, null, 2)}\n`);
  for (const [name, { perSecond, cpuMicroseconds, p99Ms }] of [
    ['without pages', without],
    [`with ${PAGES} pages`, withPages],
  ] as const) {
    const cpu = cpuMicroseconds == null ? '' : `, ${cpuMicroseconds.toFixed(0)} us of CPU each`;
    console.log(
      `${name.padEnd(16)}${perSecond?.toFixed(0)} callbacks/s${cpu}, 99th percentile ${p99Ms?.toFixed(1)} ms`,
    );
  }
  console.log(`ratio           ${ratio.toFixed(3)}`);
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;

  async function underLoad(withPages: boolean): Promise<Run> {
    const own = join(folder, 'live');
    let close = () => {};
    return measure(
      { args: startArguments(), databaseUrl: sqliteIn(own) },
      { seconds, warmUpSeconds },
      {
        folder: own,
        cleanUps,
        async onReady({ adminUrl }) {
          if (withPages) close = await openPages(adminUrl, cleanUps);
        },
        async afterLoad({ adminUrl }) {
          if (!withPages) return;
          // A reader that cannot keep up is dropped, and would then cost nothing.
          const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
          const open = Number(/^callbacks_live_readers (\d+)$/m.exec(metrics)?.[1]);
          if (open !== PAGES) found.push(`${open} of ${PAGES} pages were still open at the end`);
          close();
        },
      },
    );
  }
}

/** Reads the live stream in another process. */
async function openPages(adminUrl: string, cleanUps: CleanUps): Promise<() => void> {
  const child = fork(join(import.meta.dirname, 'read-live.ts'), [adminUrl, String(PAGES)]);
  const forget = cleanUps.add(() => child.kill('SIGKILL'));
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (message !== 'open') throw new Error('the pages could not be opened');
  return () => {
    child.kill('SIGKILL');
    forget();
  };
}
