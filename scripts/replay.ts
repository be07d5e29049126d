import { ConfigError, readConfig } from '../src/config.ts';
import { openPostgresReplay } from '../src/store/postgres/open-postgres-replay.ts';
import { type Replayed, replay } from '../src/store/replay.ts';
import { openSqliteReplay } from '../src/store/sqlite/open-sqlite-replay.ts';
import { environmentOf, printable, UsageError } from './command-line.ts';
import { helpText, readOptions } from './replay/options.ts';

const INTERRUPTED = 130;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof ConfigError;
  console.error(`replay: ${printable((error as Error).message)}`);
  process.exitCode = isUsage ? 2 : 1;
}

/** Rebuilds the groups of the receiver's database and returns the exit status. */
async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(helpText);
    return 0;
  }
  const { databaseUrl, sdkAppId } = readConfig({
    ...environmentOf(process),
    ...(options.database !== undefined && { DATABASE_URL: options.database }),
  });
  const stopping = new AbortController();
  // A second signal ends it at once; no group is half-written then either.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

  const database = databaseUrl.startsWith('sqlite:')
    ? openSqliteReplay(databaseUrl.slice('sqlite:'.length), sdkAppId)
    : await openPostgresReplay(databaseUrl, sdkAppId);
  try {
    if (options.fromStart) await database.saveProgress(null);
    const earlier = await database.progress();
    if (earlier) console.log(`goes on with what began at ${new Date(earlier.startedAt).toISOString()}`);
    const groups = await database.countGroups();
    const done = await replay(database, sdkAppId, {
      signal: stopping.signal,
      onProgress: (replayed) => console.log(`${countOf(replayed)} of ${groups} groups`),
    });
    console.log(`${done.rebuilt} rebuilt, ${done.unchanged} unchanged`);
    if (done.left > 0) console.log(`${done.left} left as they are: callbacks of theirs are stored no more`);
    if ((await database.progress()) === null) return 0;
    console.log('interrupted: run it again to go on');
    return INTERRUPTED;
  } finally {
    await database.close();
  }
}

function countOf({ rebuilt, unchanged, left }: Replayed): number {
  return rebuilt + unchanged + left;
}
