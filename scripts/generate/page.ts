import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Bundled packages whose licences require their text in each copy. */
const BUNDLED = [
  ['preact', 'LICENSE'],
  ['chart.js', 'LICENSE.md'],
  ['@kurkle/color', 'LICENSE.md'],
] as const;
const PACKAGES = join(import.meta.dirname, '../../node_modules');

/**
 * Bundles `src/admin/page/` for browsers: page.js, the chunks it loads later, page.css, its icon.
 *
 * @param generated texts of files in `generated/` by name, which may not be on disk yet
 * @returns file name -> text, independent of the location of the sources; or problems with the sources
 */
export async function bundlePage(
  root: string,
  { notice, generated }: { notice: string; generated: Record<string, string> },
) {
  const folder = join(root, 'src/admin/page');
  const outputs = new Map<string, string>();
  try {
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: { page: 'main.tsx' },
      bundle: true,
      splitting: true,
      format: 'esm',
      // The first versions that support light-dark() in CSS.
      target: ['chrome123', 'firefox121', 'safari17.5'],
      minify: true,
      charset: 'utf8',
      legalComments: 'none',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      banner: { js: `// ${notice}`, css: `/* ${notice} */` },
      // No hashes in the names: git shows a changed chunk as a change instead of a new file.
      chunkNames: '[name]',
      outdir: 'out',
      // The sources may be in a folder without packages.
      nodePaths: [PACKAGES],
      tsconfigRaw: {},
      plugins: [inMemory(generated)],
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

function inMemory(generated: Record<string, string>): Plugin {
  return {
    name: 'in-memory',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/generated\/\w+\.ts$/ }, ({ path }) => {
        const name = basename(path, '.ts');
        return Object.hasOwn(generated, name) ? { path: name, namespace: 'in-memory' } : undefined;
      });
      onLoad({ filter: /.*/, namespace: 'in-memory' }, ({ path }) => ({
        contents: generated[path] ?? '',
        loader: 'ts',
      }));
    },
  };
}

function licenceOf([name, file]: readonly [string, string]): string {
  const folder = join(PACKAGES, name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
}
