import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, UsageError } from './command-line.ts';
import { runRedocly } from './run-redocly.ts';

await runCommand({
  name: 'lint',
  help: `Usage: npm run lint [-- options]

Holds the contracts, as written in openapi/ and as generated with their examples, against the rules of redocly.yaml,
and shows each problem with its place and rule. Nothing is fetched or sent.

  --root DIR   the folder that holds redocly.yaml, openapi/ and generated/; default: the project's
  --help       show this text

Exit status: 0 no problem, 1 problems, 2 wrong usage.`,
  async run(given) {
    const root = resolve(given.text('root') ?? join(import.meta.dirname, '..'));
    for (const path of ['redocly.yaml', 'openapi', 'generated']) {
      if (!existsSync(join(root, path)))
        throw new UsageError(
          `${join(root, path)} is not there: name the project's folder by --root, or generate first`,
        );
    }
    // A misspelt rule in redocly.yaml checks nothing, so it is an error.
    const { code } = await runRedocly(['lint', '--lint-config=error'], { cwd: root, show: true });
    return code === 0 ? 0 : 1;
  },
});
