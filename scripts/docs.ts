import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import contract from '../generated/callback.json' with { type: 'json' };
import { buildReference } from '../src/admin/reference.ts';
import { readArguments, UsageError } from './command-line.ts';

const HELP = `Usage: npm run docs [-- options]

Writes the reference of the callback contract: index.html, one page that opens from disk and loads nothing from
anywhere, and openapi.yaml, the contract in one file. The receiver serves both: /docs and /openapi.yaml of its private
listener.

  --out DIR   the folder to write into; default: dist/docs
  --help      show this text

Edited openapi/? Run npm run generate first.

Exit status: 0 written, 1 it could not be written, 2 wrong usage.`;

try {
  docs(process.argv.slice(2));
} catch (error) {
  console.error(`docs: ${(error as Error).message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function docs(args: string[]): void {
  const read = readArguments(args, { values: ['out'], most: 0 });
  if (read === 'help') console.log(HELP);
  else write(resolve(new Map(read.values).get('out') ?? join(import.meta.dirname, '../dist/docs')));
}

function write(folder: string): void {
  const files = { 'index.html': buildReference(contract).html, 'openapi.yaml': stringify(contract) };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    console.log(`${relative('', join(folder, name))}: ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB`);
  }
}
