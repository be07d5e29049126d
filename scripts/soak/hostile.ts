import { join } from 'node:path';
import { grouped, printable, readArguments, showProgress } from '../command-line.ts';
import { readExamples } from '../simulator/examples.ts';
import { type CleanUps, runWithCleanUps } from '../testbed/clean-ups.ts';
import { startServer, usageOf } from '../testbed/process.ts';
import { type Fired, fire } from './hostile/fire.ts';
import { errorsInLog, judgeStored, type Stored } from './hostile/judge-stored.ts';

const COMMAND = 'Group.CallbackAfterCreateGroup';
/** The demo's app. */
const SDK_APP_ID = 1400000000;
/** Limit of log lines that are kept, all at level error and above. */
const MOST_ERRORS = 100;

const help = `Usage: npm run soak:hostile -- [options]

Starts a receiver of its own, with an empty SQLite file in a temporary folder, and sends it hostile requests: bodies of
the callback's shape with hostile values, keys, nesting and bytes; hostile queries; and HTTP over raw sockets, broken,
ambiguous, huge, slow or held open. The same seed sends the same requests, apart from their event times.

Options (in brackets what holds without them)
  --requests N         how many [100000]
  --seed N             where the generators start [20221209]
  --max-megabytes N    the most memory that the receiver may take, where the system tells [600]
  --help

A finding is: an answer 5xx other than 503; a receiver that ended or logged an error; a connection that was neither
answered nor ended within 25 s; a good callback that got no OK, or got it and is not stored; a stored callback that
has another status than it deserves, was accepted against the contract, or was smuggled in inside another request; too
much memory. At 20 findings it stops.

Exit status: 0 nothing found, 1 findings, 2 wrong usage.`;

await runWithCleanUps('hostile', hostile);

function readOptions(args: string[]) {
  const given = readArguments(args, { help });
  return {
    requests: given.number('requests', 100_000, 10_000_000),
    seed: given.number('seed', 20221209, 2_147_483_647),
    maxMegabytes: given.number('max-megabytes', 600, 1_000_000),
  };
}

/** Fires at a receiver according to the arguments, and returns the exit status. */
async function hostile(args: string[], cleanUps: CleanUps): Promise<number> {
  const options = readOptions(args);
  const example = { ...readExamples()[COMMAND]?.value, CallbackCommand: COMMAND };
  const folder = cleanUps.folder('callbacks-hostile-');
  const started = performance.now();
  const errors: string[] = [];
  const receiver = await startServer({
    folder,
    onLine(line) {
      if (/^\{"level":[56]0,/.test(line) && errors.length < MOST_ERRORS) errors.push(line);
    },
    onSpawn: (child) => cleanUps.add(() => child.kill('SIGKILL')),
  });
  const { child } = receiver;
  const ending = () => (child.signalCode ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const target = {
    callbackUrl: receiver.callbackUrl,
    sdkAppId: String(SDK_APP_ID),
    example,
    megabytes: () => megabytesOf(receiver.pid),
    ended: () => (isRunning() ? null : `${ending()}\n${receiver.stderr()}`),
  };
  let progress = '';
  const stopProgress = showProgress(() => progress, process.stderr, 5);
  const fired = await fire(target, {
    ...options,
    onProgress({ sent, findings, peakMegabytes }) {
      const perSecond = Math.round((sent / (performance.now() - started)) * 1000);
      const parts = [`${grouped(sent)} of ${grouped(options.requests)}`, `${grouped(perSecond)}/s`];
      progress = [...parts, `${peakMegabytes} MB at most`, `${findings.length} findings`].join(' · ');
    },
  });
  await receiver.end();
  stopProgress();
  const stored = await judgeStored(join(folder, 'data/callbacks.db'), SDK_APP_ID, fired.goodGroups);
  const findings = [...fired.findings, ...stored.findings, ...errorsInLog(errors)];
  if (ending() !== 'exit code 0') findings.push(`told to stop, the receiver ended with ${ending()}`);
  if (fired.peakMegabytes > options.maxMegabytes) {
    findings.push(`the receiver took ${fired.peakMegabytes} MB, more than ${options.maxMegabytes}`);
  }
  console.log(report(fired, stored, findings, options, (performance.now() - started) / 1000));
  return findings.length > 0 ? 1 : 0;
}

function megabytesOf(pid: number): number | null {
  const { bytes } = usageOf(pid);
  return bytes === null ? null : Math.round(bytes / 2 ** 20);
}

function report(fired: Fired, stored: Stored, findings: string[], { seed }: { seed: number }, seconds: number): string {
  const statuses = [...fired.statuses].sort(([a], [b]) => a.localeCompare(b));
  const rows = [
    [
      'requests',
      `${grouped(fired.sent)} in ${Math.round(seconds)} s, and ${grouped(fired.held)} held open (seed ${seed})`,
    ],
    ['outcomes', statuses.map(([status, count]) => `${status}: ${grouped(count)}`).join(', ')],
    ['slowest', `${Math.round(fired.slowestMs)} ms until answered or closed, of those not held open`],
    ['memory', fired.peakMegabytes > 0 ? `${fired.peakMegabytes} MB at most` : 'not known: this system does not tell'],
    ['good', `${grouped(fired.goodGroups.length)} good callbacks in between answered OK`],
    [
      'stored',
      `${grouped(stored.accepted)} accepted, ${grouped(stored.unknown)} unknown, ${grouped(stored.rejected)} rejected, each judged anew`,
    ],
    ['findings', grouped(findings.length)],
  ];
  const table = rows.map(([name = '', text]) => `${name.padEnd(10)}${text}`).join('\n');
  return [table, ...findings.map((finding) => `- ${printable(finding)}`)].join('\n');
}
