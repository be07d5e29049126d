import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { project } from './blocks.ts';
import { teardown } from './start.ts';

// The package as a user installs it, without a network: what it depends on is copied as the lock file has it.

const NAME = 'tencent-chat-callbacks';
const DEADLINE_MS = 30_000;
/** Commands that the package brings are run by this Node. */
const ENV = { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };

const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { dependencies?: object; optionalDependencies?: object }>;
};

export interface Ended {
  code: number;
  /** What it has printed. */
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
 * @param others packages of this project that the user has besides
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
    /** What the tarball holds. */
    files: files.map(({ path }) => path),
    /** What a production install brings, this package not counted: folders in this project. */
    needed: [...needed].map((path) => join(project, path)),

    node: (...args: string[]) => run(process.execPath, args, folder),

    /** Runs a line of the user's, in a folder of its own: `npx` runs what is installed. */
    shell: (line: string) => run('sh', ['-c', line.replace(/^npx /, '../node_modules/.bin/')], ownFolder(folder)),

    /** Starts a program in a folder of its own; resolves once it takes connections. */
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

/** Copies packages and all that they depend on into the folder's `node_modules`, in the versions of the lock file. */
export function copyPackages(names: string[], folder: string): void {
  const filter = (source: string) => basename(source) !== 'node_modules' || source === join(project, 'node_modules');
  for (const path of closureOf(names)) cpSync(join(project, path), join(folder, path), { recursive: true, filter });
}

/** The folders below `node_modules` of packages and of all that they depend on. */
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
  return from === '' ? null : resolvePath(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)));
}
