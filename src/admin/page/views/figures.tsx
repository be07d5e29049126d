import type { ComponentChildren } from 'preact';
import type { Stats } from '../api.ts';
import { consumers } from '../consumers.ts';
import { ShortText } from '../parts/text.tsx';
import { useLocale, useObservable, useStrings } from '../state.ts';

/** Short enough to show that errors have ended, long enough for apps with few callbacks. */
const ERROR_MINUTES = 5;

/** The present figures, as tiles. */
export function Figures({ stats: { minutes, groupsByType, spool } }: { stats: Stats }) {
  const { overview, figures: words } = useStrings();
  const locale = useLocale();
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const whole = (count: number) => count.toLocaleString(locale);
  // The present minute is not over yet.
  const last = minutes.at(-2) ?? minutes.at(-1);
  const came = last ? last.accepted + last.unknown + last.rejected + last.repeats : 0;
  const { allowed = 0, refused = 0, changed = 0, fallback = 0 } = last?.decisions ?? {};
  const milliseconds = (seconds: number | null | undefined) =>
    typeof seconds === 'number' ? `${short.format(seconds * 1000)} ${overview.milliseconds}` : '–';
  const created = groupsByType?.hour.reduce((sum, { count }) => sum + count, 0);
  const spoolNote = spool?.depth === 0 ? overview.spoolUnused : overview.spoolDepth;
  const { invalid, notTaken, all } = errorsOf(minutes.slice(-ERROR_MINUTES));
  const errors = invalid + notTaken;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 2 });
  return (
    <dl class="figures">
      <Tile label={overview.perMinute} figure={whole(came)} note={overview.lastMinute} />
      <Tile
        label={words.errorRate}
        figure={all === 0 ? '–' : percent.format(errors / all)}
        note={errors === 0 ? words.noErrors : words.errors(whole(invalid), whole(notTaken))}
      />
      <Tile
        label={words.decisions}
        figure={whole(allowed + refused + changed)}
        note={words.decided(whole(refused), whole(fallback))}
      />
      <LagTile />
      <Tile label={overview.median} figure={milliseconds(last?.medianSeconds)} note={overview.replySeconds} />
      <Tile label={overview.p99} figure={milliseconds(last?.p99Seconds)} note={overview.replySeconds} />
      <Tile label={overview.created} figure={created === undefined ? '–' : whole(created)} note={overview.lastHour} />
      <Tile
        label={overview.spool}
        figure={spool ? whole(spool.depth) : '–'}
        note={spool ? spoolNote : overview.spoolNone}
      />
    </dl>
  );
}

/** The lag of the consumer that is farthest behind. */
function LagTile() {
  const words = useStrings().figures;
  const locale = useLocale();
  const { value = [] } = useObservable(consumers);
  const [behind] = [...value].sort((one, other) => other.lag - one.lag);
  if (!behind) return <Tile label={words.lag} figure="–" note={words.noConsumer} />;
  const { name, lag, lagCapped } = behind;
  const note =
    lag === 0 ? (
      words.noLag
    ) : (
      <>
        {words.lagOf} <ShortText value={name} />
      </>
    );
  return <Tile label={words.lag} figure={`${lag.toLocaleString(locale)}${lagCapped ? '+' : ''}`} note={note} />;
}

function Tile({ label, figure, note }: { label: string; figure: string; note: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="figure">{figure}</dd>
      <dd class="quiet">{note}</dd>
    </div>
  );
}

function errorsOf(minutes: Stats['minutes']) {
  const sum = { invalid: 0, notTaken: 0, all: 0 };
  for (const { accepted, unknown, rejected, repeats, refused } of minutes) {
    sum.invalid += rejected;
    sum.notTaken += refused;
    sum.all += accepted + unknown + rejected + repeats + refused;
  }
  return sum;
}
