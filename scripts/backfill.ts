import { audit } from '../src/backfill/audit.ts';
import { backfill as fill } from '../src/backfill/backfill.ts';
import { RestClient } from '../src/backfill/rest-client.ts';
import type { RunEnd, RunOptions } from '../src/backfill/run.ts';
import { VendorGroups } from '../src/backfill/vendor-groups.ts';
import type { Logger } from '../src/callback/logger.ts';
import { openStoreForBatch } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { type BackfillOptions, type BackfillSettings, readOptions, readSettings } from './backfill/options.ts';
import { ProgressLine, Report } from './backfill/report.ts';
import { type Io, printable, runMain, showProgress } from './command-line.ts';

const DIFFERENCES = 1;
const UNFINISHED = 3;
const INTERRUPTED = 130;
const PROGRESS_SECONDS = 5;

await runMain(import.meta, 'backfill', backfill);

/** Fills the groups of the receiver's database from the vendor's REST API and returns the exit status. */
export async function backfill(args: string[], io: Io): Promise<number> {
  const options = readOptions(args);
  const settings = readSettings(io, options.database);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) io.on(signal, () => stopping.abort());
  const tell = (text: string) => io.stderr.write(`${io.stderr.isTTY ? '\r\x1b[K' : ''}backfill: ${printable(text)}\n`);
  let store: Store;
  try {
    store = await openStoreForBatch(settings.databaseUrl, settings.sdkAppId);
  } catch (error) {
    tell(`the database cannot be used: ${(error as Error).message}`);
    return UNFINISHED;
  }
  try {
    return await run(store, settings, options, { io, tell, signal: stopping.signal });
  } catch (error) {
    if (stopping.signal.aborted) return INTERRUPTED;
    tell((error as Error).message);
    return UNFINISHED;
  } finally {
    await store.close();
  }
}

interface Surroundings {
  io: Io;
  tell(text: string): void;
  signal: AbortSignal;
}

async function run(
  store: Store,
  { rest, sdkAppId }: BackfillSettings,
  options: BackfillOptions,
  { io, tell, signal }: Surroundings,
): Promise<number> {
  const { dryRun, groupIds, types, members, since, customFields, rate, json, fromStart, key } = options;
  const { origins, admin, key: secret } = rest;
  const client = new RestClient({ origins, sdkAppId, admin, key: secret, rate, log: logTo(tell) });
  const report = new Report((line) => io.stdout.write(`${line}\n`), json);
  const line = new ProgressLine();
  const stopProgress = showProgress(() => printable(line.text()), io.stderr, PROGRESS_SECONDS);
  const common: RunOptions = {
    ...{ store, vendor: new VendorGroups(client), which: { groupIds, types } },
    ...{ members, since, customFields, signal },
    // A dry run saves nothing, not even its progress.
    claim: dryRun ? null : { kind: 'backfill', options: key, fromStart },
    onProgress: (progress) => line.set(progress),
    onLeftOut: (leftOut) => report.leftOut(leftOut),
    onSkippedType: (type, reason) => report.skippedType(type, reason),
    onContinued: (startedAt) => tell(`continues the run that began at ${startedAt.toISOString()}`),
    onWaiting(heldBy) {
      const text = `waits, as another run is at work: ${heldBy}`;
      if (line.waitsFor === null) tell(text);
      line.waitsFor = text;
    },
  };
  let end: RunEnd;
  try {
    end = dryRun
      ? await audit({
          ...common,
          ...{ repair: false, confirm: false },
          onDifferences: (differences) => report.differences(differences),
          onBusy: (groupId) => report.busy(groupId),
        })
      : await fill(common);
  } finally {
    stopProgress();
    client.close();
  }
  report.end(end, dryRun);
  if (end.error) tell(end.error.message);
  if (end.error) return UNFINISHED;
  if (!end.finished) return INTERRUPTED;
  if (dryRun && end.counts.differing > 0) return DIFFERENCES;
  return end.counts.leftOut > 0 ? UNFINISHED : 0;
}

/** The client's warnings and errors during the run. */
function logTo(tell: (text: string) => void): Logger {
  const say = (_fields: object, message: string) => tell(message);
  return { debug: () => {}, info: () => {}, warn: say, error: say };
}
