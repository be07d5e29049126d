import { columns } from '../command-line.ts';
import type { Run } from './measure.ts';
import { isSearch, type ReadTimes } from './reads.ts';
import { type Medians, median, mediansOf } from './results.ts';

/** The dimensions that grow. */
export interface Point {
  label: string;
  /** Callbacks in the database beforehand. */
  stored: number;
  /** Commands in the contract; null: the contract unchanged. */
  commands: number | null;
  bodyBytes: number;
  connections: number;
}

export type RunWithReads = Run & { reads: ReadTimes };

/** Measurements with one dimension growing and the rest constant. */
export interface Grown {
  name: string;
  title: string;
  points: (Point & Medians & { reads: ReadTimes; runs: RunWithReads[] })[];
}

export function medianOf(point: Point, runs: RunWithReads[]): Grown['points'][number] {
  const names = Object.keys(runs[0]?.reads ?? {});
  const reads = names.map((name) => [name, median(runs.map((run) => run.reads[name] ?? null)) ?? 0]);
  return { ...point, ...mediansOf(runs), reads: Object.fromEntries(reads), runs };
}

export function growthTable(grown: readonly Grown[], { samples, mostMegabytes, growth }: Memory): string {
  const tables = grown.map(({ title, points }) => {
    const rows = panelsOf(points).flatMap(({ title, lines }) =>
      lines.map(({ name, values }) => [`${title}: ${name}`, ...values.map((value) => String(value ?? '–'))]),
    );
    return columns([[title, ...points.map(({ label }) => label)], ...rows], true);
  });
  const change = growth === null ? '–' : `${growth < 0 ? '' : '+'}${(growth * 100).toFixed(1)} %`;
  const memory = `Memory in ${samples.at(-1)?.second ?? 0} s under load: at most ${mostMegabytes?.toFixed(0) ?? '–'} MB`;
  return [...tables, `${memory}; last third against the second ${change}`].join('\n\n');
}

/** SVG pictures, by name. */
export async function plotsOf(grown: readonly Grown[], { samples }: Memory): Promise<[name: string, svg: string][]> {
  const plot = await loadPlot();
  const memory = {
    title: 'resident memory, MB, over seconds under load',
    points: samples.map(({ second }) => String(second)),
    lines: [{ name: 'memory', values: samples.map(({ megabytes }) => rounded(megabytes)) }],
  };
  return [
    ...grown.map(({ name, title, points }): [string, string] => [name, plot(title, panelsOf(points))]),
    ['memory', plot('Memory', [memory])],
  ];
}

/** A chart in a picture of several side by side, each with lines over the same kind of points. */
export interface Panel {
  title: string;
  points: readonly string[];
  lines: { name: string; values: readonly (number | null)[] }[];
}

/** One chart per figure, over the points. */
function panelsOf(points: Grown['points']): Panel[] {
  const line = (name: string, read: (point: Grown['points'][number]) => number | null) => ({
    name,
    values: points.map((point) => rounded(read(point))),
  });
  const reads = Object.keys(points[0]?.reads ?? {}).map((name) => line(name, (point) => point.reads[name] ?? null));
  const panels = {
    'requests/s': [line('all', (point) => point.perSecond)],
    'reply, ms': [line('50 % within', (point) => point.p50Ms), line('99 % within', (point) => point.p99Ms)],
    'lists, ms': reads.filter(({ name }) => !isSearch(name)),
    'search, ms': reads.filter(({ name }) => isSearch(name)),
    'CPU, µs': [line('each', (point) => point.cpuMicroseconds)],
    'memory, MB': [line('most', (point) => point.megabytes)],
    'start, ms': [line('to ready', (point) => point.startMs)],
  };
  return Object.entries(panels).map(([title, lines]) => ({ title, points: points.map(({ label }) => label), lines }));
}

/**
 * `plot.ts` needs a package of scripts/bench/package.json. It is loaded by its address, so that the rest can be checked
 * and run without that package.
 * @returns a function that draws panels into an SVG picture
 */
export async function loadPlot(): Promise<(title: string, panels: readonly Panel[]) => string> {
  return (await import(import.meta.resolve('./plot.ts'))).plot;
}

function rounded(number: number | null): number | null {
  return number === null ? null : Math.round(number * 10) / 10;
}

/** Memory under load over time. */
export type Memory = ReturnType<typeof memoryOf>;

export function memoryOf(samples: { second: number; megabytes: number }[]) {
  const megabytes = samples.map((sample) => sample.megabytes);
  const third = Math.floor(megabytes.length / 3);
  const second = median(megabytes.slice(third, 2 * third));
  const last = median(megabytes.slice(2 * third));
  return {
    samples,
    mostMegabytes: megabytes.length === 0 ? null : Math.max(...megabytes),
    /**
     * The last third relative to the second: 0 is flat. The first is ignored, because a process grows while it warms
     * up.
     */
    growth: second === null || last === null ? null : last / second - 1,
  };
}
