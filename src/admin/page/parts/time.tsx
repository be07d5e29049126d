import { observable, useLocale, useObservable } from '../state.ts';

/** Milliseconds since 1970, updated every second. */
const now = observable(Date.now());
setInterval(() => now.set(Date.now()), 1000);
document.addEventListener('visibilitychange', () => now.set(Date.now()));

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long ago something was, updated every second; the full time is its title. */
export function Age({ at }: { at: string }) {
  const locale = useLocale();
  // The receiver's clock may be ahead of the browser's.
  const seconds = Math.max(0, Math.floor((useObservable(now) - Date.parse(at)) / 1000));
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3];
  const text = formatsOf(locale).age.format(-Math.floor(seconds / length), unit);
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

/** A point in time in full, and how long ago that was. */
export function TimeAndAge({ at }: { at: string }) {
  return (
    <>
      <Time at={at} />{' '}
      <span class="quiet unbroken">
        (<Age at={at} />)
      </span>
    </>
  );
}

/** A point in time to the second, for columns of times; the full time is its title. */
export function BriefTime({ at }: { at: string }) {
  const locale = useLocale();
  return (
    <time dateTime={at} title={fullTime(at, locale)}>
      {formatsOf(locale).brief.format(new Date(at))}
    </time>
  );
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

/** Cached, because creating a format is far slower than using it. */
const formats = new Map<string, ReturnType<typeof createFormats>>();
function formatsOf(locale: string) {
  const known = formats.get(locale) ?? createFormats(locale);
  formats.set(locale, known);
  return known;
}

function createFormats(locale: string) {
  return {
    age: new Intl.RelativeTimeFormat(locale, { style: 'short' }),
    full: new Intl.DateTimeFormat(locale, FULL),
    brief: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }),
  };
}

function fullTime(at: string, locale: string): string {
  return formatsOf(locale).full.format(new Date(at));
}
