import { useMemo } from 'preact/hooks';
import { COMMANDS } from '../../../../generated/commands.ts';
import { type Callback, readCallbacks } from '../api.ts';
import { type Source, useLiveList } from '../live-list.ts';
import { Age } from '../parts/age.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { FilterBox, Filters, FilterTabs } from '../parts/filters.tsx';
import { FollowSwitch, ListFoot } from '../parts/list-foot.tsx';
import { Empty } from '../parts/notice.tsx';
import { once } from '../parts/once.ts';
import { ShortText } from '../parts/text.tsx';
import { hrefOf, setFilters } from '../route.ts';
import { Welcome } from '../setup/setup-view.tsx';
import { useStrings } from '../strings/strings.ts';
import { DecisionLine } from './decision-line.tsx';

const STATUSES = ['accepted', 'unknown', 'rejected'] as const;
type CallbackFilters = { [Name in 'status' | 'command' | 'groupId']?: string | undefined };

/** Every callback, the last to arrive first. The filter `status` also knows `repeats`. */
export function CallbacksView({ filters: { status, command, groupId } }: { filters: CallbackFilters }) {
  const strings = useStrings();
  const source = useMemo(() => callbacksBy({ status, command, groupId }), [status, command, groupId]);
  const list = useLiveList(source);
  const filtered = Boolean(status || command || groupId);
  if (!filtered && list.state === 'ready' && list.rows.length === 0) return <Welcome />;
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.callbacks.heading}</h1>
        <FollowSwitch list={list} />
      </div>
      <Filters filtered={filtered} clear={() => setFilters({ status: '', command: '', groupId: '' })}>
        <FilterTabs
          name="status"
          label={strings.callbacks.status}
          value={status}
          choices={[
            ['', strings.callbacks.all],
            ...STATUSES.map((one): [string, string] => [one, strings.callbacks[one]]),
            ['repeats', strings.callbacks.repeats],
          ]}
        />
        <FilterBox
          name="command"
          label={strings.callbacks.command}
          value={command}
          hint={strings.callbacks.anyCommand}
          suggestions={Object.keys(COMMANDS)}
          wide
        />
        <FilterBox name="groupId" label={strings.callbacks.group} value={groupId} hint={strings.callbacks.anyGroup} />
      </Filters>
      {list.rows.length > 0 && (
        <table class="list callbacks" aria-label={strings.callbacks.table} aria-busy={list.state === 'loading'}>
          <thead>
            <tr>
              <th scope="col">{strings.callbacks.command}</th>
              <th scope="col">{strings.callbacks.status}</th>
              <th scope="col">{strings.callbacks.group}</th>
              <th scope="col">{strings.callbacks.received}</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((callback) => (
              <CallbackRow key={callback.id} of={callback} />
            ))}
          </tbody>
        </table>
      )}
      {list.state === 'ready' && list.rows.length === 0 && <Empty>{strings.nothingMatches}</Empty>}
      <ListFoot list={list} />
    </>
  );
}

const CallbackRow = once<Callback>(({ of: callback }) => {
  const strings = useStrings();
  return (
    <tr data-id={callback.id}>
      <td class="what">
        <a href={hrefOf('callbacks', callback.id)} class="title">
          <ShortText value={callback.command} />
        </a>
        {callback.reason !== null && (
          <span class="reason" lang="en">
            <ShortText value={callback.reason} />
          </span>
        )}
        <DecisionLine callback={callback} />
      </td>
      <td>
        <StatusBadge status={callback.status} />
        {callback.repeats > 0 && <span class="badge state">{strings.callbacks.repeated(callback.repeats)}</span>}
      </td>
      <td class="account">
        {callback.groupId !== null && (
          <a class="over clamped" href={hrefOf('groups', callback.groupId)}>
            <ShortText value={callback.groupId} />
          </a>
        )}
      </td>
      <td class="age">
        <Age at={callback.receivedAt} />
      </td>
    </tr>
  );
});

function callbacksBy({ status, command, groupId }: CallbackFilters): Source<Callback> {
  const repeated = status === 'repeats';
  const judged = STATUSES.find((one) => one === status);
  return {
    key: ({ id }) => id,
    compare: (a, b) => b.id.length - a.id.length || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
    matches: (callback) =>
      (!judged || callback.status === judged) &&
      (!repeated || callback.repeats > 0) &&
      (!command || callback.command === command) &&
      (!groupId || callback.groupId === groupId),
    pick: ({ callbacks }) => callbacks,
    async read(query) {
      const { callbacks, nextCursor } = await readCallbacks({
        status: judged,
        command,
        groupId,
        ...(repeated ? { repeated } : {}),
        ...query,
      });
      return { items: callbacks, next: nextCursor };
    },
  };
}
