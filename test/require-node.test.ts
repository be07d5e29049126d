import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import packageJson from '../package.json' with { type: 'json' };
import { temporaryFolder } from './support/start.ts';

const GUARD = join(import.meta.dirname, '../src/require-node.cjs');

test.each([
  ['20.20.2', { status: 1, says: /^Node 22\.18 or newer is needed, and this is 20\.20\.2\. Run npm ci, .*\n$/ }],
  ['22.17.9', { status: 1, says: /^Node 22\.18 or newer is needed/ }],
  ['22.18.0', { status: 0, says: /^$/ }],
  ['24.0.0', { status: 0, says: /^$/ }],
])('on Node %s', (version, { status, says }) => {
  const script = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } }); require('${GUARD}')`;
  const run = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(run).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(says) });
});

test.each([
  ['npm start', packageJson.scripts.start, []],
  ['npm test', packageJson.scripts.test, ['node_modules']],
  ['npm run dev, after an interrupted install', packageJson.scripts.dev, ['node_modules/express']],
])('%s before npm ci explains what is missing', (_name, script, folders) => {
  const folder = temporaryFolder();
  for (const made of ['src', ...folders]) mkdirSync(join(folder, made), { recursive: true });
  cpSync(GUARD, join(folder, 'src/require-node.cjs'));
  const [, ...args] = script.split(' ');
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  expect(run).toMatchObject({ status: 1, stdout: '', stderr: 'The packages are not installed. Run: npm ci\n' });
});

test('npm start has no option that Node 12 refuses before the version is checked', () => {
  const options = packageJson.scripts.start.split(' ').filter((argument) => argument.startsWith('-'));
  expect(new Set(options)).toEqual(new Set(['--require', '--max-semi-space-size=8']));
});

test.each(Object.entries(packageJson.scripts))('npm run %s loads it first', (_name, script) => {
  expect(script).toMatch(/^node (--require \.\/src\/require-node\.cjs |src\/require-node\.cjs && )/);
});
