import type { ComponentChild, ComponentChildren } from 'preact';
import { type Source, useLiveList } from '../live-data.ts';
import { useStrings } from '../state.ts';
import { Filters, isFiltered } from './filters.tsx';
import { Empty, Failure, Heads } from './panel.tsx';

interface ListProps<Item> {
  view: 'groups' | 'callbacks';
  source: Source<Item>;
  filters: Readonly<Record<string, string | undefined>>;
  /** The filter controls. */
  controls: ComponentChildren;
  heads: readonly string[];
  /** Must memoize its output: lists are long and change often. */
  Row: (props: { of: Item }) => ComponentChild;
  /** Shown instead of an empty list without filters. */
  welcome: ComponentChild;
  /** Actions on all matches. @param shown the number of matches; null if not all are shown */
  actions: (shown: number | null) => ComponentChild;
  /** Shown below the filters. */
  note?: ComponentChild;
}

/** A live list with its filters, one row for each item. */
export function ListView<Item>({
  view,
  source,
  filters,
  controls,
  heads,
  Row,
  welcome,
  actions,
  note,
}: ListProps<Item>) {
  const strings = useStrings();
  const list = useLiveList(source);
  const isEmpty = list.state === 'ready' && list.rows.length === 0;
  if (isEmpty && !isFiltered(filters)) return welcome;
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.views[view]}</h1>
        <FollowSwitch list={list} />
        <div class="list-actions">{actions(list.state === 'ready' && !list.hasMore ? list.rows.length : null)}</div>
      </div>
      <Filters filters={filters}>{controls}</Filters>
      {note}
      {list.rows.length > 0 && (
        <table class={`list ${view}`} aria-label={strings[view].table} aria-busy={list.state === 'loading'}>
          <Heads names={heads} />
          <tbody>
            {list.rows.map((item) => (
              <Row key={source.key(item)} of={item} />
            ))}
          </tbody>
        </table>
      )}
      {isEmpty && <Empty>{list.hasMore ? strings.nothingMatchesYet : strings.nothingMatches}</Empty>}
      <ListFoot list={list} />
    </>
  );
}

type List = Omit<ReturnType<typeof useLiveList>, 'rows'> & { rows: readonly unknown[] };

/** Follows the newest items, or pauses and counts the new ones. */
function FollowSwitch({ list }: { list: List }) {
  const strings = useStrings();
  if (list.following) {
    return (
      <button type="button" onClick={list.pause}>
        {strings.pause}
      </button>
    );
  }
  return (
    <button type="button" class="primary" onClick={list.follow}>
      {strings.follow}
      {list.waiting > 0 && ` (${strings.waiting(list.waiting)})`}
    </button>
  );
}

function ListFoot({ list }: { list: List }) {
  const strings = useStrings();
  if (list.state === 'failed') return <Failure error={list.error} again={list.follow} />;
  if (list.state === 'loading') return list.rows.length === 0 ? <p class="quiet">{strings.loading}</p> : null;
  if (list.rows.length === 0 && !list.hasMore) return null;
  return (
    <div class="list-foot">
      <span class="quiet">{strings.shown(list.rows.length)}</span>
      {list.hasMore && (
        <button type="button" onClick={list.more} disabled={list.loadingMore}>
          {list.loadingMore ? strings.loading : strings.loadMore}
        </button>
      )}
    </div>
  );
}
