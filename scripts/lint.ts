import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readArguments, UsageError } from './command-line.ts';
import { runRedocly } from './redocly/run-redocly.ts';

const HELP = `Usage: npm run lint [-- options]

Holds the contracts, as written in openapi/ and as generated with their examples, against the rules of redocly.yaml,
and shows each problem with its place and rule. Nothing is fetched or sent.

  --root DIR   the folder that holds redocly.yaml, openapi/ and generated/; default: the project's
  --help       show this text

Exit status: 0 no problem, 1 problems, 2 wrong usage.`;

try {
  process.exitCode = await lint(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`lint: ${error.message}`);
  process.exitCode = 2;
}

/** @returns the exit status. */
async function lint(args: string[]): Promise<number> {
  const read = readArguments(args, { values: ['root'], most: 0 });
  if (read === 'help') {
    console.log(HELP);
    return 0;
  }
  const root = resolve(new Map(read.values).get('root') ?? join(import.meta.dirname, '..'));
  for (const path of ['redocly.yaml', 'openapi', 'generated']) {
    if (!existsSync(join(root, path)))
      throw new UsageError(`${join(root, path)} is not there: name the project's folder by --root, or generate first`);
  }
  // A misspelt rule in redocly.yaml is a rule that checks nothing.
  const { code } = await runRedocly(['lint', '--lint-config=error'], { cwd: root, show: true });
  return code === 0 ? 0 : 1;
}
