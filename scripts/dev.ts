import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { runCommand } from './command-line.ts';

// `node --watch` follows an inode on Linux: it misses files that an editor renames into place after the first time, and
// a src/handlers.ts created while it runs. So folders are watched.

const ROOT = join(import.meta.dirname, '..');
const PROGRAM = ['--import', join(ROOT, 'src/compile-cache.js'), join(ROOT, 'src/main.ts')];
const GENERATE = [join(ROOT, 'scripts/generate.ts')];
const CONTRACT = join(ROOT, 'openapi');
/** Excludes temporary files of editors. */
const WATCHED = /^(?:\.env|[^.#].*\.(?:[cm]?[jt]s|json|sql))$/;
const OF_THE_CONTRACT = /^[^.#].*\.(?:yaml|json|md)$/;
/** One save causes several events. */
const SETTLE_MS = 100;

await runCommand({
  name: 'dev',
  help: `Usage: npm run dev

Runs the receiver as npm start does, and starts it again when src/, generated/, .env or the folder of HANDLERS changes.
When openapi/ changes, npm run generate is run first. A contract that is not valid leaves the receiver as it is.

  --help  show this text`,
  run: () => new Promise(runAgainAndAgain),
});

/** @param end called with the exit status once a signal has ended the receiver */
function runAgainAndAgain(end: (code: number) => void): void {
  let child: ChildProcess | null = null;
  let watchers: FSWatcher[] = [];
  let settling: NodeJS.Timeout | undefined;
  const generating = generateAgainAndAgain();
  let state: 'running' | 'restarting' | 'stopping' = 'running';
  start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));

  function start(): void {
    state = 'running';
    for (const watcher of watchers) watcher.close();
    watchers = [
      ...folders().map((folder) => watch(folder, (_event, name) => changed(folder, name))),
      ...contractFolders().map((folder) => watch(folder, (_event, name) => generating.changed(folder, name))),
    ];
    // In its own process group: otherwise Ctrl-C would reach it twice, and a second signal ends it at once.
    child = spawn(process.execPath, PROGRAM, { stdio: 'inherit', detached: process.platform !== 'win32' });
    child.once('exit', (code) => {
      child = null;
      if (state === 'stopping') end(code ?? 1);
      else if (state === 'restarting') start();
      else console.error(`The receiver has ended with ${code}: it is started again when a file changes`);
    });
  }

  function changed(folder: string, name: string | null): void {
    if (state !== 'running' || name === null || !WATCHED.test(name)) return;
    clearTimeout(settling);
    settling = setTimeout(() => {
      console.error(`${join(folder, name)} has changed: the receiver is started again`);
      state = 'restarting';
      if (child) child.kill();
      else start();
    }, SETTLE_MS);
  }

  function stop(signal: NodeJS.Signals): void {
    if (state === 'stopping') return;
    state = 'stopping';
    for (const watcher of watchers) watcher.close();
    clearTimeout(settling);
    generating.stop();
    if (child) child.kill(signal);
    else end(0);
  }
}

/** Generates when the contract changes, one run at a time. Changed files in generated/ then restart the receiver. */
function generateAgainAndAgain() {
  let run: ChildProcess | null = null;
  let isOutdated = false;
  let settling: NodeJS.Timeout | undefined;
  return {
    changed(folder: string, name: string | null): void {
      if (name === null || !OF_THE_CONTRACT.test(name)) return;
      clearTimeout(settling);
      settling = setTimeout(() => {
        console.error(`${join(folder, name)} has changed: generated/ is written anew`);
        isOutdated = true;
        if (run === null) generate();
      }, SETTLE_MS);
    },

    stop(): void {
      clearTimeout(settling);
      isOutdated = false;
      run?.kill();
    },
  };

  function generate(): void {
    isOutdated = false;
    // In its own process group, as above.
    run = spawn(process.execPath, GENERATE, { stdio: 'inherit', cwd: ROOT, detached: process.platform !== 'win32' });
    run.once('exit', (code) => {
      run = null;
      if (isOutdated) generate();
      else if (code === 1) console.error('The contract is not valid: the receiver goes on with the one before');
    });
  }
}

function contractFolders(): string[] {
  return existsSync(CONTRACT) ? withSubfolders(CONTRACT) : [];
}

/** The watched folders: `src/` and `generated/`, the folder of HANDLERS and its subfolders, and that of `.env`. */
function folders(): string[] {
  const env = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  const handlers = process.env.HANDLERS || env.HANDLERS;
  const roots = [join(ROOT, 'src'), join(ROOT, 'generated'), ...(handlers ? [dirname(resolve(handlers))] : [])];
  const all = [resolve('.'), ...roots.filter((root) => existsSync(root)).flatMap(withSubfolders)];
  return [...new Set(all)];
}

function withSubfolders(folder: string): string[] {
  const nested = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'),
  );
  return [folder, ...nested.flatMap(({ name }) => withSubfolders(join(folder, name)))];
}
