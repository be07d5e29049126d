import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import SwaggerParser from '@apidevtools/swagger-parser';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import openapiTS, { astToString } from 'openapi-typescript';
import { bundlePage } from './generate/bundle-page.ts';
import { type Document, findProblems } from './generate/find-problems.ts';

const HELP = `npm run generate [-- options]

Validates the contracts in openapi/ and every example, and writes generated/: types, bundled documents, and the page of
src/console/page/ for the browser.

  --check      write nothing; fail when generated/ is not what openapi/ gives
  --root DIR   the folder that holds openapi/ and generated/; default: the project's
  --help       show this text`;

const NOTICE = 'generated, run npm run generate';

/** Says what is wrong with the contract or with the command line, for whoever can mend it: shown without a stack. */
class Refusal extends Error {
  constructor(problems: string[]) {
    super(problems.join('\n'));
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { check, root, help } = readArguments();
  if (help) return console.log(HELP);

  const files = await generate(root);
  const drift = findDrift(root, files);
  if (check) {
    if (drift.size === 0) return console.log('generated/ is what openapi/ gives.');
    const lines = [...drift].map(([path, state]) => `${path}: ${state}`);
    throw new Refusal([...lines, 'generated/ is not what openapi/ gives. Run: npm run generate']);
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

function readArguments(): { check: boolean; help: boolean; root: string } {
  try {
    const { values } = parseArgs({
      options: {
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        root: { type: 'string', default: join(import.meta.dirname, '..') },
      },
    });
    return { ...values, root: resolve(values.root) };
  } catch (error) {
    throw new Refusal([(error as Error).message, '', HELP]);
  }
}

/** @returns what `generated/` should hold: path within the root -> text. */
async function generate(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  let commands: string[] = [];
  for (const name of ['callback', 'console']) {
    const path = `openapi/${name}.yaml`;
    const document = await bundle(root, path);
    const problems = name === 'callback' ? putExamplesIn(document, root) : [];
    problems.push(...findProblems(document, path));
    if (problems.length > 0) throw new Refusal(problems);

    const json = `${JSON.stringify({ 'x-generated': NOTICE, ...document }, null, 2)}\n`;
    files.set(`generated/${name}.json`, json);
    files.set(`generated/${name}.ts`, `// ${NOTICE}\n\n${await describeTypes(json, path)}`);
    if (name === 'callback') commands = commandsOf(document);
  }
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

async function describeTypes(json: string, path: string): Promise<string> {
  try {
    return astToString(await openapiTS(json, { silent: true }));
  } catch (error) {
    throw new Refusal([`${path}: ${(error as Error).message}`]);
  }
}

/** Puts `openapi/examples/` into POST /. @returns what is wrong with the commands and the names of the files. */
function putExamplesIn(document: Document, root: string): string[] {
  const post = document.paths['/']?.post;
  const body = post?.requestBody?.content['application/json'];
  const alternatives: AnySchemaObject[] = body?.schema?.oneOf ?? [];
  if (!post || !body || alternatives.length === 0) {
    return [
      'openapi/callback.yaml at #/paths/~1/post/requestBody: has no oneOf of application/json; list the commands',
    ];
  }
  const problems: string[] = [];
  const commands = commandsOf(document);
  for (const command of commands) {
    const constant = document.components?.schemas?.[command]?.properties?.CallbackCommand?.const;
    if (constant === command) continue;
    problems.push(
      `openapi/callback.yaml at #/components/schemas/${command}: its CallbackCommand is the constant ${constant}; ` +
        'name the schema exactly as the command',
    );
  }
  for (const file of list(join(root, 'openapi/callbacks'))) {
    if (commands.includes(file.replace(/\.yaml$/, ''))) continue;
    problems.push(`openapi/callbacks/${file}: no command of openapi/callback.yaml; list it in the oneOf of POST /`);
  }

  // Sorted without the ending, so that the plain example comes before its variants.
  const files = list(join(root, 'openapi/examples'));
  for (const name of files.map((file) => file.replace(/\.json$/, '')).sort()) {
    const path = `openapi/examples/${name}.json`;
    const command = commands.find((command) => name === command || name.startsWith(`${command}.with-`));
    const status = /^reply\.(\d{3})(\.|$)/.exec(name)?.[1] ?? '';
    const target = command ? body : post.responses[status]?.content?.['application/json'];
    if (!target || !files.includes(`${name}.json`)) {
      const forms = '<command>[.with-<variant>].json or reply.<status>[.<variant>].json';
      problems.push(
        `openapi/examples/${name}: no command and no reply status of openapi/callback.yaml; name it ${forms}`,
      );
      continue;
    }
    const [first = '', ...rest] = name.slice((command ?? `reply.${status}`).length + 1).replaceAll('-', ' ');
    try {
      const value: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'));
      target.examples ??= {};
      target.examples[name] = { summary: first.toUpperCase() + rest.join('') || name, value };
    } catch (error) {
      problems.push(`${path}: is not JSON: ${(error as Error).message}`);
    }
  }
  for (const command of commands.filter((command) => !files.includes(`${command}.json`))) {
    problems.push(`openapi/callback.yaml: ${command} has no example; add openapi/examples/${command}.json`);
  }
  return problems;
}

function commandsOf(document: Document): string[] {
  const body = document.paths['/']?.post?.requestBody?.content['application/json'];
  const alternatives: AnySchemaObject[] = body?.schema?.oneOf ?? [];
  return alternatives.map(({ $ref }) => String($ref).replace('#/components/schemas/', ''));
}

/** @returns what differs between `generated/` and the files that should be there: path -> state. */
function findDrift(root: string, files: Map<string, string>): Map<string, 'missing' | 'superfluous' | 'outdated'> {
  const drift = new Map<string, 'missing' | 'superfluous' | 'outdated'>();
  const present = ['generated', 'generated/page'].flatMap((folder) =>
    list(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  for (const [path, text] of files) {
    if (!present.includes(path)) drift.set(path, 'missing');
    else if (readFileSync(join(root, path), 'utf8') !== text) drift.set(path, 'outdated');
  }
  for (const path of present) if (!files.has(path) && path !== 'generated/page') drift.set(path, 'superfluous');
  return drift;
}

/** The names in a folder, without those that editors and file managers hide. A folder that is not there has none. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
