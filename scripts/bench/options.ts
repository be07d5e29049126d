import { readArguments, UsageError, wholeNumber } from '../command-line.ts';
import { type Target, targets } from './targets.ts';

export interface Options {
  /** What is measured. */
  mode: 'side by side' | 'growth' | 'reads' | 'live';
  quick: boolean;
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  /** How long memory is watched by --growth. */
  minutes: number;
  targets: readonly Target[];
  /** The JSON file. */
  out: string;
  writeReadme: boolean;
}

export const CONNECTIONS = 64;
export const BODY_BYTES = 400;

export const helpText = `Usage: npm run bench -- [options]

Measures the receiver side by side with what people would write instead, each doing the same work: signature,
validation, callback and group on disk before the reply, repeats told by a unique key. ${CONNECTIONS} connections send signed
callbacks, each with a body of its own, from another process. What was answered OK is counted in the database
afterwards; a difference fails the bench. Everything runs on this machine, in dist/bench/, and is removed again but for
the results. About ten minutes.

  --quick         one short round, under a minute: to see that it works, not for figures to be shown
  --rounds N      so many rounds, in turns; the table has their medians (5)
  --seconds N     measured in each round, for each target (8)
  --only NAME     this one only, as often as needed
  --out FILE      the results as JSON (dist/bench/bench.json, growth.json, reads.json or live.json; --growth puts SVG beside it)
  --write-readme  put the table into docs/performance.md
  --growth        instead: how the receiver fares with more stored, more commands, larger bodies, more connections
  --reads         instead: how long lists, searches and figures take with 100,000 groups, on SQLite and PostgreSQL
  --live          instead: what 200 open pages cost the receiver, with and without them in turns
  --minutes N     with --growth: how long memory is watched under load (1); takes 1 GB of disk a minute
  --help          this text

Targets
${targets.map(({ name, title, database }) => `  ${name.padEnd(27)}${title} on ${database}`).join('\n')}

Exit status: 0 measured; 1 something was not stored, not answered, or could not be measured; 2 wrong usage.`;

const MODES = ['growth', 'reads', 'live'] as const;
const FLAGS = ['quick', 'write-readme', ...MODES];
const VALUES = ['rounds', 'seconds', 'only', 'out', 'minutes'];

export function readOptions(args: string[]): Options | 'help' {
  const read = readArguments(args, { values: VALUES, flags: FLAGS });
  if (read === 'help') return 'help';
  const [extra] = read.positionals;
  if (extra !== undefined) throw new UsageError(`"${extra}": expected options only; name a target by --only`);
  const last = (wanted: string) => read.values.findLast(([name]) => name === wanted)?.[1];
  const number = (name: string, fallback: number, most: number) => {
    const value = last(name);
    return value === undefined ? fallback : wholeNumber(`--${name}`, value, most);
  };
  const only = read.values.filter(([name]) => name === 'only').map(([, value]) => value);
  for (const name of only) {
    if (!targets.some((target) => target.name === name)) {
      throw new UsageError(`--only: "${name}", expected one of ${targets.map((target) => target.name).join(', ')}`);
    }
  }
  const modes = MODES.filter((name) => read.flags.has(name));
  if (modes.length > 1) throw new UsageError(`--${modes.join(' and --')}: one at a time`);
  const [mode = 'side by side'] = modes;
  const growth = mode === 'growth';
  const quick = read.flags.has('quick');
  if (modes.length > 0 && read.flags.has('write-readme')) throw new UsageError(`--write-readme: not with --${mode}`);
  if (only.length > 0 && read.flags.has('write-readme')) throw new UsageError('--write-readme: not with --only');
  return {
    mode,
    quick,
    rounds: number('rounds', quick ? 1 : growth ? 3 : 5, 100),
    seconds: number('seconds', quick ? 2 : growth ? 5 : 8, 3600),
    warmUpSeconds: quick ? 0.5 : 2,
    minutes: number('minutes', 1, 24 * 60),
    targets: only.length === 0 ? targets : targets.filter(({ name }) => only.includes(name)),
    out: last('out') ?? `dist/bench/${modes[0] ?? 'bench'}.json`,
    writeReadme: read.flags.has('write-readme'),
  };
}
