import { ConfigError, readConfig } from '../src/config.ts';
import { invocation } from '../src/invocation.ts';
import { openStoreForBatch } from '../src/store/open-store.ts';
import type { ReplayProgress } from '../src/store/store.ts';
import {
  environmentOf,
  Failure,
  type Given,
  grouped,
  type Io,
  plural,
  readArguments,
  runMain,
  UsageError,
} from './command-line.ts';

const INTERRUPTED = 130;
const PRINT_INTERVAL_MS = 1_000;

const help = `Rebuilds groups and accounts from the stored callbacks, after a change of src/groups/ or src/accounts/.

  ${invocation('replay')}
  ${invocation('replay', '--from-start')}

The receiver may run meanwhile. Ctrl-C ends it after the group at hand; run it again to continue. A group some of whose
callbacks have been pruned (RETENTION_DAYS) is left as it is, and counted; so is what a pruned callback said of an account.

  --database URL  the database (DATABASE_URL, else sqlite:data/callbacks.db)
  --from-start    start anew instead of continuing an interrupted run
  --help          this text

SDK_APP_ID and DATABASE_URL are read from .env or the environment, as the receiver does.

Exits with 0 when every group is done, 1 when something failed, 2 when it was called wrongly, 130 when it was interrupted.`;

await runMain(import.meta, 'replay', replay);

/** Rebuilds the groups of the receiver's database and returns the exit status. */
export async function replay(args: string[], io: Io): Promise<number> {
  const given = readArguments(args, { help });
  try {
    return await rebuild(given, io);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof UsageError) throw new UsageError(error.message);
    throw new Failure((error as Error).message);
  }
}

async function rebuild(given: Given, io: Io): Promise<number> {
  const database = given.text('database');
  const fromStart = given.flags.has('from-start');
  const { databaseUrl, sdkAppId } = readConfig({ ...environmentOf(io), ...(database && { DATABASE_URL: database }) });
  const print = (text: string) => io.stdout.write(`${text}\n`);
  const stopping = new AbortController();
  // A second signal ends the process at once; even then, no group is left half-written.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

  const store = await openStoreForBatch(databaseUrl, sdkAppId);
  try {
    const earlier = fromStart ? null : await store.replayProgress();
    if (earlier) print(`continues the run that began at ${new Date(earlier.startedAt).toISOString()}`);
    let printedAt = Number.NEGATIVE_INFINITY;
    const done = await store.replay({
      fromStart,
      signal: stopping.signal,
      onProgress(progress, groups) {
        const { accounts } = progress;
        if (performance.now() - printedAt < PRINT_INTERVAL_MS) return;
        printedAt = performance.now();
        if (accounts.callbackId === 0) print(`${grouped(groupsOf(progress))} of about ${plural(groups, 'group')}`);
        else print(`accounts: ${callbacksOf(accounts)} callbacks read, ${entriesOf(accounts)} entries checked`);
      },
    });
    const ends = [
      `${grouped(done.rebuilt)} rebuilt`,
      `${grouped(done.unchanged)} unchanged`,
      done.left > 0 && `${grouped(done.left)} left as they are: some of their callbacks have been pruned`,
      done.gone > 0 && `${grouped(done.gone)} gone: none of their callbacks counts any more`,
    ];
    print(`${plural(groupsOf(done), 'group')}: ${ends.filter(Boolean).join(', ')}`);
    const { found, known, unnamed, right, corrected, left } = done.accounts;
    print(
      `accounts: ${callbacksOf(done.accounts)} callbacks: ${found} found by account from now on, ${known} as before, ${unnamed} name none`,
    );
    const pruned = left > 0 ? `, ${left} left as they are: their callbacks have been pruned` : '';
    print(`accounts: ${entriesOf(done.accounts)} entries: ${right} right, ${corrected} corrected${pruned}`);
    if (done.finished) return 0;
    print('interrupted: run it again to continue');
    return INTERRUPTED;
  } finally {
    await store.close();
  }
}

function groupsOf({ rebuilt, unchanged, left, gone }: ReplayProgress): number {
  return rebuilt + unchanged + left + gone;
}

function callbacksOf({ found, known, unnamed }: ReplayProgress['accounts']): number {
  return found + known + unnamed;
}

function entriesOf({ right, corrected, left }: ReplayProgress['accounts']): number {
  return right + corrected + left;
}
