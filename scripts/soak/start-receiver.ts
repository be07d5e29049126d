import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
/** How long a spool may take to drain once the fault is over. */
const DRAINED_WITHIN_MS = 60_000;

export interface SoakedReceiver {
  child: ChildProcess;
  callbackUrl: string;
  /** Ends it by a signal and resolves with its exit code, null after SIGKILL. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Resolves when the spool is empty and the database takes callbacks. */
  drained(): Promise<void>;
}

/**
 * The program as `npm start` runs it, on ports of its own; it is to be ended by who started it.
 * @param folder its working directory, where its spool is
 * @param preload a module that Node loads before the program
 */
export async function startReceiver({
  databaseUrl,
  folder,
  preload,
}: {
  databaseUrl: string;
  folder: string;
  preload?: string;
}): Promise<SoakedReceiver> {
  const child = spawn(process.execPath, [...(preload ? ['--import', preload] : []), ...startArguments()], {
    cwd: folder,
    // Only what is needed, so that nobody's settings come in.
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      ADMIN_PORT: '0',
      DATABASE_URL: databaseUrl,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told = (told + chunk).slice(-2_000);
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const ready = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Every callback is a line: only the one that is waited for is parsed.
    if (line.includes('"msg":"ready"')) ready.resolve(JSON.parse(line).callbackUrl);
  });
  exited.then((code) => ready.reject(new Error(`the receiver ended with ${code}: ${told}`)));
  const callbackUrl = await ready.promise;

  return {
    child,
    callbackUrl,
    end(signal) {
      child.kill(signal);
      return exited;
    },
    async drained() {
      const deadline = Date.now() + DRAINED_WITHIN_MS;
      for (;;) {
        const readiness = (await (await fetch(new URL('/readyz', callbackUrl))).json()) as Readiness;
        if (readiness.status === 'ready' && !readiness.spool?.inUse) return;
        if (Date.now() > deadline) {
          const shown = JSON.stringify(readiness);
          throw new Error(
            `the spool is not empty ${DRAINED_WITHIN_MS / 1000} s after the fault: /readyz says ${shown}`,
          );
        }
        await sleep(100);
      }
    },
  };
}

interface Readiness {
  status: string;
  spool?: { inUse: boolean };
}

/** What `npm start` of that project gives to Node, with the program's whole path. */
export function startArguments(root: string = ROOT): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return scripts.start
    .split(' ')
    .slice(1)
    .map((argument: string) => (argument.startsWith('-') ? argument : join(root, argument)));
}
