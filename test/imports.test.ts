import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from './support/start.ts';

const ROOT = join(import.meta.dirname, '..');
/** From the top of the house to its ground floor; rooms of one row do not import each other. */
const ROOMS = [['receiver', 'decisions', 'delivery', 'admin'], ['store'], ['groups'], ['callback']];

/** What the linter says of these files, by its rules for imports alone. */
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
const pairs = floors.flatMap((from) => floors.filter(({ room }) => room !== from.room).map((to) => ({ from, to })));

test('a room imports those below it, and neither those above nor those beside it', async () => {
  const files = Object.fromEntries([
    ...floors.map(({ room }) => [`src/${room}/thing.ts`, 'export type Thing = string;\n']),
    ...pairs.map(({ from, to }) => [
      `src/${from.room}/to-${to.room}.ts`,
      `import type { Thing } from '../${to.room}/thing.ts';\nexport const thing: Thing = '';\n`,
    ]),
    ...floors.map(({ room }) => [`src/${room}/to-config.ts`, "import '../config.ts';\n"]),
    ['src/config.ts', 'export const config = 1;\n'],
  ]);
  const upward = pairs.filter(({ from, to }) => to.floor <= from.floor);
  expect(await lint(files)).toEqual(
    [
      ...upward.map(({ from, to }) => `noRestrictedImports src/${from.room}/to-${to.room}.ts`),
      ...floors.map(({ room }) => `noRestrictedImports src/${room}/to-config.ts`),
    ].sort(),
  );
});

test('files that import each other in a circle are refused, types included', async () => {
  const files = {
    'src/one.ts': "import type { Other } from './other.ts';\nexport type One = Other | 1;\n",
    'src/other.ts': "import type { One } from './one.ts';\nexport type Other = One | 2;\n",
  };
  expect(await lint(files)).toEqual(['noImportCycles src/one.ts', 'noImportCycles src/other.ts']);
});
