import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { writeEnvExample, writeSettingsPage, writeSettingsTable } from '../scripts/generate/settings.ts';
import { ROOT, startArguments } from '../scripts/testbed/process.ts';
import { readConfig } from '../src/config.ts';
import { SETTINGS } from '../src/settings.ts';
import { temporaryFolder } from './support/start.ts';

const BESIDE: Record<string, Record<string, string>> = {
  RECONCILE_HOURS: { REST_DOMAIN: 'adminapisgp.im.qcloud.com', REST_ADMIN: 'admin', REST_KEY: 'key' },
};
const ranges = SETTINGS.flatMap(({ name, kind }) => {
  const [, least, most] = /^(\d+) to (\d+)$/.exec(kind) ?? [];
  return least === undefined ? [] : [[name, Number(least), Number(most)] as const];
});

test.each(ranges)('%s is from %i to %i', (name, least, most) => {
  const read = (value: number) => readConfig({ ...BESIDE[name], [name]: String(value) });
  for (const value of [least, most]) expect(() => read(value)).not.toThrow();
  for (const value of [least - 1, most + 1]) expect(() => read(value)).toThrow(`${name} is "${value}": expected`);
});

const choices = SETTINGS.filter(({ kind }) => /^[a-z]+(, [a-z]+)* or [a-z]+$/.test(kind));

test.each(choices)('$name is $kind', ({ name, kind }) => {
  const beside = name === 'RECONCILE' ? { RECONCILE_HOURS: '1', ...BESIDE.RECONCILE_HOURS } : {};
  for (const value of kind.split(/, | or /)) expect(() => readConfig({ ...beside, [name]: value })).not.toThrow();
  expect(() => readConfig({ ...beside, [name]: 'other' })).toThrow(`${name} is "other"`);
});

test('.env.example sets nothing until a comment sign is removed', () => {
  const example = writeEnvExample('notice');
  expect(parseEnv(example)).toEqual({});
  const all = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  expect(Object.keys(all).sort()).toEqual(SETTINGS.map(({ name }) => name).sort());
  expect(readFileSync(join(ROOT, '.env.example'), 'utf8')).toBe(writeEnvExample('generated, run npm run generate'));
});

test('README and docs/settings.md have what the settings say, in both languages', () => {
  for (const [path, write, language] of [
    ['README.md', writeSettingsTable, 'en'],
    ['README.zh-CN.md', writeSettingsTable, 'zh'],
    ['docs/settings.md', writeSettingsPage, 'en'],
    ['docs/zh-CN/settings.md', writeSettingsPage, 'zh'],
  ] as const) {
    const page = readFileSync(join(ROOT, path), 'utf8');
    expect(write(page, path, language)).toBe(page);
    for (const { name } of SETTINGS) expect(page).toContain(`\`${name}\``);
    expect(write(page.replace('`SDK_APP_ID`', '`SDK_APPID`'), path, language)).toBe(page);
  }
});

test('npm start -- --help prints every setting and starts nothing; any other argument is refused', () => {
  const start = (argument: string) => {
    const cwd = temporaryFolder();
    return spawnSync(process.execPath, [...startArguments(), argument], { cwd, encoding: 'utf8', timeout: 50_000 });
  };
  const { status, stdout } = start('--help');
  expect(status).toBe(0);
  for (const { name, description } of SETTINGS) {
    expect(stdout).toContain(`  ${name}`);
    expect(stdout).toContain(description);
  }
  expect(start('--port=1')).toMatchObject({
    status: 2,
    stderr: 'start: "--port=1" is no option: settings are environment variables, see --help\n',
  });
});
