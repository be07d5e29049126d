import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../generated/commands.ts';
import { columns, plural } from '../command-line.ts';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { startArguments } from '../testbed/process.ts';
import { complaints, doubts, measure, type Run, sqliteIn, startTarget } from './measure.ts';
import type { Options } from './options.ts';
import { projectWithCommands } from './project-copy.ts';
import { mediansOf } from './results.ts';

/**
 * Measures the cost of described commands for a receiver on SQLite: alternates between two copies of the project, one
 * with the whole contract and one with only the command that is sent.
 *
 * @returns the exit status
 */
export async function commandsBench(
  { rounds, seconds, warmUpSeconds }: Options,
  folder: string,
  cleanUps: CleanUps,
): Promise<number> {
  const found: string[] = [];
  const contracts = [1, Object.keys(COMMANDS).length].map((count) => ({
    name: plural(count, 'command'),
    args: startArguments(projectWithCommands(join(folder, `project-${count}`), count)),
    runs: [] as Run[],
  }));
  // The first start of a copy compiles it.
  for (const { args } of contracts) await startOnce(args);
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, args, runs } of round % 2 === 1 ? contracts : contracts.toReversed()) {
      const own = join(folder, 'run');
      const run = await measure(
        { args, databaseUrl: sqliteIn(own) },
        { seconds, warmUpSeconds },
        { folder: own, cleanUps },
      );
      runs.push(run);
      found.push(...complaints(name, run));
      console.error(`round ${round} of ${rounds}: ${name} ${Math.round(run.perSecond)} callbacks/s`);
      for (const doubt of doubts(name, run)) console.error(doubt);
    }
  }
  console.log(table(contracts));
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;

  async function startOnce(args: readonly string[]): Promise<void> {
    const own = join(folder, 'first-start');
    mkdirSync(own);
    const databaseUrl = sqliteIn(own);
    const server = await startTarget({ args, env: { DATABASE_URL: databaseUrl } }, { folder: own, cleanUps });
    await server.end();
    rmSync(own, { recursive: true });
  }
}

/** Medians of the rounds, and the difference between the two contracts. */
function table(contracts: readonly { name: string; runs: Run[] }[]): string {
  const medians = contracts.map(({ runs }) => mediansOf(runs));
  const figures = [
    ['callbacks/s', 'perSecond', 0, ''],
    ['CPU each', 'cpuMicroseconds', 0, ' µs'],
    ['memory', 'megabytes', 1, ' MB'],
    ['start to ready', 'startMs', 0, ' ms'],
  ] as const;
  const rows = figures.map(([title, name, digits, unit]) => {
    const [one = null, whole = null] = medians.map((ofOne) => ofOne[name]);
    if (one === null || whole === null) return [title, '–', '–', '–', '–'];
    const shown = [one, whole].map((number) => `${number.toFixed(digits)}${unit}`);
    const difference = whole - one;
    return [
      title,
      ...shown,
      `${difference < 0 ? '' : '+'}${difference.toFixed(digits)}${unit}`,
      (whole / one).toFixed(3),
    ];
  });
  return columns([['', ...contracts.map(({ name }) => name), 'difference', 'ratio'], ...rows], true);
}
