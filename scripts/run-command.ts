import { type Given, type Known, readArguments } from './simulator/read-arguments.ts';
import { UsageError } from './simulator/usage-error.ts';

interface Command extends Known {
  name: string;
  help: string;
  /** @returns the exit status; 0 where it returns nothing */
  run(given: Given): Promise<number | undefined> | number | undefined;
}

/** Runs a command line: `--help` prints the help, a UsageError is shown without its stack and exits with status 2. */
export async function runCommand({ name, help, run, ...known }: Command): Promise<void> {
  try {
    const given = readArguments(process.argv.slice(2), known);
    if (given === 'help') console.log(help);
    else process.exitCode = (await run(given)) ?? 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exitCode = 2;
  }
}
