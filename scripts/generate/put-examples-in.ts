import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { Document } from './find-problems.ts';
import { list } from './list.ts';

const FORMS = '<command>[.with-<variant>].json, <command>.reply[.<variant>].json or reply.<status>[.<variant>].json';

/** Puts `openapi/examples/` into POST /. @returns what is wrong with the commands and the names of the files. */
export function putExamplesIn(document: Document, root: string): string[] {
  const post = document.paths['/']?.post;
  const body = post?.requestBody?.content['application/json'];
  const alternatives: AnySchemaObject[] = body?.schema?.oneOf ?? [];
  if (!post || !body || alternatives.length === 0) {
    return [
      'openapi/callback.yaml at #/paths/~1/post/requestBody: has no oneOf of application/json; list the commands',
    ];
  }
  const commands = alternatives.map(({ $ref }) => String($ref).replace('#/components/schemas/', ''));
  const problems = findMisnamed(document, commands, root);

  const files = list(join(root, 'openapi/examples'));
  // Sorted without the ending, so that the plain example comes before its variants. What tools take where nothing is
  // named comes first: the first command, and the reply that suits every command.
  const shown = files
    .map((file) => file.replace(/\.json$/, ''))
    .sort()
    .map((file) => ({ file, name: basename(file), what: whatItShows(basename(file), commands) }))
    .sort((a, b) => rankOf(a.what, commands) - rankOf(b.what, commands));
  for (const { file, name, what } of shown) {
    const path = `openapi/examples/${file}.json`;
    const target = what && 'status' in what ? post.responses[what.status]?.content?.['application/json'] : what && body;
    if (!target || !files.includes(`${file}.json`)) {
      problems.push(
        `openapi/examples/${file}: no command and no reply status of openapi/callback.yaml; name it ${FORMS}`,
      );
      continue;
    }
    if (what?.command && 'status' in what && !document.components?.schemas?.[`${what.command}.Reply`]) {
      problems.push(`${path}: ${what.command} has no reply of its own; describe it as ${what.command}.Reply`);
    }
    const plain = what?.command && 'status' in what ? 'allowed' : '';
    const [first = '', ...rest] = (what?.variant || plain).replaceAll('-', ' ');
    try {
      const value: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'));
      target.examples ??= {};
      target.examples[name] = { summary: first.toUpperCase() + rest.join('') || name, value };
    } catch (error) {
      problems.push(`${path}: is not JSON: ${(error as Error).message}`);
    }
  }
  for (const name of commands.flatMap((command) => namesOfPlain(document, command))) {
    if (files.some((file) => basename(file) === `${name}.json`)) continue;
    const command = name.replace(/\.reply$/, '');
    const of = name === command ? command : `${command}.Reply`;
    problems.push(
      `openapi/callback.yaml: ${of} has no example; add openapi/examples/${familyOf(command)}/${name}.json`,
    );
  }
  return problems;
}

/** `Group.X`, and `Group.X.reply` where the command has a reply of its own. */
function namesOfPlain({ components }: Document, command: string): string[] {
  return components?.schemas?.[`${command}.Reply`] ? [command, `${command}.reply`] : [command];
}

type Shown = { command: string; variant: string } | { command?: string; status: string; variant: string };

/** What an example is one of, by its name. */
function whatItShows(name: string, commands: string[]): Shown | undefined {
  const ofCommand = (ending: RegExp) =>
    commands.find((command) => name.startsWith(command) && ending.test(name.slice(command.length)));
  const command = ofCommand(/^(\.with-|$)/);
  if (command) return { command, variant: name.slice(command.length + 1) };
  const answered = ofCommand(/^\.reply(\.|$)/);
  if (answered) return { command: answered, status: '200', variant: name.slice(answered.length + '.reply.'.length) };
  const status = /^reply\.(\d{3})(\.|$)/.exec(name)?.[1];
  return status === undefined ? undefined : { status, variant: name.slice(`reply.${status}.`.length) };
}

function rankOf(what: Shown | undefined, commands: string[]): number {
  return what?.command === undefined ? -1 : commands.indexOf(what.command);
}

function familyOf(command: string): string {
  return command.slice(0, command.indexOf('.'));
}

/** What goes by name and has the wrong one: schemas of commands, their files, their replies. */
function findMisnamed({ components }: Document, commands: string[], root: string): string[] {
  const problems: string[] = [];
  for (const command of commands) {
    const constant = components?.schemas?.[command]?.properties?.CallbackCommand?.const;
    if (constant === command) continue;
    problems.push(
      `openapi/callback.yaml at #/components/schemas/${command}: its CallbackCommand is ` +
        `${constant === undefined ? 'no constant' : `the constant ${constant}`}; name the schema exactly as the command`,
    );
  }
  for (const file of list(join(root, 'openapi/callbacks'))) {
    if (commands.includes(basename(file, '.yaml'))) continue;
    problems.push(`openapi/callbacks/${file}: no command of openapi/callback.yaml; list it in the oneOf of POST /`);
  }
  for (const name of Object.keys(components?.schemas ?? {}).filter((name) => name.endsWith('.Reply'))) {
    if (commands.includes(name.replace(/\.Reply$/, ''))) continue;
    problems.push(
      `openapi/callback.yaml at #/components/schemas/${name}: no command has this reply; name it after one`,
    );
  }
  return problems;
}
