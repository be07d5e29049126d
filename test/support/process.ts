import type { ChildProcess } from 'node:child_process';
import { startArguments, startServer } from '../../scripts/testbed/process.ts';
import { teardown } from './start.ts';

export interface ReceiverProcess {
  child: ChildProcess;
  callbackUrl: string;
  adminUrl: string;
  /** Every line of the log so far. */
  logged: string[];
  /** Its output for the terminal so far. */
  told: () => string;
  exited: Promise<number | null>;
}

/** The real program (that of `root`) as a separate process, on free ports; killed with the test. */
export async function startProcess(
  env: Record<string, string>,
  folder: string,
  root?: string,
): Promise<ReceiverProcess> {
  const logged: string[] = [];
  const { child, callbackUrl, adminUrl, stderr, exited } = await startServer({
    folder,
    env,
    args: startArguments(root),
    onLine: (line) => void logged.push(line),
    onSpawn: (child) => teardown(() => child.kill('SIGKILL')),
  });
  return { child, callbackUrl, adminUrl, logged, told: stderr, exited };
}
