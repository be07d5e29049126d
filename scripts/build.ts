import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Failure, runCommand } from './command-line.ts';
import { ROOT } from './testbed/process.ts';

const DIST = join(ROOT, 'dist');
const CLI = join(DIST, 'scripts/cli.js');
/** Files that the compiled code reads and the compiler does not know. */
const READ = ['generated/page/page.js', 'generated/page/page.css', 'generated/reference.html'].concat(
  ['sqlite', 'postgres'].map((database) => `src/store/${database}/migrations`),
);
/** Folders that tsc writes. Other commands write beside them, which is not part of the package. */
const FOLDERS = ['src', 'scripts', 'generated'];

const help = `Compiles the package into dist/, which mirrors the project: dist/src, dist/scripts, dist/generated. npm pack runs it.
The project itself runs its TypeScript sources and reads nothing there.

  --help  this text`;

await runCommand({ name: 'build', help, run: build });

function build(): number {
  for (const folder of FOLDERS) rmSync(join(DIST, folder), { recursive: true, force: true });
  const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, tsc, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Failure(`build: the sources do not compile:\n${stdout}${stderr}`);
  // Files that are not code: migrations, the page's bundle, the reference, the contracts.
  for (const folder of ['src', 'generated']) {
    const filter = (path: string) => !/\.[cm]?[jt]s$/.test(path) || path.includes('generated/page/');
    cpSync(join(ROOT, folder), join(DIST, folder), { recursive: true, filter });
  }
  rmSync(join(DIST, 'src/admin/page'), { recursive: true });
  const contract = parse(readFileSync(join(ROOT, 'generated/openapi.yaml'), 'utf8'));
  writeFileSync(join(DIST, 'generated/openapi.json'), `${JSON.stringify(contract, null, 2)}\n`);
  chmodSync(CLI, 0o755);
  const { version, type, exports, bin, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  // The fields that the code reads. tsc has copied the whole file, but `exports` does not apply there.
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify({ version, type, devDependencies }, null, 2)}\n`);
  const needed = [...targets(exports), ...targets(bin), ...READ.map((path) => join('dist', path))];
  const missing = needed.filter((path) => !existsSync(join(ROOT, path)));
  if (missing.length > 0) throw new Failure(`build: the package needs what was not built: ${missing.join(', ')}`);
  return 0;
}

/** The paths in an entry of package.json. */
function targets(entry: object): string[] {
  return Object.values(entry).flatMap((value) => (typeof value === 'object' ? targets(value) : [value]));
}
