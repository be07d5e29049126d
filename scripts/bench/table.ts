import type { Results, TargetResult } from './results.ts';

const HEADINGS = ['', 'requests/s', 'to the limit', '50 % within', '99 % within', 'CPU each', 'memory'];

/** The results for a terminal, aligned. */
export function textTable({ targets }: Results): string {
  const rows = targets.map((target) => [`${target.database}: ${target.title}`, ...cellsOf(target)]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [HEADINGS, ...rows]
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}

/** The results for docs/performance.md: a table and what they were measured on. */
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

function cellsOf({ perSecond, toLimit, p50Ms, p99Ms, cpuMicroseconds, megabytes }: TargetResult): string[] {
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
