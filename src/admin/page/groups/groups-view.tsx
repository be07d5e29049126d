import { useMemo } from 'preact/hooks';
import { type Group, readGroups } from '../api.ts';
import { type Source, useLiveList } from '../live-list.ts';
import { Age } from '../parts/age.tsx';
import { GROUP_TYPES, GroupStates, knownType, TypeBadge } from '../parts/badges.tsx';
import { FilterBox, FilterChoice, Filters } from '../parts/filters.tsx';
import { FollowSwitch, ListFoot } from '../parts/list-foot.tsx';
import { Empty } from '../parts/notice.tsx';
import { once } from '../parts/once.ts';
import { ShortText } from '../parts/text.tsx';
import { hrefOf, setFilters } from '../route.ts';
import { Welcome } from '../setup/setup-view.tsx';
import { useStrings } from '../strings/strings.ts';

type GroupFilters = { [Name in 'search' | 'type' | 'owner']?: string | undefined };

/** Every group, newest first, those that are created now appearing on top. */
export function GroupsView({ filters: { search, type, owner } }: { filters: GroupFilters }) {
  const strings = useStrings();
  const source = useMemo(() => groupsBy({ search, type, owner }), [search, type, owner]);
  const list = useLiveList(source);
  const filtered = Boolean(search || type || owner);
  if (!filtered && list.state === 'ready' && list.rows.length === 0) return <Welcome />;
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.groups.heading}</h1>
        <FollowSwitch list={list} />
      </div>
      <Filters filtered={filtered} clear={() => setFilters({ search: '', type: '', owner: '' })}>
        <FilterBox name="search" label={strings.groups.search} value={search} wide />
        <FilterChoice
          name="type"
          label={strings.groups.type}
          value={type}
          choices={[
            ['', strings.groups.allTypes],
            ...GROUP_TYPES.map((one): [string, string] => [one, strings.types[one]]),
          ]}
        />
        <FilterBox name="owner" label={strings.groups.owner} value={owner} hint={strings.groups.ownerHint} />
      </Filters>
      {list.rows.length > 0 && (
        <table class="list groups" aria-label={strings.groups.table} aria-busy={list.state === 'loading'}>
          <thead>
            <tr>
              <th scope="col">{strings.groups.name}</th>
              <th scope="col">{strings.groups.type}</th>
              <th scope="col">{strings.groups.owner}</th>
              <th scope="col" class="number">
                {strings.groups.members}
              </th>
              <th scope="col">{strings.groups.age}</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((group) => (
              <GroupRow key={group.groupId} of={group} />
            ))}
          </tbody>
        </table>
      )}
      {list.state === 'ready' && list.rows.length === 0 && <Empty>{strings.nothingMatches}</Empty>}
      <ListFoot list={list} />
    </>
  );
}

const GroupRow = once<Group>(({ of: group }) => {
  const strings = useStrings();
  return (
    <tr data-id={group.groupId}>
      <td class="what">
        <a href={hrefOf('groups', group.groupId)} class="title">
          {group.name === '' ? <em class="quiet">{strings.groups.noName}</em> : <ShortText value={group.name} />}
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
          <span class="clamped">
            <ShortText value={group.ownerAccount} />
          </span>
        )}
      </td>
      <td class="number" data-label={strings.groups.members}>
        {group.memberCount ?? group.members.length}
      </td>
      <td class="age">
        <Age at={group.createdAt} />
      </td>
    </tr>
  );
});

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

/** The store takes upper and lower case of ASCII letters only for the same. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
