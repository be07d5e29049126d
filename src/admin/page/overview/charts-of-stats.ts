import type { Stats } from '../api.ts';
import { knownType } from '../parts/badges.tsx';
import type { Strings } from '../strings/en.ts';

export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  depth: number;
}

/** A chart as data: what is drawn, and what the table beside it says. */
export interface ChartData {
  kind: 'bar' | 'line';
  /** What the first column of the table holds. */
  labelsAre: string;
  labels: string[];
  unit: string;
  series: { label: string; colour: Colour; values: (number | null)[] }[];
}

/** Names of the custom properties in `tokens.css`. */
export type Colour = 'blue' | 'green' | 'purple' | 'vermilion' | 'grey';

const OUTCOMES = [
  ['accepted', 'blue'],
  ['repeats', 'green'],
  ['unknown', 'purple'],
  ['rejected', 'vermilion'],
  ['refused', 'grey'],
] as const;

export function minutesChart({ minutes }: Stats, strings: Strings, locale: string): ChartData {
  return {
    kind: 'line',
    labelsAre: strings.overview.minute,
    labels: minutes.map(({ at }) => clockTime(at, locale)),
    unit: '',
    series: OUTCOMES.map(([outcome, colour]) => ({
      label: strings.overview.outcome[outcome],
      colour,
      values: minutes.map((minute) => minute[outcome]),
    })),
  };
}

export function replyChart({ minutes }: Stats, strings: Strings, locale: string): ChartData {
  const milliseconds = (seconds: number | null) => (seconds === null ? null : Number((seconds * 1000).toPrecision(3)));
  return {
    kind: 'line',
    labelsAre: strings.overview.minute,
    labels: minutes.map(({ at }) => clockTime(at, locale)),
    unit: strings.overview.milliseconds,
    series: [
      { label: strings.overview.median, colour: 'blue', values: minutes.map((one) => milliseconds(one.medianSeconds)) },
      { label: strings.overview.p99, colour: 'vermilion', values: minutes.map((one) => milliseconds(one.p99Seconds)) },
    ],
  };
}

export function groupsChart(types: Stats['groupsByType']['hour'], strings: Strings): ChartData {
  // Two names of one type are one bar.
  const counts = new Map<string, number>();
  for (const { type, count } of types) {
    const known = knownType(type);
    const name = known ? strings.types[known] : strings.overview.other;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const rows = [...counts].sort(([, a], [, b]) => b - a);
  return {
    kind: 'bar',
    labelsAre: strings.group.type,
    labels: rows.map(([name]) => name),
    unit: '',
    series: [{ label: strings.overview.created, colour: 'blue', values: rows.map(([, count]) => count) }],
  };
}

export function spoolChart(samples: readonly Sample[], strings: Strings, locale: string): ChartData {
  return {
    kind: 'line',
    labelsAre: strings.overview.time,
    labels: samples.map(({ at }) => clockTime(at, locale, true)),
    unit: '',
    series: [{ label: strings.overview.spoolDepth, colour: 'blue', values: samples.map(({ depth }) => depth) }],
  };
}

function clockTime(at: string | number, locale: string, seconds = false): string {
  return new Date(at).toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  });
}
