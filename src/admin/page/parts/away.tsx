import type { State } from '../api.ts';
import { state } from '../database.ts';
import { useLocale, useObservable, useStrings } from '../state.ts';
import { Age, Time } from './time.tsx';

/** Shows on every view that the database is away, with the consequences and the number of waiting callbacks. */
export function AwayBanner() {
  const current = useObservable(state);
  // The region exists before its text does, so that screen readers announce the text.
  return <div role="status">{current?.database.state === 'away' && <Banner state={current} />}</div>;
}

function Banner({ state: { database, spool } }: { state: State }) {
  const strings = useStrings().away;
  const locale = useLocale();
  return (
    <section class="notice bad away">
      <h2>
        {spool ? strings.heading : strings.headingFile}
        {database.since !== null && (
          <span class="quiet">
            {' '}
            {strings.since} <Time at={database.since} brief /> (<Age at={database.since} />)
          </span>
        )}
      </h2>
      <p>
        {spool ? strings.taken : strings.notTaken}
        {spool && spool.depth > 0 && (
          <>
            {' '}
            {strings.waiting(spool.depth, spool.depth.toLocaleString(locale))} {strings.oldest}{' '}
            <Age at={new Date(Date.now() - spool.oldestSeconds * 1_000).toISOString()} />
            {strings.end}
          </>
        )}
      </p>
      <p>{spool ? strings.missing : strings.missingFile}</p>
    </section>
  );
}
