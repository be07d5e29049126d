import { spawn } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWithCleanUps } from './testbed/clean-ups.ts';
import { postgresOnDemand } from './testbed/postgres.ts';
import { ROOT, signalTree } from './testbed/process.ts';

const bin = (name: string) => join(ROOT, 'node_modules', name);
const TSC = bin('typescript/bin/tsc');

/** Checks that do not run the program: name and arguments of Node. */
const CHECKS: [name: string, args: string[]][] = [
  ['tsc', [TSC]],
  ['biome', [bin('@biomejs/biome/bin/biome'), 'ci', '.']],
  ['generate --check', ['scripts/generate.ts', '--check']],
  ['lint', ['scripts/lint.ts']],
  ['tsc of the page', [TSC, '-p', 'src/admin/page']],
  // Its packages are installed only if the bench has run.
  ...(existsSync(join(ROOT, 'scripts/bench/node_modules'))
    ? [['tsc of the bench', [TSC, '-p', 'scripts/bench']] as [string, string[]]]
    : []),
];
const CHECKS_AT_ONCE = 3;
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest/bin/jest.js')];

/**
 * The test databases are discarded: without fsync, creating them does not wait for the disk. A server that a test kills
 * is a separate one, with PostgreSQL's defaults.
 */
const POSTGRES_FLAGS = ['fsync=off', 'full_page_writes=off', 'max_connections=300'].flatMap((flag) => ['-c', flag]);

const MEMORY_FOLDER = '/dev/shm';
const ENOUGH_BYTES = 4 * 2 ** 30;

await runWithCleanUps('test', async (args, cleanUps) => {
  const folder = cleanUps.folder(join(temporaryFolder(), 'callbacks-test-'));
  const starting = postgresOnDemand(join(folder, 'postgres'), cleanUps, POSTGRES_FLAGS)();
  const failed: string[] = [];
  const waiting = CHECKS.values();
  const checkNext = async () => {
    for (const [name, command] of waiting) {
      const started = performance.now();
      const { code, output } = await run(command);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${name} (${seconds} s)${code === 0 ? '' : `\n${output}`}`);
      if (code !== 0) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, checkNext));
  if (failed.length > 0) throw new Error(`${failed.join(', ')} failed; the tests were not run`);
  const { url } = await starting;
  return (await run([...JEST, ...args], { TEST_POSTGRES_URL: url, TMPDIR: folder })).code;

  /** With `env`, the output goes straight to the terminal. */
  async function run(command: string[], env?: Record<string, string>): Promise<{ code: number; output: string }> {
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: env ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const forget = cleanUps.add(() => signalTree(child.pid as number, 'SIGTERM'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
    forget();
    return { code, output };
  }
});

/** In memory if there is enough of it: test files are discarded, and a slow disk makes tests several times slower. */
function temporaryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    return bavail * bsize >= ENOUGH_BYTES ? MEMORY_FOLDER : tmpdir();
  } catch {
    return tmpdir();
  }
}
