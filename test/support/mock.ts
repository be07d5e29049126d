import { setTimeout as sleep } from 'node:timers/promises';
import { mock } from '../../scripts/mock.ts';
import { type Started, spawnCommand, startCommand } from './command.ts';
import { teardown } from './start.ts';

/** Less than the time-out of a test, so that a missing line shows as a difference. */
const WAIT_MS = 20_000;

export interface RunningMock {
  /** With a trailing slash. */
  url: string;
  greeting: string;
  /** Its output after the greeting. */
  lines(): string[];
  /** Those lines, once there are at least `count`, or after a time-out. */
  linesOnceThereAre(count: number): Promise<string[]>;
  /** Ends it and returns its exit status. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
}

/** `npm run mock` on a free port, in this process; ended with the test. */
export function startMock(...args: string[]): Promise<RunningMock> {
  return whenListening(startCommand('mock', mock, ['--port', '0', ...args]));
}

/** The same as a separate process. */
export function spawnMock(...args: string[]): Promise<RunningMock> {
  return whenListening(spawnCommand('mock', ['--port', '0', ...args]));
}

async function whenListening({ output, kill, ended }: Started): Promise<RunningMock> {
  teardown(() => {
    kill('SIGTERM');
    return ended;
  });
  let status: number | null | undefined;
  ended.then((end) => {
    status = end.status;
  });
  while (
    !/(trigger -- --url \S+|there is none\.|forbids it\.|no password\.|ErrorCode, calls\.)\n+$/.test(output.stdout)
  ) {
    if (status !== undefined) throw new Error(`The mock ended with ${status}: ${output.stderr}`);
    await sleep(10);
  }
  const greeting = output.stdout;
  const lines = () => output.stdout.slice(greeting.length).split('\n').filter(Boolean);
  return {
    url: /http:\/\/127\.0\.0\.1:\d+\//.exec(greeting)?.[0] ?? '',
    greeting,
    lines,
    async linesOnceThereAre(count) {
      const deadline = Date.now() + WAIT_MS;
      while (lines().length < count && Date.now() < deadline) await sleep(10);
      return lines();
    },
    async stop(signal = 'SIGINT') {
      kill(signal);
      return (await ended).status;
    },
  };
}

/** Runs it to its end. */
export async function runMock(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { status, stdout, stderr } = await startCommand('mock', mock, args).ended;
  return { code: status, output: stdout + stderr };
}
