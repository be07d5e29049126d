import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readStats, type Stats } from '../api.ts';
import { Age } from '../parts/age.tsx';
import { FilterTabs } from '../parts/filters.tsx';
import { Failure } from '../parts/notice.tsx';
import { useRead } from '../parts/use-read.ts';
import { useLocale, useStrings } from '../strings/strings.ts';
import { ChartPanel } from './chart-panel.tsx';
import { groupsChart, minutesChart, replyChart, type Sample, spoolChart } from './charts-of-stats.ts';

const EVERY_MS = 5_000;
const PERIODS = ['hour', 'day', 'week'] as const;
/** An hour of them. */
const MOST_SAMPLES = 720;
const never = () => false;

/** The receiver at a glance: figures, and how they went. */
export function OverviewView({ filters }: { filters: { period?: string } }) {
  const strings = useStrings();
  const locale = useLocale();
  const { stats, samples, error, again } = useStats();
  const period = PERIODS.find((one) => one === filters.period) ?? 'hour';
  const types = stats?.groupsByType[period] ?? [];
  const noCallbacks = stats?.minutes.every(isQuiet) ? strings.overview.noCallbacks : null;
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.overview.heading}</h1>
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

/** The figures every few seconds; of the spool also what its depth was, since nobody else remembers it. */
function useStats() {
  const { value, error, again } = useRead(readStats, never);
  const [stats, setStats] = useState<Stats>();
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => {
    if (!value) return;
    setStats(value);
    const depth = value.spool?.depth;
    if (depth !== undefined) setSamples((before) => [...before, { at: Date.now(), depth }].slice(-MOST_SAMPLES));
  }, [value]);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), EVERY_MS);
    return () => clearInterval(timer);
  }, [again]);
  return { stats, samples, error, again };
}

function Figures({ stats: { minutes, groupsByType, spool } }: { stats: Stats }) {
  const strings = useStrings().overview;
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  // The present minute is not over yet.
  const last = minutes.at(-2) ?? minutes.at(-1);
  const came = last ? last.accepted + last.unknown + last.rejected + last.repeats : 0;
  const milliseconds = (seconds: number | null | undefined) =>
    typeof seconds === 'number' ? `${number.format(seconds * 1000)} ${strings.milliseconds}` : '–';
  return (
    <dl class="figures">
      <Figure label={strings.perMinute} note={strings.lastMinute}>
        {came.toLocaleString(locale)}
      </Figure>
      <Figure label={strings.median} note={strings.replySeconds}>
        {milliseconds(last?.medianSeconds)}
      </Figure>
      <Figure label={strings.p99} note={strings.replySeconds}>
        {milliseconds(last?.p99Seconds)}
      </Figure>
      <Figure label={strings.created} note={strings.lastHour}>
        {groupsByType.hour.reduce((sum, { count }) => sum + count, 0).toLocaleString(locale)}
      </Figure>
      <Figure
        label={strings.spool}
        note={spool === null ? strings.spoolNone : spool.depth === 0 ? strings.spoolUnused : strings.spoolDepth}
      >
        {spool === null ? '–' : spool.depth.toLocaleString(locale)}
      </Figure>
    </dl>
  );
}

function isQuiet({ accepted, unknown, rejected, repeats, refused }: Stats['minutes'][number]): boolean {
  return accepted + unknown + rejected + repeats + refused === 0;
}

function Figure({ label, note, children }: { label: string; note: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="figure">{children}</dd>
      <dd class="quiet">{note}</dd>
    </div>
  );
}
