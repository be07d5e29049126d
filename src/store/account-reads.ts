import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Register } from '../accounts/registers.ts';
import { type Account, MOST_LISTED, relationsOf } from '../accounts/view.ts';
import { readDocument } from '../groups/state.ts';
import { membershipIn } from '../groups/view.ts';
import { accountIndexOf } from './account-index.ts';
import { accountName, blockOf, startOf, toRegister } from './account-rows.ts';
import type { boundedScans } from './bounded-scans.ts';
import { idIn } from './callback-place.ts';
import { isOfCommands } from './family-reads.ts';
import {
  CALLBACK_COLUMNS,
  type DatabaseKind,
  indexedText,
  isIn,
  type PartRow,
  type Tables,
  toPart,
  toRecord,
} from './rows.ts';
import type { Store } from './store.ts';

/** A scan measures its steps in index rows; reading a block of an account's bucket takes as long as this many. */
const ROWS_OF_A_BLOCK = 256;
/** Groups whose documents are read together. */
const PAGE = 200;

type Callbacks = SelectQueryBuilder<Tables, 'callbacks', object>;
type Membership = Account['groups'][number];

/** The reads of accounts, for one app. @param open as for the other reads */
export function accountReadsOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  kind: DatabaseKind,
  { scan, pageOfScan }: ReturnType<typeof boundedScans>,
) {
  return { findAccount, listCallbacksNaming };

  /** A walk along the callbacks that name an account, in order of id; null if no callback names any account. */
  async function walkOf(database: Kysely<Tables>, account: string, order: 'asc' | 'desc') {
    const { sql } = await import('kysely');
    const index = accountIndexOf(sql, sdkAppId, kind);
    const blocks = await index.blocks(database);
    if (!blocks) return null;
    const isUp = order === 'asc';
    /** The last id of the previous step, or a value before the first one. */
    const placeOf = (start: string | undefined) => idIn(start) ?? (isUp ? 0 : Number.MAX_SAFE_INTEGER);
    /** The block in which a step begins. */
    const firstBlock = (start: string | undefined) =>
      isUp
        ? Math.max(blocks.oldest, blockOf(placeOf(start) + 1))
        : Math.min(blocks.newest, blockOf(placeOf(start) - 1));

    return {
      /** The place at the last id of a block. */
      async endOfStep(start: string | undefined, rows: number): Promise<string | null> {
        const count = Math.ceil(rows / ROWS_OF_A_BLOCK);
        const last = isUp ? firstBlock(start) + count - 1 : firstBlock(start) - count + 1;
        if (isUp) return last < blocks.newest ? String(startOf(last + 1) - 1) : null;
        return last > blocks.oldest ? String(startOf(last)) : null;
      },
      /** The ids of a step, in the direction of the walk. */
      async idsIn(start: string | undefined, end: string | null): Promise<number[]> {
        const first = firstBlock(start);
        const last = end === null ? (isUp ? blocks.newest : blocks.oldest) : blockOf(Number(end));
        const range = isUp ? { newest: last, oldest: first } : { newest: first, oldest: last };
        const ids = await index.ids(database, [accountName(account)], range);
        const place = placeOf(start);
        return isUp
          ? ids.filter((id) => id > place).sort((one, other) => one - other)
          : ids.filter((id) => id < place).sort((one, other) => other - one);
      },
      /** Selects by id alone: without a condition on the app, no other index is eligible. */
      callbacks: (ids: readonly number[]): Callbacks => database.selectFrom('callbacks').where(index.isOneOf(ids)),
    };
  }

  async function listCallbacksNaming({
    account,
    command,
    family,
    status,
    groupId,
    repeated,
    since,
    until,
    order = 'desc',
    limit,
    after,
  }: Parameters<Store['listCallbacks']>[0] & { account: string }): ReturnType<Store['listCallbacks']> {
    const walk = await walkOf(await open(), account, order);
    if (!walk) return { items: [], next: null };
    const { sql } = await import('kysely');
    const ofCommands = isOfCommands({ command, family }, sql, kind);
    return pageOfScan({
      limit,
      after,
      endOfStep: walk.endOfStep,
      async read(start, end, most) {
        const ids = await walk.idsIn(start, end);
        let query = walk.callbacks(ids).select(CALLBACK_COLUMNS);
        if (ofCommands) query = query.where(ofCommands);
        if (status !== undefined) query = query.where('status', '=', status);
        if (groupId !== undefined) query = query.where('group_id', '=', indexedText(groupId));
        if (repeated) query = query.where('repeats', '>', 0);
        if (since) query = query.where('received_at', '>=', since.getTime());
        if (until) query = query.where('received_at', '<', until.getTime());
        return query.orderBy('id', order).limit(most).execute();
      },
      placeOf: (row) => String(row.id),
      toItems: async (rows) => rows.map(toRecord),
    });
  }

  async function findAccount(account: string): Promise<Account | null> {
    const database = await open();
    const registers = await registersIn(database, account);
    const { groups, isNamed, isCut } = await membershipsIn(database, account);
    if (registers.length === 0 && groups.length === 0 && !isNamed) return null;
    const { friends, blocked, ...states } = relationsOf(registers);
    return {
      sdkAppId,
      account,
      ...states,
      groups: groups.slice(0, MOST_LISTED),
      friends: friends.slice(0, MOST_LISTED),
      blocked: blocked.slice(0, MOST_LISTED),
      incomplete: isCut || [groups, friends, blocked].some(({ length }) => length > MOST_LISTED),
    };
  }

  /**
   * Newest first; of each kind one more than is shown. Ended relations come last: they only prove that the account is
   * known.
   */
  async function registersIn(database: Kysely<Tables>, account: string): Promise<Register[]> {
    const found: Register[] = [];
    for (const kind of ['presence', 'status', 'friend', 'block'] as const) {
      const rows = await database
        .selectFrom('account_registers')
        .select(['kind', 'name', 'full_name', 'value', 'stamp'])
        .where('sdk_app_id', '=', sdkAppId)
        .where('account', '=', accountName(account))
        .where('kind', '=', kind)
        .orderBy((is) => is.case().when('value', 'is', null).then(1).else(0).end())
        .orderBy('stamp', 'desc')
        .orderBy('name')
        .limit(MOST_LISTED + 1)
        .execute();
      found.push(...rows.map((row) => toRegister(account, row)));
    }
    return found;
  }

  /**
   * The current groups of the account, by name. Members are stored with their group, so the candidates are groups that
   * the account joined or owns, or that it was in when they were created.
   */
  async function membershipsIn(database: Kysely<Tables>, account: string) {
    const { sql } = await import('kysely');
    const candidates = new Set<string>();
    const add = (rows: readonly { group_id: string | null }[]) => {
      for (const { group_id } of rows) if (group_id !== null) candidates.add(group_id);
      return rows.length > MOST_LISTED;
    };
    const joined = await database
      .selectFrom('group_parts')
      .select('group_id')
      // The unary plus keeps SQLite from using the primary key.
      .where(kind === 'sqlite' ? sql<number>`+sdk_app_id` : 'sdk_app_id', '=', sdkAppId)
      .where('name', '=', accountName(account))
      // A literal: with a parameter SQLite cannot tell that the partial index applies.
      .where(sql<boolean>`kind = 'member'`)
      .where('value', 'is not', null)
      .limit(MOST_LISTED + 1)
      .execute();
    const owned = await database
      .selectFrom('groups')
      .select('group_id')
      .where('sdk_app_id', '=', sdkAppId)
      .where('owner_account', '=', indexedText(account))
      .orderBy('created_at', 'desc')
      .limit(MOST_LISTED + 1)
      .execute();
    let isCut = [add(joined), add(owned)].some((isMore) => isMore);
    const walk = await walkOf(database, account, 'desc');
    let isNamed = false;
    if (walk) {
      const cut = await scan<string>(undefined, async (start, rows) => {
        const end = await walk.endOfStep(start, rows);
        const ids = await walk.idsIn(start, end);
        if (ids.length === 0) return end;
        isNamed ||= (await walk.callbacks(ids).select('id').limit(1).execute()).length > 0;
        const created = walk.callbacks(ids).where('command', '=', 'Group.CallbackAfterCreateGroup');
        const isMore = add(
          await created
            .select('group_id')
            .distinct()
            .limit(MOST_LISTED + 1)
            .execute(),
        );
        if (!isMore && candidates.size <= 4 * MOST_LISTED) return end;
        isCut = true;
        return null;
      });
      isCut ||= cut !== null;
    }
    const groups: Membership[] = [];
    for (const page of pagesOf([...candidates])) groups.push(...(await membershipsAmong(database, account, page)));
    return { groups: groups.sort(byName), isNamed, isCut };
  }

  async function membershipsAmong(
    database: Kysely<Tables>,
    account: string,
    groupIds: string[],
  ): Promise<Membership[]> {
    const { sql } = await import('kysely');
    const isListed = isIn(sql, kind, 'group_id', groupIds);
    const groups = await database
      .selectFrom('groups')
      .select(['group_id', 'document'])
      .where('sdk_app_id', '=', sdkAppId)
      .where(isListed)
      .execute();
    const rows = await database
      .selectFrom('group_parts')
      .select(['group_id', 'kind', 'name', 'full_name', 'value', 'stamp'])
      .where('sdk_app_id', '=', sdkAppId)
      .where(isListed)
      .where('kind', 'in', ['member', 'role'])
      .where('name', '=', accountName(account))
      .execute();
    const parts = Map.groupBy(rows, ({ group_id }) => group_id);
    return groups.flatMap(({ group_id, document }) => {
      const of = (parts.get(group_id) ?? []).map((row) => toPart(row as PartRow));
      return membershipIn(readDocument(document), account, of) ?? [];
    });
  }
}

function byName(one: Membership, other: Membership): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.groupId < other.groupId ? -1 : 1;
}

function* pagesOf(items: string[]): Iterable<string[]> {
  for (let start = 0; start < items.length; start += PAGE) yield items.slice(start, start + PAGE);
}
