import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The code blocks of the documentation.

export const project = join(import.meta.dirname, '../..');

type Blocks = Record<'yaml' | 'sh' | 'diff' | 'json' | 'text' | 'ts' | 'js', string[]>;

/** The code blocks under a heading of a document, by language. */
export function blocksOf(document: string, heading: string): Blocks {
  const text = readFileSync(join(project, document), 'utf8');
  const section = new RegExp(`^#+ ${heading}\\n(.*?)(?=^#+ |(?!.))`, 'ms').exec(text)?.[1];
  if (!section) throw new Error(`${document} has no section ${heading}; mend this test.`);
  return blocksIn(section);
}

export function blocksIn(text: string): Blocks {
  const blocks: Blocks = { yaml: [], sh: [], diff: [], json: [], text: [], ts: [], js: [] };
  for (const [, space = '', language = '', code = ''] of text.matchAll(/^( *)```(\w+)\n(.*?)\n *```$/gms)) {
    blocks[language as keyof Blocks]?.push(`${code.replaceAll(new RegExp(`^${space}`, 'gm'), '')}\n`);
  }
  return blocks;
}

/** The commands of a block, without trailing comments. A quoted string may span several lines. */
export function commandsOf(block = ''): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.split('\n')) {
    const text = open ? `${open}\n${line}` : line.replace(/ +#.*/, '');
    open = text.split("'").length % 2 === 0 ? text : '';
    if (!open && text) commands.push(text);
  }
  return commands;
}
