import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { columns } from '../command-line.ts';
import type { Run } from './measure.ts';
import { BODY_BYTES, CONNECTIONS, type Options, type Target } from './options.ts';

/** The contents of the JSON file. */
export type Results = ReturnType<typeof resultsOf>;

const FIGURES = ['perSecond', 'p50Ms', 'p99Ms', 'cpuMicroseconds', 'megabytes', 'startMs'] as const;

/** The figures of a target, as medians of its runs; null if the system does not report them. */
export type Medians = Record<(typeof FIGURES)[number], number | null>;

export function mediansOf(runs: readonly Run[]): Medians {
  return Object.fromEntries(FIGURES.map((name) => [name, median(runs.map((run) => run[name]))])) as Medians;
}

export function resultsOf(runs: ReadonlyMap<Target, Run[]>, { rounds, seconds }: Options) {
  const limitOf = (database: string) =>
    [...runs].find(([target]) => target.name.startsWith('limit') && target.database === database)?.[1] ?? [];
  const targets = [...runs].map(([{ name, title, database }, ofTarget]) => {
    const medians = mediansOf(ofTarget);
    const { perSecond: limit } = mediansOf(limitOf(database));
    /** perSecond as a share of the limit's on the same database; null if the limit was not measured. */
    const toLimit = medians.perSecond === null || limit === null ? null : medians.perSecond / limit;
    return { name, title, database, ...medians, toLimit, runs: ofTarget };
  });
  return {
    measuredAt: new Date().toISOString(),
    machine: machine(),
    rounds,
    seconds,
    connections: CONNECTIONS,
    bodyBytes: BODY_BYTES,
    targets,
  };
}

const HEADINGS = ['', 'requests/s', 'to the limit', '50 % within', '99 % within', 'CPU each', 'memory'];

/** The results as an aligned table for a terminal. */
export function textTable({ targets }: Results): string {
  const rows = targets.map((target) => [`${target.database}: ${target.title}`, ...cellsOf(target)]);
  return columns([HEADINGS, ...rows], true);
}

/** The results as Markdown for docs/performance.md: a table, and the machine. */
export function markdownTable({ targets, machine, rounds, seconds, measuredAt }: Results): string {
  const databases = [...new Set(targets.map(({ database }) => database))];
  const rows = databases.flatMap((database) => [
    `| **${database}** |${' |'.repeat(HEADINGS.length - 1)}`,
    ...targets
      .filter((target) => target.database === database)
      .map((target) => `| ${target.title} | ${cellsOf(target).join(' | ')} |`),
  ]);
  return [
    `| ${HEADINGS.join(' | ')} |`,
    `|---|${'--:|'.repeat(HEADINGS.length - 1)}`,
    ...rows,
    '',
    `${rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`} of ${seconds} s, on ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, ` +
      `${machine.system}, Node ${machine.node.slice(1)}, ${measuredAt.slice(0, 10)}.`,
  ].join('\n');
}

function cellsOf({
  perSecond,
  toLimit,
  p50Ms,
  p99Ms,
  cpuMicroseconds,
  megabytes,
}: Results['targets'][number]): string[] {
  const shown = (number: number | null, digits: number, unit = '') =>
    number === null
      ? '–'
      : `${number.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits })}${unit}`;
  return [
    shown(perSecond, 0),
    shown(toLimit, 2),
    shown(p50Ms, 1, ' ms'),
    shown(p99Ms, 1, ' ms'),
    shown(cpuMicroseconds, 0, ' µs'),
    shown(megabytes, 0, ' MB'),
  ];
}

/** The median of the numbers present; null if there are none. */
export function median(numbers: readonly (number | null)[]): number | null {
  const sorted = numbers.filter((number) => number !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

/** The machine of the measurements, without its name. */
export function machine(): { processor: string; cores: number; memoryGiB: number; system: string; node: string } {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().replace(/-.*/, '')} ${process.arch}`,
    node: process.version,
  };
}
