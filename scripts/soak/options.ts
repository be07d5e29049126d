import { readArguments, UsageError, wholeNumber } from '../command-line.ts';
import { type Fault, faults } from './faults.ts';

export interface Options {
  /** What all faults together last at least; 0: each as short as it can be. */
  minutes: number;
  faults: Fault[];
}

const MOST_MINUTES = 24 * 60;

export const helpText = `Usage: npm run soak -- [--minutes N] [--only NAME] [--help]

Runs the receiver under faults, with at least 500 callbacks a second, each with a body of its own, and holds every
callback that was answered OK against what is stored afterwards. Works in a temporary folder and starts a PostgreSQL
of its own; nothing of yours is touched. Without options it takes about five minutes.

  --minutes N   spread the faults over N minutes at least, in equal parts (as short as they can be)
  --only NAME   this fault only, as often as needed
  --help        this text

Faults
${faults.map(({ name, text }) => `  ${name.padEnd(18)}${text}`).join('\n')}

A fault that this machine cannot have is skipped by name. Exit status: 0 nothing lost, doubled, late, or failed without
a reason; 1 something was; 2 wrong usage.`;

export function readOptions(args: string[]): Options | 'help' {
  const read = readArguments(args, { values: ['minutes', 'only'] });
  if (read === 'help') return 'help';
  const [extra] = read.positionals;
  if (extra !== undefined) throw new UsageError(`"${extra}": expected options only; name a fault by --only`);
  const minutes = read.values.findLast(([name]) => name === 'minutes')?.[1];
  const only = read.values.filter(([name]) => name === 'only').map(([, value]) => value);
  for (const name of only) {
    if (!faults.some((fault) => fault.name === name)) {
      throw new UsageError(`--only: "${name}", expected one of ${faults.map((fault) => fault.name).join(', ')}`);
    }
  }
  return {
    minutes: minutes === undefined ? 0 : wholeNumber('--minutes', minutes, MOST_MINUTES),
    faults: only.length === 0 ? faults : faults.filter(({ name }) => only.includes(name)),
  };
}
