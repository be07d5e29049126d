import type { Document } from './find-problems.ts';

const START = '<!-- commands: written by npm run generate -->';
const END = '<!-- /commands -->';

/**
 * The README with its table of the contract's commands.
 *
 * @throws when it has no place for one
 */
export function writeCommandTable(readme: string, document: Document): string {
  const [before, rest = ''] = readme.split(START);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`README.md: has no lines ${START} and ${END}; the commands go between them`);
  return `${before}${START}\n${tableOf(document)}\n${END}${after}`;
}

function tableOf({ paths, components }: Document): string {
  const schemas = components?.schemas ?? {};
  const body = paths['/']?.post?.requestBody?.content['application/json']?.schema;
  const alternatives: { $ref: string }[] = body?.oneOf ?? [];
  const rows = alternatives.map(({ $ref }) => {
    const command = $ref.replace('#/components/schemas/', '');
    const file = (folder: string) => `openapi/${folder}/${command.split('.')[0]}/${command}.yaml`;
    const decision = schemas[`${command}.Reply`];
    return [
      `[\`${command}\`](${file('callbacks')})`,
      schemas[command]?.title ?? '',
      decision ? `[${decision.title ?? 'decides'}](${file('replies')})` : '',
    ];
  });
  return ['| Command | Sent | The reply decides |', '|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)]
    .join('\n')
    .replaceAll('|  |', '| |');
}
