import { readExamples } from './simulator/examples.ts';
import { printable } from './simulator/printable.ts';
import { loadEnvironmentFile } from './simulator/settings.ts';
import { UsageError } from './simulator/usage-error.ts';
import { allChecks, selectChecks } from './verify/checks.ts';
import { helpText } from './verify/help.ts';
import { jsonReport } from './verify/json-report.ts';
import { junitReport } from './verify/junit-report.ts';
import { readOptions } from './verify/options.ts';
import { reach } from './verify/reach.ts';
import { runChecks } from './verify/run-checks.ts';
import { headText, listText, resultText, summaryText } from './verify/text-report.ts';
import { verdictOf } from './verify/verdict.ts';

// Whoever reads the output may have seen enough, as in `npm run verify | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(1);
});

try {
  process.exitCode = await verify(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`verify: ${printable(error.message)}`);
  process.exitCode = 2;
}

/** Holds the endpoint that the arguments name against the contract and returns the exit status. */
async function verify(args: string[]): Promise<number> {
  const examples = readExamples();
  const checks = allChecks(examples);
  loadEnvironmentFile();
  const options = readOptions(args, process.env);
  if (options === 'help') {
    process.stdout.write(helpText(checks.length));
    return 0;
  }
  const selected = selectChecks(checks, options.only);
  if (options.output === 'list') {
    console.log(listText(selected));
    return 0;
  }
  await reach(new URL(options.url), 5);
  const isText = options.output === 'text';
  if (isText) console.log(headText(options, selected.length));
  const run = await runChecks(selected, options, examples, (result) => {
    if (isText) console.log(resultText(result));
  });
  if (isText) console.log(summaryText(run, options));
  else console.log(options.output === 'json' ? jsonReport(run, options) : junitReport(run, options));
  if (run.results.every(({ status }) => status === 'skipped')) {
    throw new UsageError('nothing was judged: every check was skipped, for the reason that stands beside it');
  }
  return verdictOf(run.results, options.strict).holds ? 0 : 1;
}
