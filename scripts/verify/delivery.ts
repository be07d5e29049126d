import { type Io, UsageError } from '../command-line.ts';
import { commandOf, readExamples } from '../simulator/examples.ts';
import type { Result } from './check.ts';
import { selectChecks } from './checks.ts';
import { demandReachable } from './conversation.ts';
import { type DeliveryCheck, deliveryChecks } from './delivery/checks.ts';
import { readDeliveryOptions } from './delivery/options.ts';
import { Sender } from './delivery/sender.ts';
import {
  headText,
  jsonReport,
  junitReport,
  lineByLine,
  listText,
  openOutput,
  summaryText,
  verdictOf,
} from './report.ts';

/** A silent endpoint would take the time limit for each of a hundred checks. */
const MOST_UNANSWERED = 3;
const SECRETS = /whsec_[A-Za-z0-9+/=_-]+/g;

/** Tests an endpoint that receives deliveries, and returns the exit status. No secret reaches the output. */
export async function verifyDelivery(args: string[], io: Io, fastSeconds = 1): Promise<number> {
  try {
    return await run(args, io, fastSeconds);
  } catch (error) {
    if (error instanceof UsageError) error.message = error.message.replaceAll(SECRETS, 'whsec_…');
    throw error;
  }
}

async function run(args: string[], io: Io, fastSeconds: number): Promise<number> {
  const { commands, only, strict, output, target } = readDeliveryOptions(args, io);
  const all = Object.entries(readExamples());
  const examples = Object.fromEntries(all.filter(([key]) => commands.includes(commandOf(key))));
  const checks = selectChecks(deliveryChecks(examples, { fastSeconds }), only);
  if (output === 'list') {
    io.stdout.write(`${listText(checks)}\n`);
    return 0;
  }
  const options = target();
  const { secret, sdkAppId, timeoutSeconds } = options;
  const url = shownUrl(options.url);
  const hidden = secret.slice('whsec_'.length);
  // Parts of the endpoint's answers are shown, and may contain anything.
  const { print: write, watch } = openOutput(io);
  const print = (text: string) => write(text.replaceAll(SECRETS, 'whsec_…').replaceAll(hidden, '…'));

  await demandReachable(new URL(options.url), 5);
  const tested = { url, sdkAppId, strict, signed: true };
  const isText = output === 'text';
  if (isText) print(headText(tested, checks.length, timeoutSeconds));
  const started = performance.now();
  const sender = new Sender(options, examples);
  const results: Result[] = [];
  await watch(checks.length, lineByLine(checks, isText ? print : () => {}), async (onResult) => {
    for (const check of checks) {
      const result = await runOne(check, sender);
      results.push(result);
      onResult(result);
    }
  });
  const seconds = (performance.now() - started) / 1000;
  const done = { results, gathered: sender.gathered, seconds };
  if (isText) print(summaryText(done, strict, hintsOf(sender)));
  else print(output === 'json' ? jsonReport(done, tested) : junitReport(done, tested));
  if (results.every(({ status }) => status === 'skipped')) {
    throw new UsageError('nothing was judged: every check was skipped, for the reason that stands beside it');
  }
  return verdictOf(results, strict).holds ? 0 : 1;
}

async function runOne(check: DeliveryCheck, sender: Sender): Promise<Result> {
  const [demand] = check.demands;
  const started = performance.now();
  sender.check = check.name;
  const found =
    sender.unanswered < MOST_UNANSWERED
      ? await check.find(sender)
      : { skipped: `not sent: ${MOST_UNANSWERED} requests in a row were not answered` };
  const milliseconds = Math.round(performance.now() - started);
  if ('skipped' in found) return { check, status: 'skipped', demand, got: found.skipped, milliseconds };
  return { check, status: found.broken ? 'failed' : 'passed', demand, got: found.got, milliseconds };
}

/** Possible explanations for refused events. */
function hintsOf({ gathered }: Sender): string[] {
  const statuses = gathered.filter(({ check }) => check.startsWith('events/')).map(({ reply }) => reply.status);
  const hints: [statuses: number[], text: string][] = [
    [
      [401, 403],
      'It refuses events that are rightly signed: check --secret, and that it checks the bytes as they arrive.',
    ],
    [[404, 405], 'It has no such path, or takes no POST there: check --url.'],
    [[410], 'Its 410 would pause all deliveries until an operator resumes them.'],
  ];
  return hints.filter(([some]) => some.some((status) => statuses.includes(status))).map(([, text]) => text);
}

/** Without user info and query, which may be secret. */
function shownUrl(text: string): string {
  const url = new URL(text);
  return `${url.origin}${url.pathname}`;
}
