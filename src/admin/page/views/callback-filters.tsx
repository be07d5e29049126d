import { useCallback } from 'preact/hooks';
import { COMMANDS, FAMILIES, isOfFamily } from '../../../../generated/commands.ts';
import { isNamedBy, isPattern } from '../../../callback/command-pattern.ts';
import { type Callback, readGroups } from '../api.ts';
import { ComboBox, type Offer } from '../parts/combobox.tsx';
import { FilterBox, FilterChoice, FilterTabs } from '../parts/filters.tsx';
import { PeriodFilter, rangeOf, type TimeFilters } from '../parts/period.tsx';
import { language, setFilters, useObservable, useStrings } from '../state.ts';
import { labelOf } from '../telling.ts';

export const STATUSES = ['accepted', 'unknown', 'rejected'] as const;
type Names = 'status' | 'family' | 'command' | 'groupId' | 'account';
export type CallbackFilters = { [Name in Names]?: string | undefined } & TimeFilters;
/** Limit of the groups that are offered. */
const MOST_GROUPS = 12;

/** The filters as parameters of the API; the page treats `repeats` as a status. */
export function queryOf({ status, family, command, groupId, account, ...time }: CallbackFilters) {
  return {
    status: STATUSES.find((one) => one === status),
    family,
    command,
    groupId,
    account,
    ...(status === 'repeats' ? { repeated: true } : {}),
    ...rangeOf(time),
  };
}

/** Whether a callback matches, by the server's rules; `maybe` if the list cannot tell. */
export function matchesFilters(callback: Callback, filters: CallbackFilters): boolean | 'maybe' {
  const { status, family, command, groupId, account, repeated, since, until } = queryOf(filters);
  return (
    (!status || callback.status === status) &&
    (!repeated || callback.repeats > 0) &&
    (!family || isOfFamily(callback.command, family)) &&
    (!command || isNamedBy(command, callback.command)) &&
    (!groupId || callback.groupId === groupId) &&
    (!since || Date.parse(callback.receivedAt) >= Date.parse(since)) &&
    (!until || Date.parse(callback.receivedAt) < Date.parse(until)) &&
    // Only the body names the accounts, and lists have no bodies.
    (!account || 'maybe')
  );
}

/** The filters of the list of callbacks. */
export function CallbackFilterControls({ filters }: { filters: CallbackFilters }) {
  const strings = useStrings().callbacks;
  const { status, family, command, groupId, account } = filters;
  return (
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
      <CommandFilter command={command} family={family} />
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
      <GroupFilter groupId={groupId} />
      <FilterBox name="account" label={strings.account} value={account} hint={strings.anyAccount} />
      <PeriodFilter filters={filters} />
    </>
  );
}

/** Offers the contract's commands by family; typed text matches a part of the name. */
function CommandFilter({ command = '', family }: Pick<CallbackFilters, 'command' | 'family'>) {
  const strings = useStrings();
  const chosen = useObservable(language);
  const set = (typed: string) => setFilters({ command: filterOf(typed) });
  const offersFor = useCallback(
    (typed: string): Offer[] => {
      const label = (one: string) => labelOf({ command: one })?.[chosen] ?? '';
      const part = filterOf(typed);
      return Object.keys(COMMANDS)
        .filter((one) => !family || isOfFamily(one, family))
        .filter((one) => typed === '' || part === one || isNamedBy(part, one) || label(one).includes(typed))
        .map((one) => ({ value: one, label: one, note: label(one), group: one.slice(0, one.indexOf('.')) }));
    },
    [family, chosen],
  );
  return (
    <ComboBox
      label={strings.callbacks.command}
      text={partOf(command)}
      hint={strings.find.command}
      offersFor={offersFor}
      onType={set}
      onEnter={set}
      onChoose={(one) => setFilters({ command: one })}
      isSearch
    />
  );
}

/**
 * A full command of the contract stays as it is, and so does a pattern; other text becomes a pattern for a part of the
 * name.
 */
function filterOf(typed: string): string {
  const text = typed.trim();
  return text === '' || Object.hasOwn(COMMANDS, text) || isPattern(text) ? text : `*${text}*`;
}

/** The typed text behind a filter. */
function partOf(command: string): string {
  return /^\*([^*]+)\*$/.exec(command)?.[1] ?? command;
}

/** Finds a group by part of its name or id. */
function GroupFilter({ groupId = '' }: Pick<CallbackFilters, 'groupId'>) {
  const strings = useStrings();
  const { noName } = strings.groups;
  const offersFor = useCallback(
    async (typed: string): Promise<Offer[]> => {
      const search = typed.trim();
      const { groups } = await readGroups({ ...(search !== '' && { search }), limit: MOST_GROUPS });
      return groups.map((group) => ({ value: group.groupId, label: group.name || noName, note: group.groupId }));
    },
    [noName],
  );
  const set = (id: string) => setFilters({ groupId: id });
  return (
    <ComboBox
      label={strings.callbacks.group}
      text={groupId}
      hint={strings.find.group}
      offersFor={offersFor}
      onType={null}
      onEnter={(typed) => set(typed.trim())}
      onChoose={set}
    />
  );
}
