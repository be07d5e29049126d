import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';

/** Wrong usage: the message names the option, its value and the remedy. The exit status is 2. */
export class UsageError extends Error {}

/** The command cannot do its work, for a reason that the user can remove. The exit status is 1. */
export class Failure extends Error {}

/** `--help` was given: the message is the text to print. The exit status is 0. */
export class HelpRequest extends Error {}

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** The part of the process that a command uses besides its arguments. Tests pass their own. */
export interface Io {
  env: NodeJS.ProcessEnv;
  cwd(): string;
  stdout: Output;
  stderr: Output;
  /** npm forwards a signal that the terminal has already sent, so one Ctrl-C may arrive twice. */
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** @returns the exit status */
export type Command = (args: string[], io: Io) => Promise<number>;

/** Runs a command with the arguments of this process and sets its exit status; does nothing in an imported module. */
export async function runMain({ filename }: ImportMeta, name: string, command: Command): Promise<void> {
  // Node 24.1 has no import.meta.main.
  const [, program] = process.argv;
  if (program !== undefined && realpathSync(program) === filename) await runProcess(name, command);
}

/** Runs a command with the arguments of this process and sets its exit status. */
export async function runProcess(name: string, command: Command): Promise<void> {
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
    if (error instanceof HelpRequest) {
      io.stdout.write(`${error.message}\n`);
      return 0;
    }
    if (!(error instanceof UsageError || error instanceof Failure)) throw error;
    io.stderr.write(`${name}: ${printable(error.message)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** A command with options only. */
interface SimpleCommand extends Known {
  name: string;
  /** @returns the exit status */
  run(given: Given): Promise<number> | number;
}

/** Runs it. A failure is printed unchanged: it has several lines, or names its command. */
export async function runCommand({ name, run: work, ...known }: SimpleCommand): Promise<void> {
  const command = async (args: string[]) => {
    try {
      return await work(readArguments(args, known));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(error.message);
      return 1;
    }
  };
  process.exitCode = await run(name, command, process.argv.slice(2), process);
}

/** The environment variables, supplemented by `.env` in the working directory. */
export function environmentOf({ env, cwd }: Pick<Io, 'env' | 'cwd'>): NodeJS.ProcessEnv {
  try {
    return { ...parseEnv(readFileSync(join(cwd(), '.env'), 'utf8')), ...env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw new UsageError(`.env: ${(error as Error).message}`);
  }
}

export interface Known {
  /**
   * The text of `--help`, which declares the options: one line each, indented by two spaces: `--name VALUE` or
   * `--flag`, two or more spaces, and the description.
   */
  help: string;
  /** The number of positional arguments allowed. */
  most?: number;
  /** The message for one argument too many. */
  tooMany?: string;
}

/** The arguments of a command: options with values in the order given, and the rest. */
export class Given {
  readonly values: [name: string, value: string][] = [];
  readonly flags = new Set<string>();
  readonly positionals: string[];

  constructor(positionals: string[]) {
    this.positionals = positionals;
  }

  /** The last value of an option. */
  text(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  /** Every value of an option. */
  all(name: string): string[] {
    return this.values.filter(([given]) => given === name).map(([, value]) => value);
  }

  number(name: string, fallback: number, most: number): number {
    const text = this.text(name);
    return text === undefined ? fallback : wholeNumber(`--${name}`, text, most);
  }

  /** The items that `--only` names; all if it is not given. */
  only<Item extends { name: string }>(items: readonly Item[]): readonly Item[] {
    const names = this.all('only');
    const known = items.map(({ name }) => name);
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new UsageError(`--only: "${unknown}", expected one of ${known.join(', ')}`);
    return names.length === 0 ? items : items.filter(({ name }) => names.includes(name));
  }
}

/** Rows of `--help`: `['--name VALUE', text]` or `['--flag', text]`; an empty first cell continues the text. */
export type OptionRows = [option: string, text: string][];

/**
 * Reads command line arguments.
 * @throws {HelpRequest} at `--help` or `-h`, which take precedence over everything that follows them
 */
export function readArguments(args: string[], known: Known): Given {
  const { help, most = 0, tooMany = ': one argument too many, see --help' } = known;
  const names = (pattern: RegExp) => Array.from(help.matchAll(pattern), ([, name = '']) => name);
  const values = names(/^ {2}--([a-z-]+) [A-Z]/gm);
  const flags = names(/^ {2}--([a-z-]+)(?: {2}|$)/gm);
  // Not strict, so that each mistake gets its own message.
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
  const given = new Given(positionals);
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (name === 'help') throw new HelpRequest(help);
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
  if (positionals.length > most) throw new UsageError(`"${positionals[most]}"${tooMany}`);
  return given;
}

export function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new UsageError(`${name}: "${text}", expected a whole number from 1 to ${grouped(most)}`);
}

/** Shows a line until the returned function is called: one updated line on a terminal, else a line every few seconds. */
export function showProgress(line: () => string, output: Output, seconds: number): () => void {
  const timer = output.isTTY
    ? setInterval(() => output.write(`\r${line()}\x1b[K`), 200)
    : setInterval(() => output.write(`${line()}\n`), seconds * 1000);
  return () => {
    clearInterval(timer);
    if (output.isTTY) output.write('\r\x1b[K');
  };
}

/** Text from any source, safe to show in a terminal: control characters are escaped as in JSON. */
export function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A table with aligned columns: left-aligned and indented, or, with `figures`, right-aligned after the first. */
export function columns(table: readonly (readonly string[])[], figures = false): string {
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const padded = (cell: string, column: number) =>
    figures && column > 0 ? cell.padStart(width(column)) : cell.padEnd(width(column));
  return table.map((row) => `${figures ? '' : '  '}${row.map(padded).join('  ')}`.trimEnd()).join('\n');
}

/** 1234567 as 1,234,567. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : several}`;
}
