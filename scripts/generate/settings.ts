import { GROUPS, SETTINGS, type Setting } from '../../src/settings.ts';
import { fillRegion } from './commands.ts';
import { type Language, WORDS } from './language.ts';
import { settingInChinese } from './settings-zh.ts';

const MARKS: [string, string] = ['<!-- settings: written by npm run generate -->', '<!-- /settings -->'];

/** A README with a row for each group of settings. */
export function writeSettingsTable(readme: string, path = 'README.md', language: Language = 'en'): string {
  const { name, byDefault, none, comma } = WORDS[language];
  const rows = GROUPS.map(({ about, settings }) => {
    const names = settings.map((one) => code(one.name)).join(comma);
    const unset = settings.every((one) => one.default === null);
    const defaults = unset ? none : settings.map((one) => defaultOf(one, language)).join(comma);
    return `| ${names} | ${defaults} | ${said(about, language)} |`;
  });
  return fillRegion(readme, path, MARKS, ['', `| ${name} | ${byDefault} | |`, '|---|---|---|', ...rows, '']);
}

/** A page of settings with a row for each. */
export function writeSettingsPage(page: string, path = 'docs/settings.md', language: Language = 'en'): string {
  const { name, byDefault, value, option } = WORDS[language];
  const rows = SETTINGS.map((setting) => {
    const kind = said(setting.kind, language);
    const description = said(setting.description, language);
    const ofLibrary = setting.option ? code(setting.option) : '';
    return `| ${code(setting.name)} | ${defaultOf(setting, language)} | ${kind} | ${description} | ${ofLibrary} |`;
  });
  const head = [`| ${name} | ${byDefault} | ${value} | | ${option} |`, '|---|---|---|---|---|'];
  return fillRegion(page, path, MARKS, ['', ...head, ...rows, '']);
}

/** .env.example: every setting, commented out. */
export function writeEnvExample(notice: string): string {
  const head = `# ${notice}\n# Copy it to .env, and remove the comment sign of what you set. What is empty counts as unset.\n`;
  const settings = SETTINGS.map(
    ({ name, default: value, kind, description }) => `\n# ${description} (${kind})\n#${name}=${value ?? ''}\n`,
  );
  return head + settings.join('');
}

function said(text: string, language: Language): string {
  return language === 'zh' ? settingInChinese(text) : text;
}

function defaultOf({ default: value }: Setting, language: Language): string {
  return value === null ? WORDS[language].none : code(value);
}

function code(text: string): string {
  return `\`${text}\``;
}
