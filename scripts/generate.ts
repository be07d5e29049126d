import { join, resolve } from 'node:path';
import { runCommand } from './command-line.ts';
import { generate } from './generate/build.ts';

await runCommand({
  name: 'generate',
  help: `Usage: npm run generate [-- options]

Validates the contracts in openapi/ and every example, and writes generated/ (types, the table of commands, bundled
documents, the reference, and the web page of src/admin/page/ as a browser loads it), the lists of commands, replies and
fields in openapi/callback.yaml, the events in openapi/delivery.yaml, the tables of commands in docs/commands.md and the
table of families in README.md. From src/settings.ts it writes .env.example and the tables of settings in README.md and
docs/settings.md. The tables of README.zh-CN.md and docs/zh-CN/ are the same in Chinese.

  --check      write nothing; fail when one of these files is not what openapi/ gives
  --root DIR   the folder that holds openapi/ and generated/; default: the project's
  --help       show this text

Exit status: 0 done, 1 the contract is not valid or, with --check, a file is not what it gives; 2 wrong usage.`,
  async run(given) {
    const root = resolve(given.text('root') ?? join(import.meta.dirname, '..'));
    for (const line of await generate(root, { check: given.flags.has('check') })) console.log(line);
    return 0;
  },
});
