import { useNow } from '../clock.ts';
import { useLocale } from '../strings/strings.ts';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long ago something was, ticking; the whole time is its title. */
export function Age({ at }: { at: string }) {
  const locale = useLocale();
  const now = useNow();
  // The receiver's clock may be ahead of the reader's.
  const seconds = Math.max(0, Math.floor((now - Date.parse(at)) / 1000));
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3];
  const text = formatter(locale).format(-Math.floor(seconds / length), unit);
  return (
    <time dateTime={at} title={fullTime(at, locale)}>
      {text}
    </time>
  );
}

/** A point in time in full, to the millisecond, in the reader's time zone. */
export function Time({ at }: { at: string }) {
  const locale = useLocale();
  return (
    <time dateTime={at} title={at}>
      {fullTime(at, locale)}
    </time>
  );
}

/** A point in time to the second, where one stands below the other; the whole of it is its title. */
export function BriefTime({ at }: { at: string }) {
  const locale = useLocale();
  return (
    <time dateTime={at} title={fullTime(at, locale)}>
      {timeFormat(locale).brief.format(new Date(at))}
    </time>
  );
}

const formatters = new Map<string, Intl.RelativeTimeFormat>();
function formatter(locale: string): Intl.RelativeTimeFormat {
  const known = formatters.get(locale) ?? new Intl.RelativeTimeFormat(locale, { style: 'short' });
  formatters.set(locale, known);
  return known;
}

const FULL: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
};
const BRIEF: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' };

const timeFormats = new Map<string, { full: Intl.DateTimeFormat; brief: Intl.DateTimeFormat }>();
function timeFormat(locale: string) {
  const known = timeFormats.get(locale) ?? {
    full: new Intl.DateTimeFormat(locale, FULL),
    brief: new Intl.DateTimeFormat(locale, BRIEF),
  };
  timeFormats.set(locale, known);
  return known;
}

function fullTime(at: string, locale: string): string {
  return timeFormat(locale).full.format(new Date(at));
}
