import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from './support/start.ts';

const ROOT = join(import.meta.dirname, '..');
/** From the highest level to the lowest; folders of one row do not import each other. */
const ROOMS = [
  ['receiver', 'decisions', 'delivery', 'backfill', 'admin'],
  ['store'],
  ['groups', 'accounts'],
  ['callback'],
];

/** Modules above the folders: the wiring, and what is built on it. */
const WIRING = ['app', 'config', 'metrics', 'consumer-metrics'];
const ENTRANCES = ['main', 'index', 'options', 'listeners', 'load-handlers', 'testing'];

/** The linter's findings in these files, for its import rules only. */
async function lint(files: Record<string, string>): Promise<string[]> {
  const folder = temporaryFolder();
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const only = ['--only=style/noRestrictedImports', '--only=suspicious/noImportCycles'];
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(process.execPath, [biome, 'lint', '--reporter=json', ...only, '.'], { cwd: folder }, (_error, stdout) =>
    resolve(stdout),
  );
  const { diagnostics } = JSON.parse(await promise) as { diagnostics: { category: string; location: unknown }[] };
  return diagnostics.map(({ category, location }) => `${category.split('/').at(-1)} ${pathIn(location)}`).sort();
}

function pathIn(location: unknown): string {
  const { path } = location as { path: string | { file: string } };
  return typeof path === 'string' ? path : path.file;
}

const floors = ROOMS.flatMap((rooms, floor) => rooms.map((room) => ({ room, floor })));
const tops = floors.flatMap(({ room }) => [...WIRING, ...ENTRANCES].map((top) => ({ room, top })));
const pairs = floors.flatMap((from) => floors.filter(({ room }) => room !== from.room).map((to) => ({ from, to })));

test('a folder imports those below it, and neither those above nor those beside it', async () => {
  const files = Object.fromEntries([
    ...floors.map(({ room }) => [`src/${room}/thing.ts`, 'export type Thing = string;\n']),
    ...pairs.map(({ from, to }) => [
      `src/${from.room}/to-${to.room}.ts`,
      `import type { Thing } from '../${to.room}/thing.ts';\nexport const thing: Thing = '';\n`,
    ]),
    ...tops.map(({ room, top }) => [`src/${room}/to-${top}.ts`, `import '../${top}.ts';\n`]),
    ...[...WIRING, ...ENTRANCES].map((top) => [`src/${top}.ts`, 'export const top = 1;\n']),
  ]);
  const upward = pairs.filter(({ from, to }) => to.floor <= from.floor);
  expect(await lint(files)).toEqual(
    [
      ...upward.map(({ from, to }) => `noRestrictedImports src/${from.room}/to-${to.room}.ts`),
      ...tops.map(({ room, top }) => `noRestrictedImports src/${room}/to-${top}.ts`),
    ].sort(),
  );
});

test('the wiring of the folders does not import what is built on it', async () => {
  const pairs = WIRING.flatMap((from) => ENTRANCES.map((to) => ({ from, to })));
  const files = Object.fromEntries([
    ...WIRING.map((from) => [`src/${from}.ts`, ENTRANCES.map((to) => `import './${to}.ts';\n`).join('')]),
    ...ENTRANCES.map((to) => [`src/${to}.ts`, 'export const top = 1;\n']),
  ]);
  expect(await lint(files)).toEqual(pairs.map(({ from }) => `noRestrictedImports src/${from}.ts`).sort());
});

test('import cycles are refused, types included', async () => {
  const files = {
    'src/one.ts': "import type { Other } from './other.ts';\nexport type One = Other | 1;\n",
    'src/other.ts': "import type { One } from './one.ts';\nexport type Other = One | 2;\n",
  };
  expect(await lint(files)).toEqual(['noImportCycles src/one.ts', 'noImportCycles src/other.ts']);
});
