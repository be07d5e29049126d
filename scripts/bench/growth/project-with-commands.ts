import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf } from '../../../generated/commands.ts';
import { COMMAND } from '../request-template.ts';

const ROOT = join(import.meta.dirname, '../../..');

/**
 * A copy of the project whose contract has so many commands: the one that the bench sends, then the others, then copies
 * of those under names of their own.
 */
export function projectWithCommands(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['src', 'generated', 'openapi', 'package.json']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'generated/callback.json');
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const body = document.paths['/'].post.requestBody.content['application/json'].schema as {
    oneOf: { $ref: string }[];
  };
  const { schemas } = document.components;
  const nameOf = ({ $ref }: { $ref: string }) => $ref.slice($ref.lastIndexOf('/') + 1);
  const described = [COMMAND, ...body.oneOf.map(nameOf).filter((name) => name !== COMMAND)];
  const entries: string[] = [];
  body.oneOf = Array.from({ length: count }, (_, index) => {
    const original = described[index % described.length] as string;
    const name = index < described.length ? original : `${original}Copy${index}`;
    if (name !== original) {
      entries.push(`  '${name}': ${JSON.stringify(factsOf(original))},`);
      schemas[name] = structuredClone(schemas[original]);
      schemas[name].properties.CallbackCommand.const = name;
    }
    return { $ref: `#/components/schemas/${name}` };
  });
  writeFileSync(file, JSON.stringify(document, null, 2));
  const table = join(folder, 'generated/commands.ts');
  writeFileSync(table, readFileSync(table, 'utf8').replace('\n} as const', `\n${entries.join('\n')}\n} as const`));
  return folder;
}
