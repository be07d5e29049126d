import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import openapiTS, { astToString, type OpenAPITSOptions } from 'openapi-typescript';
import { parse, stringify } from 'yaml';
import { Failure } from '../command-line.ts';
import { STREAM, toAsyncApi } from './asyncapi.ts';
import { findCommandProblems } from './command-problems.ts';
import { CALLBACK, commandsOf, type Document, list, toNamed, writeCommands, writeLists } from './commands.ts';
import { DELIVERY, type DeliveryDocument, EVENT_TYPES, toDelivered, toEventTypes, writeEvents } from './delivery.ts';
import { putExamplesIn } from './examples.ts';
import { bundlePage } from './page.ts';
import { findProblems } from './problems.ts';
import { buildReference } from './reference.ts';
import { withoutWords, withWordsOfCommands, writeSentences } from './sentences.ts';
import { writeEnvExample } from './settings.ts';
import { TABLES } from './tables.ts';
import { toPayloads, toWire } from './wire.ts';

const NOTICE = 'generated, run npm run generate';

/**
 * Writes the generated files, or, with `check`, only compares them.
 *
 * @returns lines that report the outcome
 * @throws Failure if the contract, an example or the page is invalid; with `check`, if a file differs
 */
export async function generate(root: string, { check = false } = {}): Promise<string[]> {
  const { files, untranslated } = await build(root);
  const notes = untranslated.map((place) => `No Chinese, the reference shows the English: ${place}`);
  const drift = [...findDrift(root, files)];
  if (drift.length === 0) return [check ? 'generated/ is what openapi/ gives.' : 'generated/ is up to date.', ...notes];
  if (check) {
    const lines = drift.map(([path, state]) => `${path}: ${state}`);
    throw new Failure([...lines, 'This is not what openapi/ gives. Run: npm run generate'].join('\n'));
  }
  const lines = drift.map(([path, state]) => {
    const text = files.get(path);
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return `${path}: was ${state}, ${text === undefined ? 'removed' : 'written'}`;
  });
  return [...lines, ...notes];
}

/**
 * All files generated from `openapi/` and `src/admin/page/` of a folder: path within it -> text; and the prose of the
 * contract that lacks a Chinese version.
 */
async function build(root: string): Promise<{ files: Map<string, string>; untranslated: string[] }> {
  const files = new Map<string, string>();
  const yaml = orRefuse(() => writeLists(readFileSync(join(root, CALLBACK), 'utf8'), root));
  files.set(CALLBACK, yaml);

  const contract = await bundle(root, CALLBACK, yaml);
  demandNone([
    ...putExamplesIn(contract, root),
    ...findCommandProblems(contract, root),
    ...findProblems(contract, CALLBACK),
  ]);
  const commands = `// ${NOTICE}\n${writeCommands(contract)}`;
  files.set('generated/commands.ts', commands);
  const sentences = `// ${NOTICE}\n${writeSentences(commandsOf(contract), contract.components.schemas)}`;
  files.set('generated/sentences.ts', sentences);
  const plain = withoutWords(contract);
  const named = toNamed(plain);
  await addDocument('callback', named, toPayloads(named));
  const wire = toWire(withWordsOfCommands(contract, commandsOf(contract)));
  demandNone(findProblems(wire, 'generated/openapi.yaml'));
  files.set('generated/openapi.yaml', stringify({ 'x-generated': NOTICE, ...wire }));
  // A folder with only the contract has no such page.
  for (const [path, write] of Object.entries(TABLES)) {
    if (!existsSync(join(root, path))) continue;
    files.set(
      path,
      orRefuse(() => write(readFileSync(join(root, path), 'utf8'), contract)),
    );
  }

  // A folder with only the contract has no settings.
  if (existsSync(join(root, 'src/settings.ts'))) files.set('.env.example', writeEnvExample(NOTICE));

  const events = orRefuse(() => writeEvents(readFileSync(join(root, DELIVERY), 'utf8'), contract));
  files.set(DELIVERY, events);
  const described = (await bundle(root, DELIVERY, events)) as DeliveryDocument;
  const delivery = toDelivered(withoutWords(described) as DeliveryDocument, plain);
  demandNone(findProblems(delivery, DELIVERY));
  await addDocument('delivery', delivery, toEventTypes(delivery), EVENT_TYPES);

  const { html, untranslated } = await orRefuse(() =>
    buildReference(contract, toDelivered(described, plain), { root, notice: NOTICE }),
  );
  files.set('generated/reference.html', html);
  const stream = orRefuse(() => toAsyncApi(parse(readFileSync(join(root, STREAM), 'utf8')), delivery));
  files.set('generated/asyncapi.json', asJson(stream));

  const admin = await bundle(root, 'openapi/admin.yaml');
  demandNone(findProblems(admin, 'openapi/admin.yaml'));
  await addDocument('admin', admin);

  // A folder with only the contract has no page.
  if (!existsSync(join(root, 'src/admin/page'))) return { files, untranslated };
  const { outputs, problems } = await bundlePage(root, { notice: NOTICE, generated: { commands, sentences } });
  demandNone(problems);
  for (const [name, text] of outputs) files.set(`generated/page/${name}`, text);
  return { files, untranslated };

  /** @param typed the document from which the types are generated */
  async function addDocument(
    name: string,
    document: Document,
    typed = document,
    options: OpenAPITSOptions = {},
  ): Promise<void> {
    try {
      const types = astToString(await openapiTS(JSON.stringify(typed), { ...options, silent: true }));
      files.set(`generated/${name}.json`, asJson(document));
      files.set(`generated/${name}.ts`, `// ${NOTICE}\n\n${types}`);
    } catch (error) {
      throw new Failure(`openapi/${name}.yaml: ${(error as Error).message}`);
    }
  }
}

function asJson(document: object): string {
  return `${JSON.stringify({ 'x-generated': NOTICE, ...document }, null, 2)}\n`;
}

/** Files that differ, and superfluous files in `generated/`: path -> state. */
function findDrift(root: string, files: Map<string, string>) {
  const drift = new Map<string, 'missing' | 'superfluous' | 'outdated'>();
  for (const [path, text] of files) {
    if (!existsSync(join(root, path))) drift.set(path, 'missing');
    else if (readFileSync(join(root, path), 'utf8') !== text) drift.set(path, 'outdated');
  }
  const present = list(join(root, 'generated')).map((file) => `generated/${file}`);
  for (const path of present) if (!files.has(path)) drift.set(path, 'superfluous');
  return drift;
}

/** @param text of the document, if it differs from the file */
async function bundle(root: string, path: string, text?: string): Promise<Document> {
  const file = join(root, path);
  const given = { order: 1, canRead: ({ url }: { url: string }) => url.endsWith(`/${path}`), read: () => text ?? '' };
  try {
    // No network access: the contract consists of the files in this folder.
    const document = await SwaggerParser.bundle(file, { resolve: { http: false, ...(text && { given }) } });
    // `validate` dereferences the given document.
    await SwaggerParser.validate(structuredClone(document));
    return document as Document;
  } catch (error) {
    throw new Failure(`${path}: ${(error as Error).message.replaceAll(`${root}/`, '').trimEnd()}`);
  }
}

function demandNone(problems: string[]): void {
  if (problems.length > 0) throw new Failure(problems.join('\n'));
}

function orRefuse<Result>(write: () => Result): Result {
  const refuse = (error: unknown): never => {
    throw new Failure((error as Error).message);
  };
  try {
    const result = write();
    return result instanceof Promise ? (result.catch(refuse) as Result) : result;
  } catch (error) {
    return refuse(error);
  }
}
