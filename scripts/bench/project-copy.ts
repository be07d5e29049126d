import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { commandOf } from '../simulator/examples.ts';
import { ROOT } from '../testbed/process.ts';
import { COMMAND } from './request-template.ts';

interface Reference {
  $ref?: string;
}

/** The commands of the contract, beginning with the one that the bench sends. */
const DESCRIBED = [COMMAND, ...Object.keys(COMMANDS).filter((name) => name !== COMMAND)];

/**
 * A copy of the project whose contract has `count` commands: the one that the bench sends, then the others, then copies
 * of those under other names.
 */
export function projectWithCommands(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['src', 'generated', 'openapi', 'package.json']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const originals = new Map(
    Array.from({ length: count }, (_, index) => {
      const original = DESCRIBED[index % DESCRIBED.length] as string;
      return [index < DESCRIBED.length ? original : `${original}Copy${index}`, original];
    }),
  );

  const file = join(folder, 'generated/callback.json');
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const { requestBody, responses } = document.paths['/'].post;
  const { schemas } = document.components;
  for (const [name, original] of originals) {
    if (name === original) continue;
    schemas[name] = structuredClone(schemas[original]);
    const { CallbackCommand } = schemas[name].properties;
    if (CallbackCommand) CallbackCommand.const = name;
  }
  const isLeftOut = (name: string) => DESCRIBED.includes(commandOf(name)) && !originals.has(commandOf(name));
  const withoutReply = (name: string) => name.replace(/\.(Reply|reply(\..*)?)$/, '');
  for (const named of [schemas, requestBody.content['application/json'].examples, examplesIn(responses)]) {
    for (const name of Object.keys(named)) if (isLeftOut(withoutReply(name))) delete named[name];
  }
  requestBody.content['application/json'].schema.oneOf = [...originals.keys()].map((name) => ({
    $ref: `#/components/schemas/${name}`,
  }));
  const replies = responses[200].content['application/json'].schema;
  replies.anyOf = replies.anyOf.filter(({ $ref }: Reference) => $ref === undefined || schemas[basename($ref)]);
  writeFileSync(file, JSON.stringify(document, null, 2));

  const table = join(folder, 'generated/commands.ts');
  const entries = [...originals].map(([name, original]) => `  '${name}': ${JSON.stringify(factsOf(original))},`);
  const text = readFileSync(table, 'utf8').replace(/(?<=^export const COMMANDS = \{\n)[\s\S]*(?=\n\} as const)/m, () =>
    entries.join('\n'),
  );
  writeFileSync(table, text);
  return folder;
}

function examplesIn(responses: Record<string, { content: Record<string, { examples?: object }> }>) {
  return (responses[200]?.content['application/json']?.examples ?? {}) as Record<string, unknown>;
}
