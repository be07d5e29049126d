import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './command-line.ts';
import { faults } from './soak/faults.ts';
import { complaints, type Result, table } from './soak/report.ts';
import type { Fault, Scene } from './soak/scene.ts';
import { CleanUps, runWithCleanUps } from './testbed/clean-ups.ts';
import { compare } from './testbed/database.ts';
import {
  type GroupLoad,
  judgeDeliveries,
  judgeStream,
  recordedIn,
  startGroupLoad,
  untilDelivered,
} from './testbed/deliveries.ts';
import { type Load, startLoad } from './testbed/load.ts';
import { type Postgres, postgresOnDemand } from './testbed/postgres.ts';
import { untilDrained } from './testbed/process.ts';
import { untilStreamed } from './testbed/streamed.ts';

/** The promised rate, and the rate that is sent, so that a short delay does not fall below it. */
const LEAST_PER_SECOND = 500;
const PER_SECOND = 550;
const PROGRESS_MS = 5_000;
const MOST_MINUTES = 24 * 60;
/** A subject that failed twice at the wrong moments waits for five minutes. */
const WEBHOOK_MS = 6 * 60_000;

const help = `Usage: npm run soak -- [--minutes N] [--only NAME] [--help]

Runs the receiver under faults, with at least 500 callbacks a second, each with a body of its own, and compares every
callback that was answered OK with what is stored afterwards, and with what its handlers were given. Works in a temporary folder and starts a PostgreSQL
of its own; nothing of yours is touched. Without options it takes about seven minutes.

  --minutes N   spread the faults over at least N minutes, in equal parts (as short as they can be)
  --only NAME   this fault only; may be repeated
  --help        this text

Faults
${faults.map(({ name, text }) => `  ${name.padEnd(18)}${text}`).join('\n')}

A fault that this machine cannot have is skipped by name. Exit status: 0 nothing lost, doubled, late, or failed without
a reason; 1 something was; 2 wrong usage.`;

await runWithCleanUps('soak', soak);

type Options = ReturnType<typeof readOptions>;

function readOptions(args: string[]) {
  const tooMany = ': expected options only; name a fault by --only';
  const given = readArguments(args, { help, tooMany });
  // Without --minutes, each fault is as short as possible.
  return { minutes: given.number('minutes', 0, MOST_MINUTES), faults: given.only(faults) };
}

/** Runs one fault after another, and returns the exit status. */
async function soak(args: string[], cleanUps: CleanUps): Promise<number> {
  const options = readOptions(args);
  const folder = cleanUps.folder('callbacks-soak-');
  const postgres = postgresOnDemand(join(folder, 'postgres'), cleanUps);

  const results: Result[] = [];
  for (const fault of options.faults) {
    const skipped = fault.missing?.() ?? null;
    const outcome = skipped ? { skipped } : await runFault(fault, options, folder, postgres, cleanUps);
    results.push({ fault, outcome });
  }
  console.log(`\n${table(results)}`);
  const found = results.flatMap((result) => complaints(result, LEAST_PER_SECOND));
  const verdict =
    found.length > 0
      ? found.join('\n')
      : 'Nothing acknowledged was lost or doubled, every reply was in time, and everything was delivered in order.';
  console.log(`\n${verdict}`);
  return found.length > 0 ? 1 : 0;
}

async function runFault(
  fault: Fault,
  { minutes, faults }: Options,
  parent: string,
  postgres: () => Promise<Postgres>,
  cleanUps: CleanUps,
): Promise<Result['outcome']> {
  const folder = join(parent, fault.name);
  mkdirSync(folder);
  const databaseUrl =
    fault.database === 'sqlite'
      ? `sqlite:${join(folder, 'data/callbacks.db')}`
      : await (await postgres()).createDatabase();
  const started = performance.now();
  let load: Load | undefined;
  let groupLoad: GroupLoad | undefined;
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
  const afterFault = new CleanUps();
  const scene: Scene = {
    folder,
    postgres,
    databaseUrl,
    recordFile: join(folder, 'deliveries.jsonl'),
    webhookFile: join(folder, 'webhook.jsonl'),
    streamUrl: null,
    milliseconds: (minutes * 60_000) / faults.length,
    receivers: [],
    acknowledged: () => (load?.soFar.acknowledged.size ?? 0) + (groupLoad?.acknowledged.size ?? 0),
    startLoad({ groupPauseMs } = {}) {
      loadStarted = performance.now();
      load = startLoad(() => scene.receivers, { perSecond: PER_SECOND });
      groupLoad = startGroupLoad(() => scene.receivers, { pauseMs: groupPauseMs });
    },
    say(what) {
      saying = what;
    },
    afterwards: (work) => void afterFault.add(work),
  };
  const forget = cleanUps.add(() => afterFault.run());
  afterFault.add(() => Promise.all(scene.receivers.map((receiver) => receiver.end('SIGKILL'))));
  console.log(`${fault.name}: ${fault.text}`);
  const progress = setInterval(tell, PROGRESS_MS);
  afterFault.add(() => clearInterval(progress));
  try {
    await fault.run(scene);
    if (!load) throw new Error(`${fault.name} started no load`);
    const perSecond = Math.round(load.soFar.sent / ((performance.now() - loadStarted) / 1000));
    const sent = await load.stop();
    const ordered = (await groupLoad?.stop()) ?? [];
    for (const receiver of scene.receivers) await untilDrained(receiver.callbackUrl);
    const expected = new Set([...ordered, ...[...sent.acknowledged].map(keyOf)]);
    // Deliveries still missing then are counted as missed.
    await untilDelivered(scene.recordFile, expected).catch(() => {});
    const deliveries = await judgeDeliveries(databaseUrl, expected, recordedIn(scene.recordFile));
    return {
      ...{ ...sent, ...(await compare(databaseUrl, sent.acknowledged)), deliveries, perSecond },
      ...(await judgeOutside(scene, expected)),
    };
  } finally {
    await load?.stop();
    await groupLoad?.stop();
    await afterFault.run();
    forget();
  }
}

/** The deliveries to a webhook's endpoint and to a stream, if the fault has them. */
async function judgeOutside({ databaseUrl, webhookFile, streamUrl }: Scene, expected: ReadonlySet<string>) {
  const webhook = existsSync(webhookFile)
    ? await untilDelivered(webhookFile, expected, WEBHOOK_MS)
        .catch(() => {})
        .then(() => judgeDeliveries(databaseUrl, expected, recordedIn(webhookFile)))
    : null;
  const stream =
    streamUrl === null ? null : await judgeStream(databaseUrl, expected, await untilStreamed(streamUrl, expected));
  return { webhook, stream };
}

function keyOf(body: string): string {
  const { GroupId, EventTime } = JSON.parse(body);
  return `${GroupId} ${EventTime}`;
}
