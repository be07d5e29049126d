import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commandsOf, type Document, familyOf, list } from './commands.ts';

const FORMS =
  '<Family>/<command>[.with-<variant>].json, <Family>/<command>.reply[.<variant>].json or ' +
  'replies/reply.<status>[.<variant>].json';

/** Adds `openapi/examples/` to POST /. @returns problems with the examples and their names */
export function putExamplesIn(document: Document, root: string): string[] {
  const post = document.paths['/']?.post;
  const body = post?.requestBody?.content['application/json'];
  const commands = commandsOf(document);
  if (!post || !body || commands.length === 0) {
    return [
      'openapi/callback.yaml at #/paths/~1/post/requestBody: has no oneOf of application/json; list the commands',
    ];
  }
  const hasReply = (command: string) => Object.hasOwn(document.components.schemas, `${command}.Reply`);
  const outcomeOf = (command: string) =>
    document.components.schemas[command]?.['x-kind'] === 'answer' ? 'answered' : 'allowed';
  const problems: string[] = [];

  const files = list(join(root, 'openapi/examples'));
  // Sorted without the extension: the plain example comes before its variants. Tools use the first example unless one
  // is named, so the reply that suits every command and the first command come first.
  const shown = files
    .map((file) => file.replace(/\.json$/, ''))
    .sort()
    .map((file) => ({ file, name: basename(file), place: placeOf(basename(file), commands) }))
    .sort((a, b) => rankOf(a.place) - rankOf(b.place));
  for (const { file, name, place } of shown) {
    const path = `openapi/examples/${file}.json`;
    const { command, status, variant } = place ?? {};
    const target = status ? post.responses[status]?.content?.['application/json'] : command && body;
    if (!target || path !== examplePath(name) || !files.includes(`${file}.json`)) {
      problems.push(
        `openapi/examples/${file}: no command and no reply status of openapi/callback.yaml; name it ${FORMS}`,
      );
    } else if (command && status && !hasReply(command)) {
      problems.push(`${path}: ${command} has no reply of its own; describe it as ${command}.Reply`);
    } else {
      const [first = '', ...rest] = (variant || (command && status ? outcomeOf(command) : '')).replaceAll('-', ' ');
      try {
        const value: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'));
        target.examples ??= {};
        target.examples[name] = { summary: first.toUpperCase() + rest.join('') || name, value };
      } catch (error) {
        problems.push(`${path}: is not JSON: ${(error as Error).message}`);
      }
    }
  }
  const demanded = commands.flatMap((command) => [
    [command, command],
    ...(hasReply(command) ? [[`${command}.Reply`, `${command}.reply`]] : []),
  ]);
  for (const [schema = '', name = ''] of demanded) {
    if (shown.some((example) => example.name === name)) continue;
    problems.push(`openapi/callback.yaml: ${schema} has no example; add ${examplePath(name)}`);
  }
  return problems;

  function rankOf(place: Place | undefined): number {
    return place?.command ? commands.indexOf(place.command) : -1;
  }
}

/** The file of an example. */
export function examplePath(name: string): string {
  return `openapi/examples/${name.startsWith('reply.') ? 'replies' : familyOf(name)}/${name}.json`;
}

interface Place {
  command?: string;
  status?: string;
  variant: string;
}

/** The command or status of an example, by its name. */
function placeOf(name: string, commands: string[]): Place | undefined {
  const command = commands.find((one) => name === one || name.startsWith(`${one}.`));
  if (!command) {
    const [, status, variant = ''] = /^reply\.(\d{3})(?:\.(.*))?$/.exec(name) ?? [];
    return status === undefined ? undefined : { status, variant };
  }
  const variant = name.slice(command.length + 1);
  if (/^reply(\.|$)/.test(variant)) return { command, status: '200', variant: variant.slice('reply.'.length) };
  return /^(with-|$)/.test(variant) ? { command, variant } : undefined;
}
