import { invocation } from '../src/invocation.ts';
import { type Io, plural, runMain, UsageError } from './command-line.ts';
import { readExamples } from './simulator/examples.ts';
import { remedyFor } from './simulator/vendor-request.ts';
import { allChecks, selectChecks, selectFamilies } from './verify/checks.ts';
import { demandReachable } from './verify/conversation.ts';
import { verifyDelivery } from './verify/delivery.ts';
import { type Options, readOptions } from './verify/options.ts';
import {
  headText,
  jsonReport,
  junitReport,
  lineByLine,
  listText,
  openOutput,
  summaryText,
  verdictOf,
} from './verify/report.ts';
import { type Run, runChecks } from './verify/run-checks.ts';

await runMain(import.meta, 'verify', verify);

/** Tests an endpoint against the contract according to the arguments, and returns the exit status. */
export async function verify(args: string[], io: Io, graceSeconds = 0.2): Promise<number> {
  if (args.includes('--delivery')) return verifyDelivery(args, io);
  const contract = readExamples();
  const options = readOptions(args, io, allChecks(contract).length);
  const examples = selectFamilies(contract, options.families);
  const checks = selectChecks(allChecks(examples), options.only);
  const { print, watch } = openOutput(io);
  if (options.output === 'list') {
    print(listText(checks));
    return 0;
  }
  if (!options.hasUrl) throw new UsageError(missingUrl(checks.length, options));
  await demandReachable(new URL(options.url), 5);
  const isText = options.output === 'text';
  const tested = { ...options, signed: options.token !== undefined };
  if (isText) print(headText(tested, checks.length, options.timeoutSeconds));
  const onResult = lineByLine(checks, isText ? print : () => {});
  const run = await watch(checks.length, onResult, (onResult) =>
    runChecks(checks, { options, examples, graceSeconds }, onResult),
  );
  if (isText) print(summaryText(run, options.strict, hintsOf(run, options)));
  else print(options.output === 'json' ? jsonReport(run, tested) : junitReport(run, tested));
  if (run.results.every(({ status }) => status === 'skipped')) {
    throw new UsageError('nothing was judged: every check was skipped, for the reason that stands beside it');
  }
  return verdictOf(run.results, options.strict).holds ? 0 : 1;
}

function missingUrl(count: number, { token }: Options): string {
  const what = `It would play Tencent Chat in ${plural(count, 'check')}, ${token ? 'signed' : 'unsigned'}, and judge the replies`;
  return `--url is missing: expected the callback URL of the endpoint to test. ${what}.
The endpoint stores real callbacks, of groups that do not exist: use one whose data may be thrown away, such as
  ${invocation('verify', '--url http://127.0.0.1:3000/')}
--list shows the checks, --help the options.`;
}

function hintsOf({ results, gathered }: Run, options: Options): string[] {
  // The reply to the plainest callback shows whether the settings of this run were right.
  const plain = gathered.find(({ check }) => check.startsWith('accepted/'))?.reply.status;
  const remedy = plain && remedyFor(plain, options);
  const isUnknown = !options.token && results.some(({ check }) => check.needsToken);
  return [
    ...(remedy ? [remedy] : []),
    ...(isUnknown ? ['Without --token nothing is known of how it judges signatures.'] : []),
  ];
}
