import { factsOf } from '../../../generated/commands.ts';
import { type Conditions, type Form, type InBoth, SENTENCES } from '../../../generated/sentences.ts';
import type { Callback } from './api.ts';

/** The sentences for snapshots of groups, because the contract describes only callbacks. */
const SNAPSHOT = {
  label: { en: 'Back-fill', zh: '回填' },
  known: { en: 'The vendor had the group {name}.', zh: '云端的群组为 {name}。' },
  withMembers: {
    en: 'The vendor had the group {name}, with {count} members.',
    zh: '云端的群组为 {name}，共 {count} 名成员。',
  },
  inPart: {
    en: 'The vendor had the group {name}. {count} members were not as they were known here.',
    zh: '云端的群组为 {name}，有 {count} 名成员与本地不同。',
  },
  gone: { en: 'The vendor no longer had the group.', zh: '云端已没有该群组。' },
} as const;

/** A stored callback in words. */
interface Told {
  label: InBoth;
  /** A sentence with placeholders for `values`. */
  text: InBoth;
  values: Record<string, string[]>;
  /** The fields that were set, with their new values. */
  changes: [name: string, value: string][];
}

/** If `source` is absent, it is the vendor. */
type Kind = Pick<Callback, 'command'> & Partial<Pick<Callback, 'source'>>;

type Fields = Record<string, unknown>;

/**
 * Describes a callback by the sentences of its command. An invalid callback is described by the fields that it has.
 *
 * @returns null if the contract does not describe the command
 */
export function tell({ command, source, body }: Kind & { body: string }): Told | null {
  if (source === 'backfill') return tellSnapshot(body);
  const forms = formsOf(command);
  const usual = forms?.at(-1);
  if (!forms || !usual) return null;
  const fields = parse(body);
  const { label, text, changes = [] } = forms.find((form) => fits(form, fields)) ?? usual;
  return {
    label,
    text,
    values: Object.fromEntries(placeholdersIn(text.en).map((name) => [name, valuesOf(name, text.en, fields)])),
    changes: changes.flatMap((name) => changesIn(fields[name], name)),
  };
}

function tellSnapshot(body: string): Told {
  const { group, members, changed } = parse(body);
  const { label, known, withMembers, inPart, gone } = SNAPSHOT;
  if (group === null) return { label, text: gone, values: {}, changes: [] };
  const values = { name: [textOf(inside(group).name)] };
  const { present, absent } = inside(changed);
  const [some, text] = Array.isArray(members) ? [members, withMembers] : [[present, absent].flat(), inPart];
  if (some !== members && !changed) return { label, text: known, values, changes: [] };
  return { label, text, values: { ...values, count: [String(some.length)] }, changes: [] };
}

/** Whether a placeholder stands for users: the contract marks accounts. */
export function isAccount({ command }: { command: string }, placeholder: string): boolean {
  const { accounts = [], subject } = factsOf(command) ?? {};
  return placeholder.split('|').every((one) => {
    const pointer = `/${one.replace('/0/', '/*/')}`;
    return accounts.includes(pointer) && !(subject?.kind === 'official' && subject.from.includes(pointer));
  });
}

/** The label of a callback in lists, which do not have its body. */
export function labelOf({ command, source }: Kind): InBoth | undefined {
  if (source === 'backfill') return SNAPSHOT.label;
  return formsOf(command)?.at(-1)?.label;
}

function formsOf(command: string): readonly Form[] | undefined {
  return Object.hasOwn(SENTENCES, command) ? SENTENCES[command as keyof typeof SENTENCES] : undefined;
}

function fits({ when = {}, unless = {}, text, changes }: Form, fields: Fields): boolean {
  return (
    Object.entries(when).every((condition) => meets(condition, fields)) &&
    !Object.entries(unless).some((condition) => meets(condition, fields)) &&
    placeholdersIn(text.en).every((name) => valuesOf(name, text.en, fields).length > 0) &&
    (!changes || changes.some((name) => changesIn(fields[name], name).length > 0))
  );
}

/** Digits may come as a number or as text. */
function meets([pointer, wanted]: [string, Conditions[string]], fields: Fields): boolean {
  const found = textsAt(fields, pointer.split('/'));
  return [wanted].flat().some((one) => found.includes(String(one)));
}

function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

/**
 * The distinct values of a placeholder. If the sentence also names the first item of a list, as in
 * `{PairList/0/From_Account}`, only items like the first one there count: a mirrored pair adds nothing.
 */
function valuesOf(placeholder: string, text: string, fields: Fields): string[] {
  for (const pointer of placeholder.split('|')) {
    const [name = '', rest] = pointer.split('/*/', 2);
    const [, alike] = (rest && text.match(new RegExp(`\\{${name}/0/(\\w+)\\}`))) || [];
    const items = fields[name];
    const within =
      alike && Array.isArray(items)
        ? { ...fields, [name]: items.filter((item) => inside(item)[alike] === inside(items[0])[alike]) }
        : fields;
    const found = textsAt(within, pointer.split('/'));
    if (found.length > 0) return [...new Set(found)];
  }
  return [];
}

function textsAt(node: unknown, [step, ...rest]: string[]): string[] {
  if (step === undefined) return textsIn(node);
  // Accounts come as text or as objects: the vendor documents one and sends the other.
  if (step === '*')
    return Array.isArray(node)
      ? node.flatMap((item) => (typeof item === 'string' ? textsIn(item) : textsAt(item, rest)))
      : [];
  return typeof node === 'object' && node !== null && Object.hasOwn(node, step)
    ? textsAt((node as Fields)[step], rest)
    : [];
}

/** A list is the elements of a message. */
function textsIn(value: unknown): string[] {
  const text = Array.isArray(value) ? list(value).map(elementOf).join(' ') : textOf(value);
  return text === '' ? [] : [text];
}

function elementOf({ MsgType, MsgContent }: Fields): string {
  const { Text } = inside(MsgContent);
  return typeof Text === 'string' ? Text : `[${textOf(MsgType)}]`;
}

/** A field, or each entry of a list of pairs, whose keys the vendor spells in three ways. */
function changesIn(value: unknown, name: string): [string, string][] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [[name, textOf(value)]];
  return list(value).map(({ Key, key = Key, Tag = key, Value, value = Value }) => [textOf(Tag), textOf(value)]);
}

function parse(body: string): Fields {
  try {
    return inside(JSON.parse(body));
  } catch {
    return {};
  }
}

function inside(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown[]): Fields[] {
  return value.filter((item): item is Fields => typeof item === 'object' && item !== null);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
