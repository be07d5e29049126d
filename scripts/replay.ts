import { ConfigError, readConfig } from '../src/config.ts';
import { openStoreForBatch } from '../src/store/open-store.ts';
import { environmentOf, printable, readArguments, UsageError } from './command-line.ts';

const INTERRUPTED = 130;
const PRINT_INTERVAL_MS = 1_000;

const HELP = `Rebuilds the groups from the stored callbacks, after a change of src/groups/.

  npm run replay
  npm run replay -- --from-start

The receiver may run meanwhile. Ctrl-C ends it after the group at hand; run it again to continue. A group some of whose
callbacks have been pruned (RETENTION_DAYS) is left as it is, and counted.

  --database URL  the database (DATABASE_URL, else sqlite:data/callbacks.db)
  --from-start    start anew instead of continuing an interrupted run
  --help          this text

SDK_APP_ID and DATABASE_URL are read from .env or the environment, as the receiver does.

Exits with 0 when every group is done, 1 when something failed, 2 when it was called wrongly, 130 when it was interrupted.
`;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof ConfigError;
  console.error(`replay: ${printable((error as Error).message)}`);
  process.exitCode = isUsage ? 2 : 1;
}

/** Rebuilds the groups of the receiver's database and returns the exit status. */
async function main(args: string[]): Promise<number> {
  const given = readArguments(args, { values: ['database'], flags: ['from-start'] });
  if (given === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (given.positionals[0] !== undefined) throw new UsageError(`"${given.positionals[0]}" is no option, see --help`);
  const [database] = given.values.slice(-1);
  const fromStart = given.flags.has('from-start');
  const { databaseUrl, sdkAppId } = readConfig({
    ...environmentOf(process),
    ...(database && { DATABASE_URL: database[1] }),
  });
  const stopping = new AbortController();
  // A second signal ends the process at once; no group is half-written then either.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

  const store = await openStoreForBatch(databaseUrl, sdkAppId);
  try {
    const earlier = fromStart ? null : await store.replayProgress();
    if (earlier) console.log(`continues the run that began at ${new Date(earlier.startedAt).toISOString()}`);
    let printedAt = Number.NEGATIVE_INFINITY;
    const done = await store.replay({
      fromStart,
      signal: stopping.signal,
      onProgress({ rebuilt, unchanged, left }, groups) {
        if (performance.now() - printedAt < PRINT_INTERVAL_MS) return;
        printedAt = performance.now();
        console.log(`${rebuilt + unchanged + left} of ${groups} groups`);
      },
    });
    console.log(`${done.rebuilt} rebuilt, ${done.unchanged} unchanged`);
    if (done.left > 0) console.log(`${done.left} left as they are: some of their callbacks have been pruned`);
    if (done.finished) return 0;
    console.log('interrupted: run it again to continue');
    return INTERRUPTED;
  } finally {
    await store.close();
  }
}
