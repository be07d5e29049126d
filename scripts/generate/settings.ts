import { GROUPS, SETTINGS } from '../../src/settings.ts';
import { fillRegion } from './commands.ts';

const MARKS: [string, string] = ['<!-- settings: written by npm run generate -->', '<!-- /settings -->'];

/** README.md with a row for each group of settings. */
export function writeSettingsTable(readme: string): string {
  const rows = GROUPS.map(({ about, settings }) => {
    const names = settings.map(({ name }) => code(name)).join(', ');
    const defaults = settings.every((one) => one.default === null) ? 'none' : settings.map(defaultOf).join(', ');
    return `| ${names} | ${defaults} | ${about} |`;
  });
  return fillRegion(readme, 'README.md', MARKS, ['', '| Name | Default | |', '|---|---|---|', ...rows, '']);
}

/** docs/settings.md with a row for each setting. */
export function writeSettingsPage(page: string): string {
  const rows = SETTINGS.map((setting) => {
    const { name, kind, description, option } = setting;
    return `| ${code(name)} | ${defaultOf(setting)} | ${kind} | ${description} | ${option ? code(option) : ''} |`;
  });
  const head = ['| Name | Default | Value | | Option |', '|---|---|---|---|---|'];
  return fillRegion(page, 'docs/settings.md', MARKS, ['', ...head, ...rows, '']);
}

/** .env.example: every setting, commented out. */
export function writeEnvExample(notice: string): string {
  const head = `# ${notice}\n# Copy it to .env, and remove the comment sign of what you set. What is empty counts as unset.\n`;
  const settings = SETTINGS.map(
    ({ name, default: value, kind, description }) => `\n# ${description} (${kind})\n#${name}=${value ?? ''}\n`,
  );
  return head + settings.join('');
}

function defaultOf({ default: value }: { default: string | null }): string {
  return value === null ? 'none' : code(value);
}

function code(text: string): string {
  return `\`${text}\``;
}
