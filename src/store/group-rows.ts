import { createHash } from 'node:crypto';
import type { Change } from '../groups/facts.ts';
import { merge, touchesAllParts } from '../groups/merge.ts';
import { type GroupState, headOf, type Part, partKey, readDocument, writeDocument } from '../groups/state.ts';
import { indexedText, storableText } from './text.ts';

/** A group as a database keeps it, and as it is to be kept. The migrations say what each column means. */
export interface GroupRow {
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
export type PartName = Pick<PartRow, 'kind' | 'name'>;

/** A group, or the parts of it that were asked for, as found. */
export interface KeptGroup {
  version: number;
  document: string;
  parts: readonly PartRow[];
}

export interface GroupWrite {
  group: GroupRow;
  put: PartRow[];
  gone: PartName[];
}

type Changes = [Change, ...Change[]];

/** The changes of each group, by its id as the database has it. */
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

/** The parts that have to be known to merge the changes into a group that there is. */
export function partsTouchedBy(changes: Changes): 'all' | PartName[] {
  if (changes.some(touchesAllParts)) return 'all';
  const touched = changes.flatMap(({ parts = [] }) => parts);
  const names = touched.map(({ kind, name }) => [partKey({ kind, name }), { kind, name: partName(name) }] as const);
  return [...new Map(names).values()];
}

/**
 * What is to be written.
 * @param kept null where there is no such group yet
 * @returns null where the changes are in it already
 */
export function mergeChanges(kept: KeptGroup | null, changes: Changes): GroupWrite | null {
  const before = kept && toState(kept);
  return writeOf(before, merge(before, changes), kept);
}

/** What makes the rows of one state those of another; null where nothing is to be done. */
export function writeOf(
  before: GroupState | null,
  after: GroupState,
  kept: Pick<KeptGroup, 'version' | 'document'> | null,
): GroupWrite | null {
  const put: PartRow[] = [];
  const gone: PartName[] = [];
  for (const [key, part] of after.parts) {
    if (!isSame(part, before?.parts.get(key))) put.push(toPartRow(part));
  }
  for (const [key, { kind, name }] of before?.parts ?? []) {
    if (!after.parts.has(key)) gone.push({ kind, name: partName(name) });
  }
  const document = writeDocument(after.document);
  if (document === kept?.document && put.length === 0 && gone.length === 0) return null;
  const { type, name, ownerAccount, createdAt } = headOf(after.document);
  const group = {
    version: (kept?.version ?? 0) + 1,
    type: indexedText(type),
    name: storableText(name),
    owner_account: ownerAccount === null ? null : indexedText(ownerAccount),
    created_at: createdAt,
    document,
  };
  return { group, put, gone };
}

export function toState({ document, parts }: Pick<KeptGroup, 'document' | 'parts'>): GroupState {
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
    // As JSON, because names may hold what no text column does.
    full_name: short === name ? null : JSON.stringify(name),
    value: value === null ? null : JSON.stringify(value),
    stamp,
  };
}

/** The vendor's are some 50 bytes; an index row of PostgreSQL holds 2,704. */
const MOST_NAME_CHARACTERS = 200;

function partName(name: string): string {
  const isPlain = name.length <= MOST_NAME_CHARACTERS && !name.startsWith('#') && storableText(name) === name;
  return isPlain ? name : `#${createHash('sha256').update(JSON.stringify(name)).digest('hex')}`;
}

function isSame(part: Part, other: Part | undefined): boolean {
  if (part === other) return true;
  return part.stamp === other?.stamp && JSON.stringify(part.value) === JSON.stringify(other.value);
}
