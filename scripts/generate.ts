import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import openapiTS, { astToString } from 'openapi-typescript';
import { bundlePage } from './generate/bundle-page.ts';
import { commandsOf } from './generate/commands-of.ts';
import { type Document, findProblems } from './generate/find-problems.ts';
import { list } from './generate/list.ts';
import { putExamplesIn } from './generate/put-examples-in.ts';
import { writeCommandTable } from './generate/write-command-table.ts';
import { readArguments } from './simulator/read-arguments.ts';
import { UsageError } from './simulator/usage-error.ts';

const HELP = `Usage: npm run generate [-- options]

Validates the contracts in openapi/ and every example, and writes generated/ (types, bundled documents, and of
src/admin/page/ what a browser loads) and the table in docs/commands.md.

  --check      write nothing; fail when generated/ is not what openapi/ gives
  --root DIR   the folder that holds openapi/ and generated/; default: the project's
  --help       show this text

Exit status: 0 done, 1 the contract is not valid or, with --check, not what generated/ has; 2 wrong usage.`;

const NOTICE = 'generated, run npm run generate';
/** Holds the table of the contract's commands, between two marker lines. */
const COMMAND_TABLE = 'docs/commands.md';

/** Says what is wrong with the contract, for whoever can mend it: shown without a stack. */
class Refusal extends Error {
  constructor(problems: string[]) {
    super(problems.join('\n'));
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal || error instanceof UsageError)) throw error;
  console.error(error instanceof UsageError ? `generate: ${error.message}` : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(args: string[]): Promise<void> {
  const read = readArguments(args, { values: ['root'], flags: ['check'], most: 0 });
  if (read === 'help') return console.log(HELP);
  const root = resolve(new Map(read.values).get('root') ?? join(import.meta.dirname, '..'));

  const files = await generate(root);
  const drift = findDrift(root, files);
  if (read.flags.has('check')) {
    if (drift.size === 0) return console.log('generated/ is what openapi/ gives.');
    const lines = [...drift].map(([path, state]) => `${path}: ${state}`);
    throw new Refusal([...lines, 'This is not what openapi/ gives. Run: npm run generate']);
  }
  mkdirSync(join(root, 'generated/page'), { recursive: true });
  for (const [path, state] of drift) {
    const text = files.get(path);
    if (text === undefined) rmSync(join(root, path), { recursive: true });
    else writeFileSync(join(root, path), text);
    console.log(`${path}: was ${state}, ${text === undefined ? 'removed' : 'written'}`);
  }
  if (drift.size === 0) console.log('generated/ is up to date.');
}

/** @returns what `generated/` should hold, and docs/commands.md: path within the root -> text. */
async function generate(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  let commands: string[] = [];
  for (const name of ['callback', 'admin']) {
    const path = `openapi/${name}.yaml`;
    const document = await bundle(root, path);
    const problems = name === 'callback' ? putExamplesIn(document, root) : [];
    problems.push(...findProblems(document, path));
    if (problems.length > 0) throw new Refusal(problems);

    const json = `${JSON.stringify({ 'x-generated': NOTICE, ...document }, null, 2)}\n`;
    files.set(`generated/${name}.json`, json);
    files.set(`generated/${name}.ts`, `// ${NOTICE}\n\n${await describeTypes(json, path)}`);
    if (name === 'callback') commands = commandsOf(document);
    if (name === 'callback' && existsSync(join(root, COMMAND_TABLE)))
      files.set(COMMAND_TABLE, describe(document, root));
  }
  // A folder that has the contract alone has no page.
  if (!existsSync(join(root, 'src/admin/page'))) return files;
  const { outputs, problems } = await bundlePage(root, { notice: NOTICE, commands });
  if (problems.length > 0) throw new Refusal(problems);
  for (const [name, text] of outputs) files.set(`generated/page/${name}`, text);
  return files;
}

async function bundle(root: string, path: string): Promise<Document> {
  try {
    // The network is out of bounds: the contract is what lies in this folder.
    const document = await SwaggerParser.bundle(join(root, path), { resolve: { http: false } });
    // `validate` dereferences what it is given.
    await SwaggerParser.validate(structuredClone(document));
    return document as Document;
  } catch (error) {
    throw new Refusal([`${path}: ${(error as Error).message.replaceAll(`${root}/`, '').trimEnd()}`]);
  }
}

function describe(document: Document, root: string): string {
  try {
    return writeCommandTable(readFileSync(join(root, COMMAND_TABLE), 'utf8'), document);
  } catch (error) {
    throw new Refusal([(error as Error).message]);
  }
}

async function describeTypes(json: string, path: string): Promise<string> {
  try {
    return astToString(await openapiTS(json, { silent: true }));
  } catch (error) {
    throw new Refusal([`${path}: ${(error as Error).message}`]);
  }
}

/** @returns what differs from the files that should be there, and what is in `generated/` besides: path -> state. */
function findDrift(root: string, files: Map<string, string>): Map<string, 'missing' | 'superfluous' | 'outdated'> {
  const drift = new Map<string, 'missing' | 'superfluous' | 'outdated'>();
  const present = ['generated', 'generated/page'].flatMap((folder) =>
    list(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  for (const [path, text] of files) {
    if (!existsSync(join(root, path))) drift.set(path, 'missing');
    else if (readFileSync(join(root, path), 'utf8') !== text) drift.set(path, 'outdated');
  }
  for (const path of present) if (!files.has(path) && path !== 'generated/page') drift.set(path, 'superfluous');
  return drift;
}
