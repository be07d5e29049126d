import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { project } from './blocks.ts';

// The package as a user installs it, without a network: its packages are this project's, as the lock file has them.

const NAME = 'tencent-chat-callbacks';
const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { dependencies?: object; optionalDependencies?: object }>;
};

export interface Installed {
  /** The user's project; its `node_modules` has nothing but the package, what that depends on, and `others`. */
  folder: string;
  /** The package's own folder. */
  packageFolder: string;
  tarball: string;
  /** Paths in the tarball. */
  files: string[];
  /** How many packages a production install brings, this one included. */
  count: number;
}

/**
 * Packs the project and installs it in a folder.
 * @param others packages of this project that the user has besides
 */
export async function installPackage(folder: string, others: string[]): Promise<Installed> {
  const npm = ['pack', '--json', '--silent', '--offline', '--pack-destination', folder];
  const packed = await promisify(execFile)('npm', npm, { cwd: project, maxBuffer: 2 ** 26 });
  const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
  const tarball = join(folder, filename);
  const packageFolder = join(folder, 'node_modules', NAME);
  mkdirSync(packageFolder, { recursive: true });
  await promisify(execFile)('tar', ['-xzf', tarball, '--strip-components=1', '-C', packageFolder]);
  const { dependencies } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const own = closureOf(Object.keys(dependencies));
  for (const path of new Set([...own, ...closureOf(others)])) {
    const filter = (source: string) => basename(source) !== 'node_modules';
    cpSync(join(project, path), join(folder, path), { recursive: true, filter });
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  return { folder, packageFolder, tarball, files: files.map(({ path }) => path), count: own.size + 1 };
}

/** The paths in `node_modules` of packages and of all that they depend on. */
function closureOf(names: string[]): Set<string> {
  const paths = new Set<string>();
  const add = (name: string, from: string) => {
    const path = resolvePath(name, from);
    if (path === null || paths.has(path)) return;
    paths.add(path);
    const { dependencies, optionalDependencies } = packages[path] ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) add(needed, path);
  };
  for (const name of names) add(name, '');
  return paths;
}

/** Where Node finds a package that the one at `from` imports; null where it is not installed, as on another platform. */
function resolvePath(name: string, from: string): string | null {
  const path = join(from, 'node_modules', name);
  if (packages[path]) return existsSync(join(project, path)) ? path : null;
  if (from === '') return null;
  return resolvePath(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)));
}
