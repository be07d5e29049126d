import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { type Count, countCallbacks, doPortion, type Portion } from '../api.ts';
import { Failure } from '../parts/panel.tsx';
import { Text } from '../parts/text.tsx';
import { hrefOf, useLocale, useStrings } from '../state.ts';
import { type CallbackFilters, queryOf } from './callback-filters.tsx';

type Work = 'retry' | 'ignore';
type Outcomes = Portion['outcomes'];
type Query = ReturnType<typeof queryOf>;

/** In the order of the result. */
const OUTCOMES = [
  'accepted',
  'repeat',
  'rejected',
  'unknown',
  'ignored',
  'already',
  'pruned',
  'gone',
  'failed',
] as const satisfies (keyof Outcomes)[];

/** Buttons that act on all callbacks that match the filters; none without a filter. */
export function BulkButtons({ filters, shown }: { filters: CallbackFilters; shown: number | null }) {
  const strings = useStrings().find.bulk;
  const [asks, setAsks] = useState<{ work: Work; query: Query } | null>(null);
  if (!Object.values(filters).some(Boolean) || shown === 0) return null;
  const { status } = queryOf(filters);
  const works: Work[] = status === 'rejected' || status === 'unknown' ? ['retry', 'ignore'] : ['ignore'];
  return (
    <>
      {works.map((work) => (
        <button key={work} type="button" class="small" onClick={() => setAsks({ work, query: queryOf(filters) })}>
          {strings[work].button(shown)}
        </button>
      ))}
      {asks && <BulkDialog {...asks} onClose={() => setAsks(null)} />}
    </>
  );
}

type Stage = 'counting' | 'asking' | 'running' | 'cancelled' | 'done';

/**
 * Counts first, then processes portion by portion, with progress, until it is done or cancelled; then shows the result.
 */
function BulkDialog({ work, query, onClose }: { work: Work; query: Query; onClose: () => void }) {
  const strings = useStrings();
  const words = strings.find.bulk;
  const number = new Intl.NumberFormat(useLocale());
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [stage, setStage] = useState<Stage>('counting');
  const [count, setCount] = useState<Count>({ matching: 0, atLeast: false });
  const [sum, setSum] = useState<Pick<Portion, 'done' | 'outcomes' | 'failures'>>(NOTHING_DONE);
  const [error, setError] = useState<unknown>(undefined);
  const isStopped = useRef(false);
  /** Where an interrupted run continues. */
  const cursor = useRef<string | null>(null);

  async function ask(): Promise<void> {
    setError(undefined);
    try {
      setCount(await countCallbacks(work, query));
      setStage('asking');
    } catch (problem) {
      setError(problem);
    }
  }

  async function run(): Promise<void> {
    setStage('running');
    setError(undefined);
    isStopped.current = false;
    try {
      do {
        const portion = await doPortion(work, { ...query, cursor: cursor.current });
        cursor.current = portion.nextCursor;
        setSum((before) => added(before, portion));
      } while (cursor.current !== null && !isStopped.current);
      setStage(cursor.current === null ? 'done' : 'cancelled');
    } catch (problem) {
      setError(problem);
      setStage('cancelled');
    }
  }

  useEffect(() => {
    dialog.current?.showModal();
    ask();
    return () => {
      isStopped.current = true;
    };
  }, []);

  const total = count.atLeast ? words.atLeast(number.format(count.matching)) : number.format(count.matching);
  const isOver = stage === 'done' || stage === 'cancelled';
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <h2 id={id}>{words[work].heading}</h2>
        <div role="status" class="bulk-status">
          {stage === 'counting' && error === undefined && <p>{words.counting}</p>}
          {stage === 'asking' && <p>{count.matching === 0 ? words.none : words[work].text(total)}</p>}
          {stage === 'running' && <p>{words.progress(number.format(sum.done), total)}</p>}
          {isOver && (
            <p>{stage === 'done' ? words.done(number.format(sum.done)) : words.stopped(number.format(sum.done))}</p>
          )}
        </div>
        {stage === 'running' && (
          <progress
            aria-label={words[work].heading}
            value={Math.min(sum.done, count.matching)}
            max={Math.max(1, count.matching)}
          />
        )}
        {(stage === 'running' || isOver) && <Result sum={sum} />}
        {error !== undefined && <Failure error={error} {...(stage === 'counting' && { again: ask })} />}
        <div class="with-button">
          {stage === 'running' ? (
            <button type="button" onClick={() => (isStopped.current = true)}>
              {words.stop}
            </button>
          ) : (
            <button type="button" onClick={onClose}>
              {stage === 'asking' && count.matching > 0 ? strings.cancel : words.close}
            </button>
          )}
          {stage === 'asking' && count.matching > 0 && (
            <button type="submit" class={work === 'ignore' ? 'danger' : 'primary'}>
              {words[work].confirm}
            </button>
          )}
          {stage === 'cancelled' && (
            <button type="submit" class="primary">
              {words.goOn}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

/** The number of callbacks with each outcome, and the failures. */
function Result({ sum: { outcomes, failures } }: { sum: Pick<Portion, 'outcomes' | 'failures'> }) {
  const strings = useStrings().find.bulk;
  const number = new Intl.NumberFormat(useLocale());
  const had = OUTCOMES.filter((outcome) => (outcomes[outcome] ?? 0) > 0);
  if (had.length === 0) return null;
  return (
    <>
      <dl class="facts outcomes">
        {had.map((outcome) => (
          <div key={outcome} class={outcome === 'failed' ? 'bad' : undefined}>
            <dt>{strings.outcomes[outcome]}</dt>
            <dd>{number.format(outcomes[outcome] ?? 0)}</dd>
          </div>
        ))}
      </dl>
      {failures.length > 0 && (
        <ul class="failures">
          {failures.map(({ id, reason }) => (
            <li key={id}>
              <a href={hrefOf('callbacks', id)}>{id}</a> <Text value={reason} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const NOTHING_DONE: Pick<Portion, 'done' | 'outcomes' | 'failures'> = {
  done: 0,
  outcomes: { ignored: 0, gone: 0, failed: 0 },
  failures: [],
};
/** Limit of the failures that are listed. */
const MOST_FAILURES = 20;

function added(before: typeof NOTHING_DONE, { done, outcomes, failures }: Portion): typeof NOTHING_DONE {
  const sums = OUTCOMES.map((outcome) => [outcome, (before.outcomes[outcome] ?? 0) + (outcomes[outcome] ?? 0)]);
  return {
    done: before.done + done,
    outcomes: Object.fromEntries(sums) as Outcomes,
    failures: [...before.failures, ...failures].slice(0, MOST_FAILURES),
  };
}
