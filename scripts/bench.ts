import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { complaints, doubts, measure, type Run, sqliteIn } from './bench/measure.ts';
import { type Options, readOptions, type Target } from './bench/options.ts';
import { markdownTable, resultsOf, textTable } from './bench/results.ts';
import { type CleanUps, runWithCleanUps } from './testbed/clean-ups.ts';
import { dropDatabase, postgresOnDemand, query } from './testbed/postgres.ts';
import { ROOT } from './testbed/process.ts';

const TABLE_FILE = join(ROOT, 'docs/performance.md');
const MARKED = /(?<=<!-- bench -->\n).*?(?=<!-- \/bench -->)/s;
const PACKAGES = join(ROOT, 'scripts/bench');

await runWithCleanUps('bench', bench);

/** @returns the exit status */
async function bench(args: string[], cleanUps: CleanUps): Promise<number> {
  const options = readOptions(args);
  if (options.worst) {
    console.log(await (await import('./bench/worst-bodies.ts')).worstBodies());
    return 0;
  }
  if (
    options.growth ||
    (!options.commands && !options.delivery && !options.scaling && options.targets.some(({ foreign }) => foreign))
  )
    installPackages();
  // Not in the system's temporary folder: if that is in memory, nothing is ever written to disk.
  const folder = cleanUps.folder(join(process.cwd(), 'dist/bench/run-'));
  mkdirSync(dirname(options.out), { recursive: true });
  if (options.growth) return (await import('./bench/growth.ts')).growth(options, folder, cleanUps);
  if (options.commands) return (await import('./bench/commands.ts')).commandsBench(options, folder, cleanUps);
  if (options.scaling) return (await import('./bench/scaling.ts')).scaling(options, folder, cleanUps);
  if (options.delivery) {
    const postgres = postgresOnDemand(join(folder, 'postgres'), cleanUps);
    return (await import('./bench/delivery.ts')).deliveryBench(options, { folder, postgres, cleanUps });
  }

  const { runs, found } = await measureAll(options, folder, cleanUps);
  const results = resultsOf(runs, options);
  writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
  console.log(textTable(results));
  if (options.writeReadme) {
    const text = readFileSync(TABLE_FILE, 'utf8');
    if (!MARKED.test(text))
      throw new Error('docs/performance.md has no <!-- bench --> and <!-- /bench --> to write between');
    writeFileSync(
      TABLE_FILE,
      text.replace(MARKED, () => `${markdownTable(results)}\n`),
    );
  }
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;
}

/** Installs the other frameworks and the chart library, which only the bench needs, unless they are installed. */
function installPackages(): void {
  if (existsSync(join(PACKAGES, 'node_modules'))) return;
  console.error('Installing what the bench compares with (npm ci in scripts/bench) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: PACKAGES,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  rmSync(join(PACKAGES, 'node_modules'), { recursive: true, force: true });
  throw new Error(
    'the packages in scripts/bench could not be installed, which takes a connection to the npm registry once: ' +
      'connect, or measure what needs no package, such as --only limit --only ours',
  );
}

/**
 * Measures every target once per round, so that other load on the machine affects all alike; every other round runs
 * backwards.
 */
async function measureAll({ targets, rounds, seconds, warmUpSeconds }: Options, folder: string, cleanUps: CleanUps) {
  const postgres = postgresOnDemand(join(folder, 'postgres'), cleanUps);
  const runs = new Map<Target, Run[]>(targets.map((target) => [target, []]));
  const found: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const target of round % 2 === 1 ? targets : targets.toReversed()) {
      const own = join(folder, `${round}-${target.name}`);
      let databaseUrl = sqliteIn(own);
      if (target.database === 'PostgreSQL') {
        databaseUrl = await (await postgres()).createDatabase();
        // Pending writes of an earlier run must not slow down this one.
        await query(databaseUrl, 'CHECKPOINT');
      }
      const run = await measure({ ...target, databaseUrl }, { seconds, warmUpSeconds }, { folder: own, cleanUps });
      if (target.database === 'PostgreSQL') await dropDatabase(databaseUrl);
      runs.get(target)?.push(run);
      found.push(...complaints(target.name, run));
      console.error(`round ${round} of ${rounds}: ${target.name} ${Math.round(run.perSecond)} requests/s`);
      for (const doubt of doubts(target.name, run)) console.error(doubt);
    }
  }
  return { runs, found };
}
