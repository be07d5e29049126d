import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';

/** Wrong usage: the message names the option, its value and the remedy. The exit status is 2. */
export class UsageError extends Error {}

/** The command cannot do its work, for a reason that its user can remove. The exit status is 1. */
export class Failure extends Error {}

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** What a command reads and writes besides its arguments. Tests pass their own in place of `process`. */
export interface Io {
  env: NodeJS.ProcessEnv;
  cwd(): string;
  stdout: Output;
  stderr: Output;
  /** npm forwards a signal that the terminal has already sent, so that one Ctrl-C may arrive twice. */
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** @returns the exit status */
export type Command = (args: string[], io: Io) => Promise<number>;

/** Runs a command with the arguments of this process and sets its exit status; does nothing in an imported module. */
export async function runMain({ filename }: ImportMeta, name: string, command: Command): Promise<void> {
  // Node 24.1 has no import.meta.main.
  const [, program] = process.argv;
  if (program === undefined || realpathSync(program) !== filename) return;
  // The reader of a pipe may end first, as in `npm run verify | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(1);
  });
  process.exitCode = await run(name, command, process.argv.slice(2), process);
}

/** Runs a command; a usage error and a failure are printed as one message without a stack trace. */
export async function run(name: string, command: Command, args: string[], io: Io): Promise<number> {
  try {
    return await command(args, io);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Failure)) throw error;
    io.stderr.write(`${name}: ${printable(error.message)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** A command of options alone, which prints its help by itself. */
interface SimpleCommand extends Known {
  name: string;
  help: string;
  /** @returns the exit status */
  run(given: Given): Promise<number> | number;
}

/** Runs it. A usage error is printed with the command's name, a failure as it is, neither with a stack trace. */
export async function runCommand({ name, help, run: work, ...known }: SimpleCommand): Promise<void> {
  try {
    const given = readArguments(process.argv.slice(2), known);
    if (given === 'help') console.log(help);
    else process.exitCode = await work(given);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Failure)) throw error;
    console.error(error instanceof UsageError ? `${name}: ${error.message}` : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** The environment variables, then what `.env` in the working directory adds to them. */
export function environmentOf({ env, cwd }: Pick<Io, 'env' | 'cwd'>): NodeJS.ProcessEnv {
  try {
    return { ...parseEnv(readFileSync(join(cwd(), '.env'), 'utf8')), ...env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw new UsageError(`.env: ${(error as Error).message}`);
  }
}

/** Names of options, without the dashes: those that take a value, and those that do not. */
export interface Known {
  values: readonly string[];
  flags?: readonly string[];
  /** The number of positional arguments that are allowed; without it the caller judges them. */
  most?: number;
}

export interface Given {
  /** In the order given; an option can be repeated. */
  values: [name: string, value: string][];
  flags: Set<string>;
  positionals: string[];
}

/** Rows of `--help`: `['--name VALUE', text]` or `['--flag', text]`; an empty first cell continues the text. */
export type OptionRows = [option: string, text: string][];

/** The options that the rows of `--help` describe. */
export function optionsIn(rows: OptionRows): Known {
  const names = (pattern: RegExp) => rows.flatMap(([option]) => pattern.exec(option)?.[1] ?? []);
  return { values: names(/^--([a-z-]+) /), flags: names(/^--([a-z-]+)$/) };
}

/** Reads command line arguments; `--help` and `-h` take precedence over everything that follows them. */
export function readArguments(
  args: string[],
  { values, flags = [], most = Number.POSITIVE_INFINITY }: Known,
): Given | 'help' {
  // Not strict, so that each mistake gets a message of our own.
  const { tokens, positionals } = parseArgs({
    args,
    options: {
      ...Object.fromEntries(values.map((name) => [name, { type: 'string' as const, multiple: true }])),
      ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given: Given = { values: [], flags: new Set(), positionals };
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (name === 'help') return 'help';
    if (flags.includes(name)) {
      if (value !== undefined) throw new UsageError(`${rawName}: takes no value, "${value}" was given`);
      given.flags.add(name);
      continue;
    }
    if (!values.includes(name)) throw new UsageError(`${rawName}: there is no such option, see --help`);
    if (value === undefined || (!inlineValue && value.startsWith('--'))) {
      throw new UsageError(`${rawName}: a value is missing (one that starts with -- is given as ${rawName}=…)`);
    }
    if (value === '') throw new UsageError(`${rawName}: is empty, see --help`);
    given.values.push([name, value]);
  }
  if (positionals.length > most) throw new UsageError(`"${positionals[most]}": one argument too many, see --help`);
  return given;
}

export function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new UsageError(`${name}: "${text}", expected a whole number from 1 to ${grouped(most)}`);
}

/** Text of any origin, safe to show in a terminal: control characters are escaped as in JSON. */
export function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The rows of a table, indented, its columns aligned. */
export function columns(table: string[][]): string {
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  return table
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column) + 2)).join('')}`.trimEnd())
    .join('\n');
}

/** 1234567 as 1,234,567. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : several}`;
}
