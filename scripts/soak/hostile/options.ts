import { readArguments, UsageError, wholeNumber } from '../../command-line.ts';

export interface Options {
  requests: number;
  seed: number;
  maxMegabytes: number;
}

const DEFAULTS = { requests: '100000', seed: '20221209', 'max-megabytes': '600' };

export const helpText = `Usage: node scripts/soak/hostile.ts [options]

Starts a receiver of its own, with an empty SQLite file in a temporary folder, and sends it hostile requests: bodies of
the callback's shape with hostile values, keys, nesting and bytes; hostile queries; and HTTP over raw sockets, broken,
ambiguous, huge, slow or held open. The same seed sends the same requests, apart from their event times.

Options (in brackets what holds without them)
  --requests N         how many [100000]
  --seed N             where the generators start [20221209]
  --max-megabytes N    the most memory that the receiver may take, where the system has /proc [600]
  --help

A finding is: an answer 5xx other than 503; a receiver that ended or logged an error; a connection that was neither
answered nor ended within 25 s; a good callback that got no OK, or got it and is not stored; a stored callback that
has another status than it deserves, was accepted against the contract, or was smuggled in inside another request; too
much memory. At 20 findings it stops.

Exit status: 0 nothing found, 1 findings, 2 wrong usage.
`;

export function readOptions(args: string[]): Options | 'help' {
  const given = readArguments(args, { values: Object.keys(DEFAULTS) });
  if (given === 'help') return 'help';
  if (given.positionals.length > 0) {
    throw new UsageError(`"${given.positionals[0]}": only options are expected, see --help`);
  }
  const values = { ...DEFAULTS, ...Object.fromEntries(given.values) };
  return {
    requests: wholeNumber('--requests', values.requests, 10_000_000),
    seed: wholeNumber('--seed', values.seed, 2_147_483_647),
    maxMegabytes: wholeNumber('--max-megabytes', values['max-megabytes'], 1_000_000),
  };
}
