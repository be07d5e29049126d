import type { useLiveList } from '../live-list.ts';
import { useStrings } from '../strings/strings.ts';
import { Failure } from './notice.tsx';

type List = Omit<ReturnType<typeof useLiveList>, 'rows'> & { rows: readonly unknown[] };

/** Follows the newest, or stands still and counts what comes. */
export function FollowSwitch({ list }: { list: List }) {
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

export function ListFoot({ list }: { list: List }) {
  const strings = useStrings();
  if (list.state === 'failed') return <Failure error={list.error} again={list.follow} />;
  if (list.state === 'loading') return list.rows.length === 0 ? <p class="quiet">{strings.loading}</p> : null;
  if (list.rows.length === 0) return null;
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
