import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import contract from '../generated/callback.json' with { type: 'json' };
import { buildReference } from '../src/console/reference.ts';

const HELP = `npm run docs [-- options]

Writes the reference of the callback contract: index.html, one page that opens from disk and loads nothing from
anywhere, and openapi.yaml, the contract in one file. The receiver serves both: /docs and /openapi.yaml of its private
listener.

  --out DIR   the folder to write into; default: dist/docs
  --help      show this text

Edited openapi/? Run npm run generate first.`;

try {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: join(import.meta.dirname, '../dist/docs') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else write(resolve(values.out));
} catch (error) {
  const wrongUsage = String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  console.error(wrongUsage ? `${(error as Error).message}\n\n${HELP}` : (error as Error).message);
  process.exitCode = wrongUsage ? 2 : 1;
}

function write(folder: string): void {
  const files = { 'index.html': buildReference(contract).html, 'openapi.yaml': stringify(contract) };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    console.log(`${relative('', join(folder, name))}: ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB`);
  }
}
