import { useEffect, useState } from 'preact/hooks';
import { readStats, type Stats } from '../api.ts';
import { useRead } from '../live-data.ts';
import { knownType } from '../parts/badges.tsx';
import { FilterTabs } from '../parts/filters.tsx';
import { Failure } from '../parts/panel.tsx';
import { Age } from '../parts/time.tsx';
import { useLocale, useStrings } from '../state.ts';
import type { Strings } from '../strings/en.ts';
import { axisLimit } from './axis.ts';
import { ChartPanel } from './charts.tsx';
import type { ChartData } from './draw-chart.ts';
import { Figures } from './figures.tsx';

const POLL_MS = 5_000;
const PERIODS = ['hour', 'day', 'week'] as const;
/** Samples of one hour. */
const MAX_SAMPLES = 720;
const OUTCOMES = [
  ['accepted', 'blue'],
  ['repeats', 'green'],
  ['unknown', 'purple'],
  ['rejected', 'vermilion'],
  ['refused', 'grey'],
] as const;

interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  depth: number;
}

/** The receiver at a glance: present figures, and charts of the last hour. */
export function OverviewView({ filters }: { filters: { period?: string } }) {
  const strings = useStrings();
  const locale = useLocale();
  const { stats, samples, error, again } = useStats();
  const period = PERIODS.find((one) => one === filters.period) ?? 'hour';
  const types = stats?.groupsByType?.[period] ?? [];
  const noCallbacks = stats?.minutes.every(isQuiet) ? strings.overview.noCallbacks : null;
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.views.overview}</h1>
        {stats && (
          <span class="quiet">
            {strings.overview.since} <Age at={stats.since} />
          </span>
        )}
      </div>
      {error !== undefined && <Failure error={error} again={again} />}
      {!stats && error === undefined && <p class="quiet">{strings.loading}</p>}
      {stats && (
        <>
          <Figures stats={stats} />
          <div class="charts">
            <ChartPanel
              title={strings.overview.perMinute}
              chart={minutesChart(stats, strings, locale)}
              empty={noCallbacks}
            />
            <ChartPanel
              title={strings.overview.replySeconds}
              chart={replyChart(stats, strings, locale)}
              empty={noCallbacks}
            />
            <ChartPanel
              title={strings.overview.groupsByType}
              chart={groupsChart(types, strings)}
              empty={types.length === 0 ? strings.overview.noGroups : null}
            >
              <FilterTabs
                name="period"
                label={strings.overview.period}
                value={period}
                choices={PERIODS.map((one): [string, string] => [one, strings.overview.periods[one]])}
              />
            </ChartPanel>
            {stats.spool && (
              <ChartPanel
                title={strings.overview.spool}
                chart={spoolChart(samples, strings, locale)}
                empty={samples.every(({ depth }) => depth === 0) ? strings.overview.spoolUnused : null}
              />
            )}
          </div>
        </>
      )}
    </>
  );
}

/** Polls the figures. Keeps samples of the spool's depth, because the receiver has no history of it. */
function useStats() {
  const { value, error, again } = useRead('stats', readStats, { everyMs: POLL_MS });
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => {
    const depth = value?.spool?.depth;
    if (depth !== undefined) setSamples((before) => [...before, { at: Date.now(), depth }].slice(-MAX_SAMPLES));
  }, [value]);
  return { stats: value, samples, error, again };
}

function isQuiet({ accepted, unknown, rejected, repeats, refused }: Stats['minutes'][number]): boolean {
  return accepted + unknown + rejected + repeats + refused === 0;
}

function minutesChart(stats: Stats, strings: Strings, locale: string): ChartData {
  const series = OUTCOMES.map(([outcome, colour]) => ({
    label: outcome === 'refused' ? strings.overview.refused : strings.callbacks[outcome],
    colour,
    values: stats.minutes.map((minute) => minute[outcome]),
  }));
  const highest = stats.minutes.map((minute) => Math.max(...OUTCOMES.map(([outcome]) => minute[outcome])));
  return { ...minutesOf(stats, strings, locale), unit: '', scale: { limit: axisLimit(highest) }, series };
}

function replyChart(stats: Stats, strings: Strings, locale: string): ChartData {
  const { median, p99, milliseconds } = strings.overview;
  const values = (quantile: 'medianSeconds' | 'p99Seconds') =>
    stats.minutes.map(({ [quantile]: seconds }) => (seconds === null ? null : Number((seconds * 1000).toPrecision(3))));
  return {
    ...minutesOf(stats, strings, locale),
    unit: milliseconds,
    scale: 'logarithmic',
    series: [
      { label: median, colour: 'blue', values: values('medianSeconds') },
      { label: p99, colour: 'vermilion', values: values('p99Seconds') },
    ],
  };
}

function minutesOf({ minutes }: Stats, strings: Strings, locale: string) {
  return {
    kind: 'line' as const,
    labelsAre: strings.overview.minute,
    labels: minutes.map(({ at }) => clockTime(at, locale)),
  };
}

function groupsChart(types: NonNullable<Stats['groupsByType']>['hour'], strings: Strings): ChartData {
  // Names of the same type share one bar.
  const counts = new Map<string, number>();
  for (const { type, count } of types) {
    const known = knownType(type);
    const name = known ? strings.types[known] : strings.overview.other;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const rows = [...counts].sort(([, a], [, b]) => b - a);
  return {
    kind: 'bar',
    labelsAre: strings.groups.type,
    labels: rows.map(([name]) => name),
    unit: '',
    series: [{ label: strings.overview.created, colour: 'blue', values: rows.map(([, count]) => count) }],
  };
}

function spoolChart(samples: readonly Sample[], strings: Strings, locale: string): ChartData {
  return {
    kind: 'line',
    labelsAre: strings.overview.time,
    labels: samples.map(({ at }) => clockTime(at, locale, true)),
    unit: '',
    series: [{ label: strings.overview.spoolDepth, colour: 'blue', values: samples.map(({ depth }) => depth) }],
  };
}

function clockTime(at: string | number, locale: string, seconds = false): string {
  const second = seconds ? '2-digit' : undefined;
  return new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second });
}
