import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CHINESE } from '../scripts/generate/settings-zh.ts';
import { GROUPS, SETTINGS } from '../src/settings.ts';
import { project } from './support/blocks.ts';
import { anchorOf, inChinese, linksIn, type Section, sectionsOf } from './support/markdown.ts';

// The Chinese documents must match the English ones: an edit that only one of them has fails here.

const PAIRS = [
  ['README.md', 'README.zh-CN.md'],
  ...readdirSync(join(project, 'docs/zh-CN')).map((name) => [`docs/${name}`, `docs/zh-CN/${name}`]),
] as [english: string, chinese: string][];

const read = (path: string) => readFileSync(join(project, path), 'utf8');

describe.each(PAIRS)('%s and %s', (english, chinese) => {
  const [ours, theirs] = [sectionsOf(read(english)), sectionsOf(read(chinese))];

  test('link to each other below the title', () => {
    const target = english === 'README.md' ? chinese : chinese.replace('docs/', '');
    const back = english === 'README.md' ? english : `../${english.replace('docs/', '')}`;
    expect(ours[0]?.prose.split('\n')[0]).toBe(`English · [简体中文](${target})`);
    expect(theirs[0]?.prose.split('\n')[0]).toBe(`[English](${back}) · 简体中文`);
  });

  test('have the same headings', () => {
    expect(theirs.map(({ level }) => level)).toEqual(ours.map(({ level }) => level));
    const translated = theirs.filter(({ heading }) => /\p{Script=Han}/u.test(heading));
    // Names of products and families are not translated.
    const names = ours.filter(({ heading }, index) => heading === theirs[index]?.heading);
    expect(translated.length + names.length).toBe(theirs.length);
  });

  test.each(ours.map((section, index) => [section.heading, section, theirs[index]] as const))(
    'agree under "%s"',
    (_heading, section, other) => {
      expect(contentsOf(chinese, other)).toEqual(contentsOf(english, section));
    },
  );

  test('have no line break that shows as a space between Chinese characters, and Chinese punctuation', () => {
    const text = read(chinese).replaceAll(/^ *```.*?^ *```\n/gms, '\n');
    expect(text.match(/^(?!#|\s*$).*\p{Script=Han}.*\n *[^\s#|`<\d-].*$/gmu) ?? []).toEqual([]);
    expect(text.match(/.{0,8}\p{Script=Han}[,;:?!].{0,8}/gu) ?? []).toEqual([]);
  });
});

test('every text of a setting has a Chinese one, and no other has', () => {
  const texts = [
    ...GROUPS.map(({ about }) => about),
    ...SETTINGS.flatMap(({ kind, description }) => [kind, description]),
  ];
  expect(Object.keys(CHINESE).filter((text) => !texts.includes(text))).toEqual([]);
  for (const chinese of Object.values(CHINESE)) expect(chinese).not.toMatch(/\p{Script=Han}[,;:?!]/u);
});

/** The parts of a section that do not depend on the language: code without comments, numbers, and link targets. */
function contentsOf(path: string, section: Section | undefined) {
  if (!section) return undefined;
  const { prose, blocks } = section;
  const words = prose.replaceAll(/`[^`]+`|<!--.*-->|\]\([^)]*\)|<http[^>]*>/g, ' ');
  return {
    blocks: blocks.map(withoutComments),
    code: unique((prose.match(/`[^`]+`/g) ?? []).map((code) => code.replaceAll(/\s+/g, ' '))),
    numbers: unique(words.match(/\d+(?:[.,]\d+)*/g) ?? []),
    links: unique(linksIn(path, prose).map(inChineseWithAnchor)),
    hosts: (prose.match(/https:\/\/[\w.]*tencent[\w.]*/g) ?? []).length,
  };
}

/** For a link, the Chinese document and the number of the heading in it, or the file unchanged. */
function inChineseWithAnchor(link: string): string {
  const [file = '', anchor] = link.split('#');
  const place = anchor && sectionsOf(read(file)).findIndex(({ heading }) => anchorOf(heading) === anchor);
  return `${inChinese(file)}${place === undefined ? '' : ` § ${place}`}`;
}

function withoutComments(block: string): string {
  // A comment that is a file name stays.
  return block.replaceAll(/ *\/\/ (?!\S+\.\w+$).*$/gm, '').replaceAll(/ +# .*$/gm, '');
}

function unique(values: string[]): string[] {
  return [...new Set(values)].sort();
}
