import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable, UsageError } from '../command-line.ts';
import { readExamples } from '../simulator/examples.ts';
import { faultsInLog } from './hostile/faults-in-log.ts';
import { type Fired, fire } from './hostile/fire.ts';
import { judgeStored, type Stored } from './hostile/judge-stored.ts';
import { memoryOf } from './hostile/memory-of.ts';
import { helpText, type Options, readOptions } from './hostile/options.ts';
import { startReceiver } from './hostile/start-receiver.ts';

const COMMAND = 'Group.CallbackAfterCreateGroup';
/** That of the demo. */
const SDK_APP_ID = 1400000000;

try {
  process.exitCode = await hostile(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`hostile: ${printable(error.message)}`);
  process.exitCode = 2;
}

/** Fires at a receiver as the arguments say and returns the exit status. */
async function hostile(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(helpText);
    return 0;
  }
  const example = { ...readExamples()[COMMAND]?.value, CallbackCommand: COMMAND };
  const folder = mkdtempSync(join(tmpdir(), 'callbacks-hostile-'));
  try {
    const started = performance.now();
    const receiver = await startReceiver(folder);
    process.once('SIGINT', () => receiver.stop().then(() => process.exit(130)));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const target = {
      callbackUrl: receiver.callbackUrl,
      sdkAppId: String(SDK_APP_ID),
      example,
      megabytes: () => memoryOf(receiver.pid),
      ended: receiver.ended,
    };
    const progress = progressLine(options.requests, started);
    const fired = await fire(target, { ...options, onProgress: progress.show });
    const how = await receiver.stop();
    progress.end();
    const stored = await judgeStored(join(folder, 'data/callbacks.db'), SDK_APP_ID, fired.goodGroups);
    const findings = [...fired.findings, ...stored.findings, ...faultsInLog(receiver.errors)];
    if (how !== 'exit code 0') findings.push(`told to stop, the receiver ended with ${how}`);
    if (fired.peakMegabytes > options.maxMegabytes) {
      findings.push(`the receiver took ${fired.peakMegabytes} MB, more than ${options.maxMegabytes}`);
    }
    console.log(report(fired, stored, findings, options, (performance.now() - started) / 1000));
    return findings.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(fired: Fired, stored: Stored, findings: string[], { seed }: Options, seconds: number): string {
  const statuses = [...fired.statuses].sort(([a], [b]) => a.localeCompare(b));
  const rows = [
    [
      'requests',
      `${grouped(fired.sent)} in ${Math.round(seconds)} s, and ${grouped(fired.held)} held open (seed ${seed})`,
    ],
    ['outcomes', statuses.map(([status, count]) => `${status}: ${grouped(count)}`).join(', ')],
    ['slowest', `${Math.round(fired.slowestMs)} ms until answered or closed, of those not held open`],
    ['memory', fired.peakMegabytes > 0 ? `${fired.peakMegabytes} MB at most` : 'not known: this system has no /proc'],
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

/** One line in place on a terminal, elsewhere a line every 5 s. */
function progressLine(total: number, started: number) {
  const { stderr } = process;
  let shownAt = 0;
  return {
    show({ sent, findings, peakMegabytes }: Fired): void {
      const now = performance.now();
      if (now - shownAt < (stderr.isTTY ? 200 : 5000)) return;
      shownAt = now;
      const perSecond = Math.round((sent / (now - started)) * 1000);
      const parts = [`${grouped(sent)} of ${grouped(total)}`, `${grouped(perSecond)}/s`, `${peakMegabytes} MB at most`];
      const line = [...parts, `${findings.length} findings`].join(' · ');
      stderr.write(stderr.isTTY ? `\r${line}\x1b[K` : `${line}\n`);
    },
    end(): void {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
