import { useMemo } from 'preact/hooks';
import { type Group, readGroups } from '../api.ts';
import type { Source } from '../live-data.ts';
import { GROUP_TYPES, GroupName, GroupStates, knownType, TypeBadge } from '../parts/badges.tsx';
import { ExportLinks } from '../parts/export.tsx';
import { FilterBox, FilterChoice } from '../parts/filters.tsx';
import { ListView } from '../parts/list.tsx';
import { AccountLink, ShortText } from '../parts/text.tsx';
import { ListTime } from '../parts/time.tsx';
import { hrefOf, useStrings } from '../state.ts';
import { Welcome } from './setup.tsx';

type GroupFilters = { [Name in 'search' | 'type' | 'owner']?: string | undefined };

/** All groups, newest first; new ones appear at the top. */
export function GroupsView({ filters: { search, type, owner } }: { filters: GroupFilters }) {
  const { groups: strings, types } = useStrings();
  return (
    <ListView
      view="groups"
      source={useMemo(() => groupsBy({ search, type, owner }), [search, type, owner])}
      filters={{ search, type, owner }}
      controls={
        <>
          <FilterBox name="search" label={strings.search} value={search} wide isSearch />
          <FilterChoice
            name="type"
            label={strings.type}
            value={type}
            choices={[['', strings.allTypes], ...GROUP_TYPES.map((one): [string, string] => [one, types[one]])]}
          />
          <FilterBox name="owner" label={strings.owner} value={owner} hint={strings.ownerHint} />
        </>
      }
      heads={[strings.name, strings.type, strings.owner, strings.members, strings.age]}
      Row={GroupRow}
      welcome={<Welcome />}
      actions={() => <ExportLinks path="api/groups" queryNow={() => ({ search, type, owner })} />}
    />
  );
}

function GroupRow({ of: group }: { of: Group }) {
  const strings = useStrings();
  return useMemo(
    () => (
      <tr data-id={group.groupId}>
        <td class="what">
          <a href={hrefOf('groups', group.groupId)} class="title">
            <GroupName name={group.name} />
          </a>
          <span class="id">
            <ShortText value={group.groupId} />
          </span>
          <div class="badges">
            <GroupStates group={group} />
          </div>
        </td>
        <td>
          <TypeBadge type={group.type} />
        </td>
        <td class="account">
          {group.ownerAccount === null ? (
            <span class="quiet">{strings.groups.noOwner}</span>
          ) : (
            <AccountLink account={group.ownerAccount} over />
          )}
        </td>
        <td class="number" data-label={strings.groups.members}>
          {group.memberCount}
        </td>
        <ListTime at={group.createdAt} />
      </tr>
    ),
    [group, strings],
  );
}

function groupsBy(filters: GroupFilters): Source<Group> {
  return {
    key: ({ groupId }) => groupId,
    compare: (a, b) => descending(a.createdAt, b.createdAt) || descending(a.groupId, b.groupId),
    matches: (group) => matches(group, filters),
    pick: ({ groups }) => groups,
    async read(query) {
      const { groups, nextCursor } = await readGroups({ ...filters, ...query });
      return { items: groups, next: nextCursor };
    },
  };
}

function descending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

function matches(group: Group, { search, type, owner }: GroupFilters): boolean {
  if (owner && group.ownerAccount !== owner) return false;
  if (type && group.type !== type && (knownType(type) === undefined || knownType(group.type) !== knownType(type)))
    return false;
  if (!search) return true;
  const part = lower(search);
  return [group.groupId, group.name, group.ownerAccount ?? ''].some((text) => lower(text).includes(part));
}

/** The store ignores case for ASCII letters only. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
