import { createHash } from 'node:crypto';
import { parse } from 'node:querystring';
import type { Generated, RawBuilder, Selectable, Sql } from 'kysely';
import type { Register } from '../accounts/registers.ts';
import type { Change } from '../groups/facts.ts';
import { merge, touchedParts, touchesAllParts } from '../groups/merge.ts';
import { type GroupState, headOf, type Part, partKey, readDocument, writeDocument } from '../groups/state.ts';
import type { MinuteRow, RepliesRow } from './activity.ts';
import type { RunRow } from './backfills.ts';
import type { ConsumerKind, ConsumerRequest, ConsumerState, StoredDelivery } from './consumers.ts';
import { isSnapshot } from './snapshots.ts';
import type { CallbackRecord, CallbackRecordDetail, Decision, NoRetry, UnjudgedCallback } from './store.ts';

export type DatabaseKind = 'sqlite' | 'postgres';

/**
 * Whether a column has one of the values. Uses a single parameter: Kysely compiles each value of a list, which takes
 * longer than the query.
 */
export function isIn(
  sql: Sql,
  kind: DatabaseKind,
  column: 'id' | 'group_id',
  values: readonly (number | string)[],
): RawBuilder<boolean> {
  return kind === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`
    : sql<boolean>`${sql.ref(column)} = ANY (${values})`;
}

/** The tables of both databases; the migrations document the columns. */
export interface Tables {
  callbacks: {
    id: Generated<number>;
    sdk_app_id: number;
    status: CallbackRecord['status'];
    command: string;
    group_id: string | null;
    event_time: number | null;
    received_at: number;
    arrival: string;
    once_key: Uint8Array;
    repeats: Generated<number>;
    reason: string | null;
    /** 0 and 1 on SQLite. */
    content_removed: Generated<boolean | number>;
    /** 0 and 1 on SQLite. */
    acknowledged: Generated<boolean | number>;
    ignored: Generated<boolean | number>;
    decision: string | null;
    query: string;
    body: Uint8Array;
    /** On SQLite only: the place in the log that a retry assigned; null: the place is the id. */
    place: Generated<number | null>;
    /** On PostgreSQL only: id of the transaction that stored it. */
    xid: Generated<string>;
  };
  consumers: {
    sdk_app_id: number;
    name: string;
    kind: ConsumerKind;
    created_at: number;
    /** On SQLite only, like `floor`. */
    place: number;
    floor: number;
    /** On PostgreSQL only, like those that follow. */
    place_xid: string;
    place_id: number;
    highest_id: number;
    floor_xid: string;
    floor_id: number;
    /** The cursor, if it is within a batch. Valid only with the whole place that was stored with it. */
    item_place: string | null;
    open_places: string;
    /** 0 and 1 on SQLite. */
    paused: boolean | number;
    state: ConsumerState;
    detail: string | null;
    holder: string | null;
    token: number;
    leased_until: number;
    ran_at: number;
  };
  deliveries: {
    id: string;
    sdk_app_id: number;
    consumer: string;
    callback_id: number;
    /** The index of a batch item; null: the whole callback. */
    item: number | null;
    place: string | null;
    subject: string;
    status: StoredDelivery['status'];
    attempts: number;
    error: string | null;
    created_at: number;
    failed_at: number | null;
    next_attempt_at: number | null;
    /** 0 and 1 on SQLite. */
    late: boolean | number;
    waiting: string;
    more_after: string | null;
  };
  consumer_requests: {
    id: Generated<number>;
    sdk_app_id: number;
    consumer: string;
    kind: ConsumerRequest['kind'];
    argument: string;
  };
  store_identity: { id: string };
  groups: { sdk_app_id: number; group_id: string; confirmed_at: Generated<number | null> } & GroupRow;
  group_parts: { sdk_app_id: number; group_id: string } & PartRow;
  callback_accounts: { sdk_app_id: number; block: number; bucket: number; id: number; postings: string };
  account_registers: {
    sdk_app_id: number;
    account: string;
    kind: Register['kind'];
    name: string;
    full_name: string | null;
    value: string | null;
    stamp: string;
    callback_id: number;
  };
  replays: { sdk_app_id: number; started_at: number; group_id: string; done: string };
  backfills: RunRow;
  replies: RepliesRow;
  minutes: MinuteRow;
}

interface GroupRow {
  version: number;
  type: string;
  name: string;
  owner_account: string | null;
  created_at: number;
  document: string;
}
export interface PartRow {
  kind: Part['kind'];
  name: string;
  full_name: string | null;
  value: string | null;
  stamp: string;
}

/**
 * Text for a column that is searched or shown. NUL and lone surrogates, which PostgreSQL or SQLite cannot store, become
 * U+FFFD; the body's bytes and the group's document preserve them.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** An index row of PostgreSQL is limited to 2,704 bytes; the vendor's accounts, types and commands are far shorter. */
const MAX_INDEXED_CHARACTERS = 256;

/** Text for an indexed column, truncated. */
export function indexedText(text: string): string {
  return storableText(text.slice(0, MAX_INDEXED_CHARACTERS));
}

/** The columns of a callback that lists read: all but its query and body. */
export const CALLBACK_COLUMNS = [
  'id',
  'command',
  'status',
  'sdk_app_id',
  'group_id',
  'event_time',
  'received_at',
  'repeats',
  'reason',
  'decision',
  'ignored',
] as const;
export const DETAIL_COLUMNS = [...CALLBACK_COLUMNS, 'query', 'body'] as const;

/** The id of a row, or null if no row can have it: no id reaches 2^53. */
export function rowIdOf(id: string): number | null {
  return /^\d+$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : null;
}

export type CallbackRow = Selectable<Tables['callbacks']>;

export function toRecord(row: Pick<CallbackRow, (typeof CALLBACK_COLUMNS)[number]>): CallbackRecord {
  return {
    id: String(row.id),
    command: row.command,
    source: isSnapshot(row) ? 'backfill' : 'callback',
    status: row.status,
    sdkAppId: row.sdk_app_id,
    groupId: row.group_id,
    eventTime: row.event_time === null ? null : new Date(row.event_time).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    repeats: row.repeats,
    reason: row.reason,
    decision: decisionOf(row),
    ignored: Boolean(row.ignored),
  };
}

export function toDetail(row: Pick<CallbackRow, (typeof DETAIL_COLUMNS)[number]>): CallbackRecordDetail {
  return {
    ...toRecord(row),
    query: { ...parse(row.query, '&', '=', { maxKeys: 0 }) } as CallbackRecordDetail['query'],
    body: Buffer.from(row.body).toString(),
  };
}

/** Why a stored callback cannot be retried; null if it can. */
export function noRetryOf(row: Pick<CallbackRow, 'status' | 'ignored'> | undefined): NoRetry | null {
  if (!row) return 'not found';
  if (row.ignored) return 'ignored';
  return row.status === 'accepted' ? 'already accepted' : null;
}

/** The parts of a stored callback from which it is judged again. */
export function toUnjudged(row: CallbackRow): UnjudgedCallback {
  return {
    arrival: row.arrival,
    query: row.query,
    body: row.body,
    receivedAt: new Date(row.received_at),
    idempotencyKey: row.once_key,
    decision: decisionOf(row),
    rejectedForRemovedContent: row.content_removed ? row.reason : null,
  };
}

export function decisionOf({ decision }: { decision: string | null }): Decision | null {
  return decision === null ? null : (JSON.parse(decision) as Decision);
}

export type PartName = Pick<PartRow, 'kind' | 'name'>;

/** A stored group with all of its parts, or with the requested ones. */
export interface StoredGroup {
  version: number;
  document: string;
  parts: readonly PartRow[];
}

/** The rows to write of one group. */
export interface GroupWrite {
  group: GroupRow;
  put: PartRow[];
  gone: PartName[];
}

type Changes = [Change, ...Change[]];

/** The changes by group id, in its stored form. */
export function changesByGroup(all: Iterable<Change>): Map<string, Changes> {
  const found = new Map<string, Changes>();
  for (const change of all) {
    const groupId = indexedText(change.groupId);
    const changes = found.get(groupId);
    if (changes) changes.push(change);
    else found.set(groupId, [change]);
  }
  return found;
}

/** The parts that must be read before the changes can be merged into a stored group. */
export function partsTouchedBy(changes: Changes): 'all' | PartName[] {
  if (changes.some(touchesAllParts)) return 'all';
  const touched = changes.flatMap(touchedParts);
  const names = touched.map(({ kind, name }) => [partKey({ kind, name }), { kind, name: partName(name) }] as const);
  return [...new Map(names).values()];
}

/**
 * Merges changes into a group.
 * @param stored null if the group does not exist yet
 * @returns the rows to write; the group's next version even if it already has the changes
 */
export function mergeChanges(stored: StoredGroup | null, changes: Changes): GroupWrite {
  const before = stored && toState(stored);
  return writeOf(before, merge(before, changes), stored);
}

/** The rows that turn one state of a group into another. */
export function writeOf(
  before: GroupState | null,
  after: GroupState,
  stored: Pick<StoredGroup, 'version' | 'document'> | null,
): GroupWrite {
  const put: PartRow[] = [];
  const gone: PartName[] = [];
  for (const [key, part] of after.parts) {
    if (!isSame(part, before?.parts.get(key))) put.push(toPartRow(part));
  }
  for (const [key, { kind, name }] of before?.parts ?? []) {
    if (!after.parts.has(key)) gone.push({ kind, name: partName(name) });
  }
  const document = writeDocument(after.document);
  const { type, name, ownerAccount, createdAt } = headOf(after.document);
  const group = {
    version: (stored?.version ?? 0) + 1,
    type: indexedText(type),
    name: storableText(name),
    owner_account: ownerAccount === null ? null : indexedText(ownerAccount),
    created_at: createdAt,
    document,
  };
  return { group, put, gone };
}

/** Whether the rows differ from the stored ones. */
export function alters({ group, put, gone }: GroupWrite, stored: Pick<StoredGroup, 'document'> | null): boolean {
  return group.document !== stored?.document || put.length > 0 || gone.length > 0;
}

export function toState({ document, parts }: Pick<StoredGroup, 'document' | 'parts'>): GroupState {
  return { document: readDocument(document), parts: new Map(parts.map(toPart).map((part) => [partKey(part), part])) };
}

export function toPart({ kind, name, full_name: fullName, value, stamp }: PartRow): Part {
  return {
    kind,
    name: fullName === null ? name : JSON.parse(fullName),
    value: value === null ? null : JSON.parse(value),
    stamp,
  } as Part;
}

function toPartRow({ kind, name, value, stamp }: Part): PartRow {
  const short = partName(name);
  return {
    kind,
    name: short,
    // As JSON, because a name may contain characters that a text column cannot hold.
    full_name: short === name ? null : JSON.stringify(name),
    value: value === null ? null : JSON.stringify(value),
    stamp,
  };
}

/** An index row of PostgreSQL is limited to 2,704 bytes; the vendor's names take about 50. */
const MAX_NAME_CHARACTERS = 200;

/** The name itself, or its hash if it is long or not storable. */
export function partName(name: string): string {
  const isPlain = name.length <= MAX_NAME_CHARACTERS && !name.startsWith('#') && storableText(name) === name;
  return isPlain ? name : `#${createHash('sha256').update(JSON.stringify(name)).digest('hex')}`;
}

function isSame(part: Part, other: Part | undefined): boolean {
  if (part === other) return true;
  return part.stamp === other?.stamp && JSON.stringify(part.value) === JSON.stringify(other.value);
}
