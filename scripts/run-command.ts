import { type Given, type Known, readArguments } from './simulator/read-arguments.ts';
import { UsageError } from './simulator/usage-error.ts';

/** The work cannot be done; the message says why and what mends it. Exits with status 1. */
export class Refusal extends Error {}

interface Command extends Known {
  name: string;
  help: string;
  /** @returns the exit status */
  run(given: Given): Promise<number> | number;
}

/**
 * Runs a command line. `--help` prints the help. A UsageError (status 2) and a Refusal (status 1) are shown without their
 * stacks.
 */
export async function runCommand({ name, help, run, ...known }: Command): Promise<void> {
  try {
    const given = readArguments(process.argv.slice(2), known);
    if (given === 'help') console.log(help);
    else process.exitCode = await run(given);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Refusal)) throw error;
    console.error(error instanceof UsageError ? `${name}: ${error.message}` : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
