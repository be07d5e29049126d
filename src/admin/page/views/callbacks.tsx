import { useMemo } from 'preact/hooks';
import { type Callback, readCallbacks } from '../api.ts';
import type { Source } from '../live-data.ts';
import { CallbackStates, CommandName, DecisionLine, GroupLink } from '../parts/badges.tsx';
import { ExportLinks } from '../parts/export.tsx';
import { ListView } from '../parts/list.tsx';
import { PeriodLine } from '../parts/period.tsx';
import { Said } from '../parts/said.tsx';
import { ListTime } from '../parts/time.tsx';
import { hrefOf, language, useObservable, useStrings } from '../state.ts';
import { labelOf } from '../telling.ts';
import { BulkButtons } from './bulk.tsx';
import { CallbackFilterControls, type CallbackFilters, matchesFilters, queryOf } from './callback-filters.tsx';
import { Welcome } from './setup.tsx';

/** All callbacks, newest first by arrival. The filter `status` also accepts `repeats`. */
export function CallbacksView({ filters: given }: { filters: CallbackFilters }) {
  const { callbacks: strings, find } = useStrings();
  const { status, family, command, groupId, account, period, since, until } = given;
  const filters = useMemo(
    () => ({ status, family, command, groupId, account, period, since, until }),
    [status, family, command, groupId, account, period, since, until],
  );
  return (
    <ListView
      view="callbacks"
      source={useMemo(() => callbacksBy(filters), [filters])}
      filters={filters}
      controls={<CallbackFilterControls filters={filters} />}
      note={<PeriodLine filters={filters} />}
      actions={(shown) => (
        <>
          <BulkButtons filters={filters} shown={shown} />
          <ExportLinks path="api/callbacks" queryNow={() => queryOf(filters)} />
        </>
      )}
      heads={[strings.command, strings.status, find.details, strings.group, strings.received]}
      Row={CallbackRow}
      welcome={<Welcome />}
    />
  );
}

export function CallbackRow({ of: callback }: { of: Callback }) {
  const chosen = useObservable(language);
  const label = labelOf(callback)?.[chosen];
  return useMemo(
    () => (
      <tr data-id={callback.id}>
        <td class="what">
          <a href={hrefOf('callbacks', callback.id)} class="title">
            <CommandName command={callback.command} />
          </a>
          {label && <span class="label">{label}</span>}
        </td>
        <td>
          <CallbackStates callback={callback} />
        </td>
        <td class="detail">
          {callback.reason !== null && (
            <span class="reason">
              <Said text={callback.reason} />
            </span>
          )}
          <DecisionLine callback={callback} />
        </td>
        <td class="account">
          <GroupLink callback={callback} over />
        </td>
        <ListTime at={callback.receivedAt} />
      </tr>
    ),
    [callback, label],
  );
}

function callbacksBy(filters: CallbackFilters): Source<Callback> {
  return {
    key: ({ id }) => id,
    compare: (a, b) => b.id.length - a.id.length || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
    matches: (callback) => matchesFilters(callback, filters),
    pick: ({ callbacks }) => callbacks,
    async read(query) {
      const { callbacks, nextCursor } = await readCallbacks({ ...queryOf(filters), ...query });
      return { items: callbacks, next: nextCursor };
    },
  };
}
