import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

export interface Receiver {
  pid: number;
  callbackUrl: string;
  /** The lines of its log at level error and up, the first 100. */
  errors: string[];
  /** Why it is no more; null while it runs. */
  ended(): string | null;
  /** @returns how it ended: `exit code 0` where all is well */
  stop(): Promise<string>;
}

/**
 * The real program in demo mode, on free ports, with its data in `folder`.
 * @throws when it ends before it is ready
 */
export async function startReceiver(folder: string): Promise<Receiver> {
  const child = spawn(process.execPath, ['--max-semi-space-size=8', MAIN], {
    // A folder without .env, so that nobody's settings come in.
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', ADMIN_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let end: string | null = null;
  let told = '';
  child.stderr.on('data', (chunk) => {
    // The end tells why; the rest is too much to keep.
    told = (told + chunk).slice(-4_000);
  });
  const exited = once(child, 'exit').then(([code, signal]) => {
    end = signal === null ? `exit code ${code}` : `signal ${signal}`;
    return end;
  });
  const errors: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/^\{"level":[56]0,/.test(line) && errors.length < 100) errors.push(line);
    else if (line.includes('"msg":"ready"')) resolve(JSON.parse(line).callbackUrl);
  });
  exited.then((how) => reject(new Error(`The receiver ended before it was ready: ${how}\n${told}`)));
  const callbackUrl = await promise;
  return {
    pid: child.pid as number,
    callbackUrl,
    errors,
    ended: () => end && `${end}\n${told}`,
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 30_000);
      const how = await exited;
      clearTimeout(force);
      return how;
    },
  };
}
