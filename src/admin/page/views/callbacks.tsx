import { useMemo } from 'preact/hooks';
import { COMMANDS, FAMILIES, isOfFamily } from '../../../../generated/commands.ts';
import { type Callback, readCallbacks } from '../api.ts';
import type { Source } from '../live-data.ts';
import { CallbackStates, CommandName, DecisionLine, GroupLink } from '../parts/badges.tsx';
import { FilterBox, FilterChoice, FilterTabs } from '../parts/filters.tsx';
import { ListView } from '../parts/list.tsx';
import { Said } from '../parts/said.tsx';
import { Age } from '../parts/time.tsx';
import { hrefOf, language, useObservable, useStrings } from '../state.ts';
import { labelOf } from '../telling.ts';
import { Welcome } from './setup.tsx';

const STATUSES = ['accepted', 'unknown', 'rejected'] as const;
type CallbackFilters = { [Name in 'status' | 'family' | 'command' | 'groupId' | 'account']?: string | undefined };

/** Every callback, newest first by arrival. The filter `status` also knows `repeats`. */
export function CallbacksView({
  filters: { status, family, command, groupId, account },
}: {
  filters: CallbackFilters;
}) {
  const strings = useStrings().callbacks;
  return (
    <ListView
      view="callbacks"
      source={useMemo(
        () => callbacksBy({ status, family, command, groupId, account }),
        [status, family, command, groupId, account],
      )}
      filters={{ status, family, command, groupId, account }}
      controls={
        <>
          <FilterTabs
            name="status"
            label={strings.status}
            value={status}
            choices={[
              ['', strings.all],
              ...STATUSES.map((one): [string, string] => [one, strings[one]]),
              ['repeats', strings.repeats],
            ]}
          />
          <FilterChoice
            name="family"
            label={strings.family}
            value={family}
            choices={[
              ['', strings.allFamilies],
              ...FAMILIES.map((one): [string, string] => [one, one]),
              ['Backfill', strings.snapshots],
              ['other', strings.otherFamilies],
            ]}
          />
          <FilterBox
            name="command"
            label={strings.command}
            value={command}
            hint={strings.anyCommand}
            suggestions={Object.keys(COMMANDS).filter((one) => !family || isOfFamily(one, family))}
            wide
          />
          <FilterBox name="groupId" label={strings.group} value={groupId} hint={strings.anyGroup} />
          <FilterBox name="account" label={strings.account} value={account} hint={strings.anyAccount} />
        </>
      }
      heads={[strings.command, strings.status, strings.group, strings.received]}
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
          {callback.reason !== null && (
            <span class="reason">
              <Said text={callback.reason} />
            </span>
          )}
          <DecisionLine callback={callback} />
        </td>
        <td>
          <CallbackStates callback={callback} />
        </td>
        <td class="account">
          <GroupLink callback={callback} over />
        </td>
        <td class="age">
          <Age at={callback.receivedAt} />
        </td>
      </tr>
    ),
    [callback, label],
  );
}

function callbacksBy({ status, family, command, groupId, account }: CallbackFilters): Source<Callback> {
  const repeated = status === 'repeats';
  const judged = STATUSES.find((one) => one === status);
  return {
    key: ({ id }) => id,
    compare: (a, b) => b.id.length - a.id.length || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
    matches: (callback) =>
      (!judged || callback.status === judged) &&
      (!repeated || callback.repeats > 0) &&
      (!family || isOfFamily(callback.command, family)) &&
      (!command || callback.command === command) &&
      (!groupId || callback.groupId === groupId) &&
      // A list has no body, which names the accounts.
      (!account || 'maybe'),
    pick: ({ callbacks }) => callbacks,
    async read(query) {
      const { callbacks, nextCursor } = await readCallbacks({
        status: judged,
        family,
        command,
        groupId,
        account,
        ...(repeated ? { repeated } : {}),
        ...query,
      });
      return { items: callbacks, next: nextCursor };
    },
  };
}
