import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { project } from './blocks.ts';

// Documents in Markdown, section by section.

export interface Section {
  level: number;
  heading: string;
  /** The fenced blocks: language and code. */
  blocks: string[];
  /** Everything but headings and blocks. */
  prose: string;
}

/** The sections of a document, each from its heading to the next one. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  // A line that begins with # inside a block is not a heading.
  for (const [part] of text.matchAll(/^ *```.*?^ *```\n|^[^\n]*\n/gms)) {
    const [, signs, heading] = /^(#+) (.*)\n$/.exec(part) ?? [];
    const last = sections.at(-1);
    if (signs && heading) sections.push({ level: signs.length, heading, blocks: [], prose: '' });
    else if (/^ *```/.test(part)) last?.blocks.push(part);
    else if (last) last.prose += part;
  }
  return sections;
}

/** The targets of links, without those to other hosts: `file#anchor`, with the file as a path in the project. */
export function linksIn(path: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file, anchor] = target.split('#');
      return `${file ? normalize(join(dirname(path), file)) : path}${anchor ? `#${decodeURIComponent(anchor)}` : ''}`;
    });
}

/** The anchor of a heading, as GitHub creates it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** The Chinese version of an English document, or the English one if there is none. */
export function inChinese(path: string): string {
  const chinese = path === 'README.md' ? 'README.zh-CN.md' : path.replace(/^docs\//, 'docs/zh-CN/');
  return existsSync(join(project, chinese)) ? chinese : path;
}
