import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** What is copied into the page, under licences that ask for their text to go with it. */
const BUNDLED = [
  ['preact', 'LICENSE'],
  ['chart.js', 'LICENSE.md'],
  ['@kurkle/color', 'LICENSE.md'],
] as const;
const PACKAGES = join(import.meta.dirname, '../../node_modules');

interface Given {
  notice: string;
  /** The commands of the contract, for the page to offer. */
  commands: readonly string[];
}

/**
 * Makes of `src/admin/page/` what a browser loads: page.js, what it loads later, page.css, its icon.
 *
 * @returns file name -> text, the same for the same sources wherever they lie; or what is wrong with them
 */
export async function bundlePage(root: string, { notice, commands }: Given) {
  const folder = join(root, 'src/admin/page');
  const outputs = new Map<string, string>();
  try {
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: { page: 'main.tsx' },
      bundle: true,
      splitting: true,
      format: 'esm',
      // light-dark() of the styles, and what the scripts use, is in all of these.
      target: ['chrome123', 'firefox121', 'safari17.5'],
      minify: true,
      charset: 'utf8',
      legalComments: 'none',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      define: { CONTRACT_COMMANDS: JSON.stringify(commands) },
      banner: { js: `// ${notice}`, css: `/* ${notice} */` },
      // Without hashes: what git shows as changed is what changed.
      chunkNames: '[name]',
      outdir: 'out',
      // The sources may lie in a folder that has no packages of its own.
      nodePaths: [PACKAGES],
      tsconfigRaw: {},
      logLevel: 'silent',
      write: false,
    });
    for (const { path, text } of outputFiles) outputs.set(basename(path), text);
  } catch (error) {
    const errors = (error as { errors?: { text: string; location?: { file: string; line: number } }[] }).errors;
    if (!errors) throw error;
    const problems = errors.map(({ text, location }) => `src/admin/page/${location?.file}:${location?.line}: ${text}`);
    return { outputs, problems };
  }
  const icon = readFileSync(join(folder, 'icon.svg'), 'utf8');
  outputs.set('icon.svg', `<!-- ${notice} -->\n${icon}`);
  outputs.set('licences.txt', `${notice}\n\n${BUNDLED.map(licenceOf).join('\n')}`);
  return { outputs, problems: [] };
}

function licenceOf([name, file]: readonly [string, string]): string {
  const folder = join(PACKAGES, name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
}
