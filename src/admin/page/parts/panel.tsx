import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { databaseIsAway } from '../database.ts';
import { hrefOf, useObservable, useStrings } from '../state.ts';
import { Said } from './said.tsx';
import { LongText, None, ShortText, Text } from './text.tsx';

interface DetailProps {
  view: 'groups' | 'accounts' | 'callbacks';
  title: ComponentChildren;
  badges: ComponentChildren;
  /** The result of `useRead`. */
  reading: { value: unknown; error: unknown; again: () => void };
  /** HTTP status codes that mean that the item does not exist. */
  missing?: readonly number[];
  notFound?: ComponentChildren;
  children: ComponentChildren;
}

/** The view of one group, account or callback: its head, and its content once it is loaded. */
export function Detail({ view, title, badges, reading, missing = [], notFound, children }: DetailProps) {
  const strings = useStrings();
  const { value, error, again } = reading;
  const isMissing = error instanceof ApiError && missing.includes(error.status);
  return (
    <>
      <a class="back" href={hrefOf(view)}>
        {strings.backTo[view]}
      </a>
      <div class="view-head">
        <h1 tabIndex={-1} class="clamped">
          {title}
        </h1>
        {value !== undefined && <div class="badges">{badges}</div>}
      </div>
      {isMissing && <Empty>{notFound}</Empty>}
      {error !== undefined && !isMissing && <Failure error={error} again={again} />}
      {value === undefined && error === undefined && <p class="quiet">{strings.loading}</p>}
      {children}
    </>
  );
}

interface PanelProps {
  title: string;
  children: ComponentChildren;
  aside?: ComponentChildren;
}

export function Panel({ title, children, aside }: PanelProps) {
  return (
    <section class="panel">
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

export type Fact = [label: string, value: ComponentChildren];

/** A list of labels and values; unknown values are left out. */
export function Facts({ facts }: { facts: (Fact | false | null)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

interface PairsProps {
  title: string;
  pairs: readonly { key: string; value: string }[];
  heads: readonly string[];
  /** Shown instead of an empty table; without it, an empty table has no panel. */
  empty?: string;
}

/** A panel with a table of keys and values. */
export function Pairs({ title, pairs, heads, empty }: PairsProps) {
  if (pairs.length === 0 && empty === undefined) return null;
  return (
    <Panel title={title}>
      {pairs.length === 0 && <p class="quiet">{empty}</p>}
      {pairs.length > 0 && (
        <table class="pairs">
          <Heads names={heads} />
          <tbody>
            {pairs.map(({ key, value }, index) => (
              <tr key={index}>
                <td>{key === '' ? <None /> : <ShortText value={key} />}</td>
                <td>{value === '' ? <None /> : <LongText value={value} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

export function Heads({ names }: { names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Rows that are shown without a click. */
const FEW = 20;

/** The first rows of a long table, and a button that shows all; no button for a short one. */
export function useFew<Row>(rows: readonly Row[]): [shown: readonly Row[], more: ComponentChildren] {
  const strings = useStrings();
  const [all, setAll] = useState(false);
  if (rows.length <= FEW) return [rows, null];
  return [
    all ? rows : rows.slice(0, FEW),
    <button key="more" type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
      {all ? strings.showLess : strings.showAllOf(rows.length)}
    </button>,
  ];
}

/** Lines to copy, such as a command. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <div class="copyable">
      <code>
        {text.split('\n').map((line) => (
          <span key={line} class="line">
            {/* Breaks lines between words, not within `--url`. */}
            {line.split(/(?<= )/).map((word, index) => (
              <span key={index} class="word">
                <Text value={word} />
              </span>
            ))}
          </span>
        ))}
      </code>
      <CopyButton text={text} what={what} />
    </div>
  );
}

/** An error with its reason, and a button that reads again. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const strings = useStrings();
  const isAway = useObservable(databaseIsAway);
  const unreachable = error instanceof ApiError && error.status === 0;
  // The banner above every view explains it.
  if (isAway && error instanceof ApiError && error.status === 503) return <p class="quiet">{strings.away.needed}</p>;
  return (
    <div class="notice bad" role="alert">
      <p>{unreachable ? strings.unreachable : strings.failed}</p>
      {error instanceof Error && error.message !== '' && (
        <p>
          <Said text={error.message} />
        </p>
      )}
      {again && (
        <button type="button" onClick={again}>
          {strings.tryAgain}
        </button>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

/** @param props.what what is copied, for screen readers; omitted if the label names it */
export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const strings = useStrings();
  const [outcome, setOutcome] = useState<'copied' | 'notCopied' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <button
      type="button"
      class="small"
      aria-label={outcome === null ? (label ?? strings.copyWhat(what)) : strings[outcome]}
      onClick={async () => setOutcome((await copy(text)) ? 'copied' : 'notCopied')}
    >
      {outcome === null ? (label ?? strings.copy) : strings[outcome]}
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers have no clipboard API over plain HTTP from another machine; execCommand still works.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
