import { type Io, runMain, UsageError } from './command-line.ts';
import { readExamples } from './simulator/examples.ts';
import { allChecks, selectChecks } from './verify/checks.ts';
import { demandReachable } from './verify/conversation.ts';
import { readOptions } from './verify/options.ts';
import { headText, jsonReport, junitReport, listText, resultText, summaryText, verdictOf } from './verify/report.ts';
import { runChecks } from './verify/run-checks.ts';

await runMain(import.meta, 'verify', verify);

/** Tests the endpoint that the arguments name against the contract and returns the exit status. */
export async function verify(args: string[], io: Io, graceSeconds = 0.2): Promise<number> {
  const print = (text: string) => io.stdout.write(`${text}\n`);
  const examples = readExamples();
  const checks = allChecks(examples);
  const options = readOptions(args, io, checks.length);
  const selected = selectChecks(checks, options.only);
  if (options.output === 'list') {
    print(listText(selected));
    return 0;
  }
  await demandReachable(new URL(options.url), 5);
  const isText = options.output === 'text';
  if (isText) print(headText(options, selected.length));
  const run = await runChecks(selected, { options, examples, graceSeconds }, (result) => {
    if (isText) print(resultText(result));
  });
  if (isText) print(summaryText(run, options));
  else print(options.output === 'json' ? jsonReport(run, options) : junitReport(run, options));
  if (run.results.every(({ status }) => status === 'skipped')) {
    throw new UsageError('nothing was judged: every check was skipped, for the reason that stands beside it');
  }
  return verdictOf(run.results, options.strict).holds ? 0 : 1;
}
