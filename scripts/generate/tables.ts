import { type Document, familiesOf, fillRegion } from './commands.ts';
import { type Language, WORDS } from './language.ts';
import { writeSettingsPage, writeSettingsTable } from './settings.ts';

/** The documents with generated tables: path -> function that fills them in. */
export const TABLES: Readonly<Record<string, (page: string, contract: Document) => string>> = {
  'docs/commands.md': (page, contract) => writeCommandTables(page, contract, 'docs/commands.md', 'en'),
  'docs/zh-CN/commands.md': (page, contract) => writeCommandTables(page, contract, 'docs/zh-CN/commands.md', 'zh'),
  'docs/settings.md': (page) => writeSettingsPage(page),
  'docs/zh-CN/settings.md': (page) => writeSettingsPage(page, 'docs/zh-CN/settings.md', 'zh'),
  'README.md': (page, contract) => writeSettingsTable(writeFamilyTable(page, contract, 'README.md', 'en')),
  'README.zh-CN.md': (page, contract) =>
    writeSettingsTable(writeFamilyTable(page, contract, 'README.zh-CN.md', 'zh'), 'README.zh-CN.md', 'zh'),
};

/** A page with a table of commands for each family. */
function writeCommandTables(page: string, document: Document, path: string, language: Language): string {
  const { schemas } = document.components;
  const { command: name, sent, decides: what } = WORDS[language];
  const openapi = `${path.replaceAll(/[^/]+/g, '..').slice(3)}/openapi`;
  const sections = familiesOf(document).flatMap(({ family, about, aboutZh, commands }) => {
    const decides = commands.some((command) => schemas[`${command}.Reply`]);
    const rows = commands.map((command) => {
      const file = (folder: string) => `${openapi}/${folder}/${family}/${command}.yaml`;
      const { title = '', 'x-zh': zh, 'x-kind': kind } = schemas[command] ?? {};
      const reply = schemas[`${command}.Reply`];
      const inChinese = kind === 'answer' ? '返回数据' : '决定是否放行';
      const effect = language === 'zh' ? (reply?.['x-zh']?.title ?? inChinese) : (reply?.title ?? 'decides');
      const row = `| [\`${command}\`](${file('callbacks')}) | ${language === 'zh' ? (zh?.title ?? '') : title} |`;
      return decides ? `${row} ${reply ? `[${effect}](${file('replies')}) ` : ''}|` : row;
    });
    const heads = decides
      ? [`| ${name} | ${sent} | ${what} |`, '|---|---|---|']
      : [`| ${name} | ${sent} |`, '|---|---|'];
    return ['', `## ${family}`, language === 'zh' ? aboutZh : about, '', ...heads, ...rows];
  });
  const marks: [string, string] = ['<!-- commands: written by npm run generate -->', '<!-- /commands -->'];
  return fillRegion(page, path, marks, [...sections, '']);
}

/** A README with its table of families. */
function writeFamilyTable(readme: string, document: Document, path: string, language: Language): string {
  const words = WORDS[language];
  const page = language === 'zh' ? 'docs/zh-CN/commands.md' : 'docs/commands.md';
  const rows = familiesOf(document).map(({ family, about, aboutZh, commands }) => {
    const link = `[\`${family}.*\`](${page}#${family.toLowerCase()})`;
    return `| ${link} | ${commands.length} | ${language === 'zh' ? aboutZh : about} |`;
  });
  const head = [`| ${words.family} | ${words.commands} | ${words.about} |`, '|---|---|---|'];
  const marks: [string, string] = ['<!-- families: written by npm run generate -->', '<!-- /families -->'];
  return fillRegion(readme, path, marks, ['', ...head, ...rows, '']);
}
