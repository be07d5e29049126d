import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

/** Names of the options, without the dashes: those that take a value, and those that do not. */
export interface Known {
  values: readonly string[];
  flags?: readonly string[];
  /** How many arguments that are no options may be there; without it the caller judges them. */
  most?: number;
}

export interface Given {
  /** In the order given; an option may be there more than once. */
  values: [name: string, value: string][];
  flags: Set<string>;
  positionals: string[];
}

/** Reads command line arguments; `--help` and `-h` go before everything that follows them. */
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
