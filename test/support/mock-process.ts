import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { teardown, temporaryFolder } from './start.ts';

/** Less than a test may take, so that a line that never comes shows as a difference. */
const WAIT_MS = 20_000;

export interface MockProcess {
  child: ChildProcess;
  /** With a slash at the end. */
  url: string;
  greeting: string;
  /** What it printed after the greeting. */
  lines(): string[];
  /** Those lines, once there are so many, or there were not in good time. */
  linesOnceThereAre(count: number): Promise<string[]>;
  /** Ends it and returns its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `npm run mock` as a process of its own on a free port; killed when the test ends. */
export async function startMock(...args: string[]): Promise<MockProcess> {
  const { child, output, exited } = spawnMock('--port', '0', ...args);
  while (!/(trigger -- --url \S+|there is none\.)\n+$/.test(output.text)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The mock ended with ${child.exitCode}: ${output.text}`);
    await sleep(10);
  }
  const greeting = output.text;
  const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(greeting)?.[0] ?? '';
  const lines = () => output.text.slice(greeting.length).split('\n').filter(Boolean);
  return {
    child,
    url,
    greeting,
    lines,
    async linesOnceThereAre(count) {
      const deadline = Date.now() + WAIT_MS;
      while (lines().length < count && Date.now() < deadline) await sleep(10);
      return lines();
    },
    stop(signal = 'SIGINT') {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs it to its end. */
export async function runMock(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { output, exited } = spawnMock(...args);
  return { code: await exited, output: output.text };
}

function spawnMock(...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../scripts/mock.ts'), ...args], {
    cwd: temporaryFolder(),
    env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  teardown(() => {
    child.kill('SIGKILL');
    return exited;
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output.text += chunk;
    });
  }
  return { child, output, exited };
}
