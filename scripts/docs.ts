import { cpSync, mkdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Failure, runCommand } from './command-line.ts';

await runCommand({
  name: 'docs',
  help: `Usage: npm run docs [-- options]

Writes the reference of the callbacks and of the events that are delivered: index.html, one page that opens from disk
and loads nothing from anywhere. Beside it, each in one file: openapi.yaml, the contract of the callbacks;
delivery.json, that of the events; asyncapi.json, that of the stream. The receiver serves the first two: /docs and
/openapi.yaml of its admin listener.

  --out DIR   the folder to write into; default: dist/docs
  --help      show this text

Edited openapi/? Run npm run generate first.

Exit status: 0 written, 1 it could not be written, 2 wrong usage.`,
  run(given) {
    const generated = join(import.meta.dirname, '../generated');
    const out = resolve(given.text('out') ?? join(import.meta.dirname, '../dist/docs'));
    try {
      mkdirSync(out, { recursive: true });
      for (const [from, to] of [
        ['reference.html', 'index.html'],
        ['openapi.yaml', 'openapi.yaml'],
        ['delivery.json', 'delivery.json'],
        ['asyncapi.json', 'asyncapi.json'],
      ] as const) {
        const file = join(out, to);
        cpSync(join(generated, from), file);
        console.log(`${relative('', file)}: ${Math.ceil(statSync(file).size / 1024)} KiB`);
      }
    } catch (error) {
      throw new Failure(`docs: ${(error as Error).message}`);
    }
    return 0;
  },
});
