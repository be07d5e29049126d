import { observable, useLocale, useObservable } from '../state.ts';

/** Milliseconds since 1970, updated every second. */
export const now = observable(Date.now());
setInterval(() => now.set(Date.now()), 1000);
document.addEventListener('visibilitychange', () => now.set(Date.now()));

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The time since something, updated every second, with the full time as its title. */
export function Age({ at }: { at: string }) {
  const { age, full } = formatsOf(useLocale());
  // The receiver's clock may be ahead of the browser's.
  const seconds = Math.max(0, Math.floor((useObservable(now) - Date.parse(at)) / 1000));
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3];
  return (
    <time dateTime={at} title={full.format(new Date(at))}>
      {age.format(-Math.floor(seconds / length), unit)}
    </time>
  );
}

/** The time until something, updated every second, with the full time as its title. */
export function Until({ at, reached }: { at: string; reached: string }) {
  const { age, full } = formatsOf(useLocale());
  const seconds = Math.ceil((Date.parse(at) - useObservable(now)) / 1000);
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3];
  return (
    <time dateTime={at} title={full.format(new Date(at))}>
      {seconds <= 0 ? reached : age.format(Math.round(seconds / length), unit)}
    </time>
  );
}

/**
 * A point in time in the reader's time zone, to the millisecond.
 * @param props.brief to the second, for columns of times, with the full time as its title
 */
export function Time({ at, brief = false }: { at: string; brief?: boolean }) {
  const formats = formatsOf(useLocale());
  const full = formats.full.format(new Date(at));
  return (
    <time dateTime={at} title={brief ? full : at}>
      {brief ? formats.brief.format(new Date(at)) : full}
    </time>
  );
}

/** The last column of a list: the time, to the second if there is room, and how long ago it was. */
export function ListTime({ at }: { at: string }) {
  const { brief } = formatsOf(useLocale());
  return (
    <td class="age">
      <time dateTime={at}>{brief.format(new Date(at))}</time> <Age at={at} />
    </td>
  );
}

/** A point in time in full, and how long ago it was. */
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
