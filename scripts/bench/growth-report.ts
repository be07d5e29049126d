import type { Run } from './measure.ts';
import { isSearch, type ReadTimes } from './reads.ts';
import { type Medians, median, mediansOf } from './results.ts';

/** One thing that grows while the rest stays the same. */
export interface Dimension {
  name: 'stored' | 'commands' | 'body' | 'connections';
  title: string;
  points: Point[];
}

export interface Point {
  label: string;
  /** Callbacks that are in the database beforehand. */
  stored: number;
  /** Commands in the contract; null: the contract as it is. */
  commands: number | null;
  bodyBytes: number;
  connections: number;
}

/** What was measured while one thing grew. */
export interface Grown extends Omit<Dimension, 'points'> {
  points: (Point & Medians & { reads: ReadTimes; runs: (Run & { reads: ReadTimes })[] })[];
}

export function medianOf(point: Point, runs: (Run & { reads: ReadTimes })[]): Grown['points'][number] {
  const names = Object.keys(runs[0]?.reads ?? {});
  const reads = names.map((name) => [name, median(runs.map((run) => run.reads[name] ?? null)) ?? 0]);
  return { ...point, ...mediansOf(runs), reads: Object.fromEntries(reads), runs };
}

export function growthTable(grown: readonly Grown[], { minutes, samples, mostMegabytes, growth }: Memory): string {
  const shown = (number: number | null, digits = 1) => (number === null ? '–' : number.toFixed(digits));
  const lines = grown.flatMap(({ title, points }) => [
    `\n${title}`,
    ...points.map(({ label, perSecond, p50Ms, p99Ms, cpuMicroseconds, megabytes, startMs, reads }) =>
      [
        `  ${label.padStart(9)}  ${shown(perSecond, 0).padStart(6)} requests/s, 50 % within ${shown(p50Ms)} ms, 99 % ${shown(p99Ms)} ms`,
        `CPU ${shown(cpuMicroseconds, 0)} µs, ${shown(megabytes, 0)} MB, ready after ${shown(startMs, 0)} ms`,
        Object.entries(reads)
          .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(1)}`)
          .join(', '),
      ].join('\n             '),
    ),
  ]);
  const seconds = samples.at(-1)?.second ?? 0;
  const change = growth === null ? '–' : `${growth < 0 ? '' : '+'}${(growth * 100).toFixed(1)} %`;
  lines.push(
    `\nMemory under load for ${minutes > 0 ? `${minutes} min` : `${seconds} s`}: at most ${shown(mostMegabytes, 0)} MB; last third against the second ${change}`,
  );
  return lines.join('\n').trimStart();
}

/** Pictures as SVG, by name. */
export async function plotsOf(grown: readonly Grown[], memory: Memory): Promise<[name: string, svg: string][]> {
  const plot = await loadPlot();
  const plots = grown.map(({ name, title, points }): [string, string] => {
    const labels = points.map(({ label }) => label);
    const line = (lineName: string, read: (point: Grown['points'][number]) => number | null) => ({
      name: lineName,
      values: points.map((point) => rounded(read(point))),
    });
    const reads = Object.keys(points[0]?.reads ?? {});
    const panels: Panel[] = [
      { title: 'requests/s', points: labels, lines: [line('requests/s', (point) => point.perSecond)] },
      {
        title: 'reply, ms',
        points: labels,
        lines: [line('50 % within', (point) => point.p50Ms), line('99 % within', (point) => point.p99Ms)],
      },
      ...[
        { panel: 'lists, ms', isIn: (read: string) => !isSearch(read) },
        { panel: 'search, ms', isIn: isSearch },
      ].map(({ panel, isIn }) => ({
        title: panel,
        points: labels,
        lines: reads.filter(isIn).map((read) => line(read, (point) => point.reads[read] ?? null)),
      })),
      { title: 'memory, MB', points: labels, lines: [line('memory', (point) => point.megabytes)] },
      { title: 'start to ready, ms', points: labels, lines: [line('start', (point) => point.startMs)] },
    ];
    return [name, plot(title, panels)];
  });
  const { samples } = memory;
  const over = {
    title: 'resident memory, MB, over seconds under load',
    points: samples.map(({ second }) => String(second)),
    lines: [{ name: 'memory', values: samples.map(({ megabytes }) => rounded(megabytes)) }],
  };
  return [...plots, ['memory', plot('Memory', [over])]];
}

/** Charts side by side in one picture, each with lines over the same kind of points. */
export interface Panel {
  title: string;
  points: readonly string[];
  lines: { name: string; values: readonly (number | null)[] }[];
}

/**
 * `plot.ts` needs a package of scripts/bench/package.json. Loaded by its address, so that the rest is checked and runs
 * where that is not installed.
 * @returns a function that draws panels into an SVG picture
 */
export async function loadPlot(): Promise<(title: string, panels: readonly Panel[]) => string> {
  return (await import(import.meta.resolve('./plot.ts'))).plot;
}

function rounded(number: number | null): number | null {
  return number === null ? null : Math.round(number * 10) / 10;
}

/** Memory under load over time. */
export interface Memory {
  minutes: number;
  perSecond: number;
  samples: { second: number; megabytes: number }[];
  mostMegabytes: number | null;
  /** The last third against the second: 0 is flat. The first is ignored, because a process grows while it warms up. */
  growth: number | null;
}

export function memoryOf(samples: Memory['samples']): Pick<Memory, 'mostMegabytes' | 'growth'> {
  const megabytes = samples.map((sample) => sample.megabytes);
  const third = Math.floor(megabytes.length / 3);
  const second = median(megabytes.slice(third, 2 * third));
  const last = median(megabytes.slice(2 * third));
  return {
    mostMegabytes: megabytes.length === 0 ? null : Math.max(...megabytes),
    growth: second === null || last === null ? null : last / second - 1,
  };
}
