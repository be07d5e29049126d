import { setFilters, useLocale, useObservable, useStrings } from '../state.ts';
import { now, Time } from './time.tsx';

const HOUR_MS = 3_600_000;
/** Periods that end now, by their names in the URL. */
const PERIODS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
type Period = keyof typeof PERIODS;
const NAMES = Object.keys(PERIODS) as Period[];

export interface TimeFilters {
  /** A period that ends now; or `range`, whose ends may not be set yet. */
  period?: string | undefined;
  /** ISO times. */
  since?: string | undefined;
  until?: string | undefined;
}

/** The current time range of the filters, as parameters of the API. */
export function rangeOf({ period, since, until }: TimeFilters): { since?: string; until?: string } {
  const length = PERIODS[period as Period];
  if (length !== undefined) return { since: new Date(Date.now() - length).toISOString() };
  return { ...(isTime(since) && { since }), ...(isTime(until) && { until }) };
}

/** Selects a period that ends now, or a range of absolute times in the browser's time zone. */
export function PeriodFilter({ filters }: { filters: TimeFilters }) {
  const strings = useStrings().find;
  const { since, until } = filters;
  const preset = NAMES.find((name) => name === filters.period);
  const isRange = !preset && (filters.period === 'range' || isTime(since) || isTime(until));
  return (
    <>
      <label>
        <span>{strings.period}</span>
        <select
          value={preset ?? (isRange ? 'range' : '')}
          onChange={({ currentTarget: { value } }) => {
            const { since } = value === 'range' ? rangeOf(filters) : {};
            setFilters({ period: value, since, until: undefined });
          }}
        >
          <option value="">{strings.anyTime}</option>
          {NAMES.map((name) => (
            <option key={name} value={name}>
              {strings.periods[name]}
            </option>
          ))}
          <option value="range">{strings.range}</option>
        </select>
      </label>
      {isRange && (
        <>
          <TimeBox name="since" label={strings.from} value={since} />
          <TimeBox name="until" label={strings.until} value={until} />
        </>
      )}
    </>
  );
}

function TimeBox({ name, label, value }: { name: 'since' | 'until'; label: string; value: string | undefined }) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="datetime-local"
        step="1"
        value={isTime(value) ? localText(new Date(value)) : ''}
        onChange={({ currentTarget }) => {
          const time = new Date(currentTarget.value);
          const text = Number.isNaN(time.getTime()) ? undefined : time.toISOString();
          setFilters({ period: 'range', [name]: text });
        }}
      />
    </label>
  );
}

/** The selected range in absolute times, and the time zone of all times; nothing without a range. */
export function PeriodLine({ filters }: { filters: TimeFilters }) {
  const strings = useStrings().find;
  const locale = useLocale();
  // A period that ends now moves on.
  const minute = Math.floor(useObservable(now) / 60_000);
  const { since, until } = rangeOf(filters);
  if (since === undefined && until === undefined) return null;
  return (
    <p class="quiet period" data-minute={minute}>
      {since !== undefined && (
        <>
          {strings.from} <Time at={since} brief />
        </>
      )}
      {until !== undefined && (
        <>
          {since !== undefined && ' '}
          {strings.until} <Time at={until} brief />
        </>
      )}
      {strings.timeZone(...timeZoneIn(locale))}
    </p>
  );
}

/** Such as `Asia/Shanghai` and `GMT+8`. */
function timeZoneIn(locale: string): [name: string, offset: string] {
  const format = new Intl.DateTimeFormat(locale, { timeZoneName: 'shortOffset' });
  const offset = format.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return [format.resolvedOptions().timeZone, offset];
}

function isTime(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text));
}

/** The value for the input, in the browser's time zone. */
function localText(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
