import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { project } from './blocks.ts';
import { teardown } from './start.ts';

// The package as a user installs it, without network access: its dependencies are copied in the versions of the lock
// file.

const NAME = 'tencent-chat-callbacks';
const DEADLINE_MS = 30_000;
/** Commands of the package run with this Node. */
const ENV = { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };

const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { dependencies?: object; optionalDependencies?: object }>;
};

export interface Ended {
  code: number;
  /** Its output. */
  output: string;
}

export interface App {
  child: ChildProcess;
  /** Resolves once it has printed the text. */
  prints(text: string): Promise<void>;
}

/** A user's project. */
export type UserProject = Awaited<ReturnType<typeof installPackage>>;

/**
 * Packs the project and installs it in an empty folder.
 * @param others further packages of this project that the user has
 */
export async function installPackage(folder: string, others: string[]) {
  const pack = ['pack', '--json', '--silent', '--offline', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: project, maxBuffer: 2 ** 26 });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  const tarball = join(folder, filename);
  const home = join(folder, 'node_modules', NAME);
  mkdirSync(home, { recursive: true });
  await promisify(execFile)('tar', ['-xzf', tarball, '--strip-components=1', '-C', home]);
  const { dependencies, bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const needed = closureOf(Object.keys(dependencies));
  copyPackages([...Object.keys(dependencies), ...others], folder);
  mkdirSync(join(folder, 'node_modules/.bin'));
  symlinkSync(join('..', NAME, bin[NAME]), join(folder, 'node_modules/.bin', NAME));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');

  return {
    folder,
    tarball,
    /** The package's own folder. */
    home,
    /** The files of the tarball. */
    files: files.map(({ path }) => path),
    /** The packages of a production install, without this one: folders in this project. */
    needed: [...needed].map((path) => join(project, path)),

    node: (...args: string[]) => run(process.execPath, args, folder),

    /** Runs a user's command line in its own folder: `npx` runs the installed package. */
    shell: (line: string) => run('sh', ['-c', line.replace(/^npx /, '../node_modules/.bin/')], ownFolder(folder)),

    /** Starts a program in its own folder; resolves once it accepts connections. */
    async startApp(path: string, args: string[], port: number, more: Record<string, string> = {}): Promise<App> {
      const env = { ...ENV, PORT: String(port), ADMIN_PORT: '0', ...more };
      const child = spawn(process.execPath, [join(folder, path), ...args], { cwd: ownFolder(folder), env });
      teardown(() => child.kill('SIGKILL'));
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
      const until = async (condition: () => boolean | Promise<boolean>) => {
        const deadline = performance.now() + DEADLINE_MS;
        while (!(await condition())) {
          if (child.exitCode !== null || performance.now() > deadline) throw new Error(`It has only said:\n${output}`);
          await sleep(20);
        }
      };
      await until(() => takesConnections(port));
      return { child, prints: (text) => until(() => output.includes(text)) };
    },
  };
}

function ownFolder(folder: string): string {
  return mkdtempSync(join(folder, 'run-'));
}

function run(file: string, args: string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: ENV, timeout: DEADLINE_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Copies packages and their dependencies into the folder's `node_modules`, in the versions of the lock file. */
export function copyPackages(names: string[], folder: string): void {
  const filter = (source: string) => basename(source) !== 'node_modules' || source === join(project, 'node_modules');
  for (const path of closureOf(names)) cpSync(join(project, path), join(folder, path), { recursive: true, filter });
}

/** The folders below `node_modules` of packages and their dependencies. */
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

/**
 * Where Node finds a package imported by the one at `from`; null if it is not installed, for instance on another
 * platform.
 */
function resolvePath(name: string, from: string): string | null {
  const path = join(from, 'node_modules', name);
  if (packages[path]) return existsSync(join(project, path)) ? path : null;
  return from === '' ? null : resolvePath(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)));
}
