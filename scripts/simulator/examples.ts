import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CommandFacts } from '../../generated/commands.ts';
import { freshKey, makeFresh } from '../../src/callback/fresh.ts';
import { invocation } from '../../src/invocation.ts';
import type { Decision } from '../../src/store/store.ts';
import { UsageError } from '../command-line.ts';

/** The decision that deliveries of a command carry: allow, or answered with data. Null for after-callbacks. */
export function usualDecision({ kind }: Pick<CommandFacts, 'kind'>): Decision | null {
  if (kind === 'after') return null;
  const action = kind === 'answer' ? 'answer' : 'allow';
  return { action, errorCode: 0, errorInfo: '', refusedMembers: [], source: 'rule', milliseconds: 1 };
}

export type Payload = Record<string, unknown>;

export interface Example {
  summary?: string;
  value: Payload;
}

/** Keys are `<command>` or `<command>.with-<variant>`. */
export type Examples = Record<string, Example>;

/** The examples of the contract's request body. */
export function readExamples(file = new URL('../../generated/callback.json', import.meta.url)): Examples {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).paths['/'].post.requestBody.content['application/json'].examples;
  } catch (cause) {
    throw new UsageError('generated/callback.json has no examples to send: run npm run generate', { cause });
  }
}

/** The command of an example's key. */
export function commandOf(key: string): string {
  return key.replace(/\.with-.*$/s, '');
}

/** Such as `Group` for `Group.CallbackAfterCreateGroup`. */
export function familyOf(command: string): string {
  return command.slice(0, command.indexOf('.'));
}

/**
 * The key for a name: the key itself, a command with or without its family, or a variant with or without `with-`. Case
 * is ignored.
 *
 * @param preferred the command whose variant is chosen if several commands have a variant of that name
 */
export function findExample(name: string, examples: Examples, preferred?: string): string {
  const keys = Object.keys(examples);
  const wanted = name.toLowerCase();
  const named = keys.filter((key) => key.toLowerCase() === wanted);
  const found = named.length > 0 ? named : keys.filter((key) => shortNames(key).includes(wanted));
  const meant = found.length > 1 ? found.find((key) => commandOf(key) === preferred) : found[0];
  if (meant) return meant;
  if (found.length > 1) {
    const several = found.every((key) => key === commandOf(key))
      ? 'commands; name its family too'
      : 'examples; name its command too';
    throw new UsageError(`"${name}" is the name of several ${several}:\n${list(found)}`);
  }
  const near = keys
    .map((key) => ({ key, similarity: Math.max(...[key, ...shortNames(key)].map((one) => similarity(wanted, one))) }))
    .filter(({ similarity }) => similarity > 0.4)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, 5)
    .map(({ key }) => key);
  throw new UsageError(
    near.length > 0
      ? `there is no example "${name}"; near it are:\n${list(near)}`
      : `there is no example "${name}": ${invocation('trigger', '--list')} shows them all`,
  );
}

/** The examples of one command, named with or without its family. */
export function examplesOf(name: string, examples: Examples): Examples {
  const select = (isWanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(examples).filter(([key]) => isWanted(key)));
  const command = findExample(
    name,
    select((key) => key === commandOf(key)),
  );
  return select((key) => commandOf(key) === command);
}

function shortNames(key: string): string[] {
  const command = commandOf(key).toLowerCase();
  const variant = key.slice(command.length + 1).toLowerCase();
  if (variant) return [variant, variant.replace(/^with-/, '')];
  return [command.slice(command.indexOf('.') + 1)];
}

/** The share of letter pairs that two words have in common, 0 to 1. */
function similarity(one: string, other: string): number {
  const [pairs, others] = [pairsOf(one), pairsOf(other.toLowerCase())];
  return (2 * pairs.intersection(others).size) / (pairs.size + others.size || 1);
}

function pairsOf(word: string): Set<string> {
  return new Set(Array.from(word.slice(1), (letter, index) => word.charAt(index) + letter));
}

function list(keys: string[]): string {
  return keys.map((key) => `  ${key}`).join('\n');
}

/**
 * An example of a command as a new event: with a fresh group id (also within topic ids), and fresh values of all fields
 * that would make an equal body a duplicate. Each item of a batch becomes a new event.
 */
export function freshPayload(command: string, example: Payload): Payload {
  const payload = structuredClone(example);
  const { GroupId: groupId, TopicId: topicId, TopicIdList: topicIds, Events: items } = payload;
  if (typeof groupId === 'string') {
    const fresh = freshGroupId(groupId);
    const inFresh = (id: unknown) =>
      typeof id === 'string' && id.startsWith(groupId) ? fresh + id.slice(groupId.length) : id;
    payload.GroupId = fresh;
    if (topicId !== undefined) payload.TopicId = inFresh(topicId);
    if (Array.isArray(topicIds)) payload.TopicIdList = topicIds.map(inFresh);
  }
  makeFresh(command, payload);
  // The times of items are in seconds, and may equal those of a batch sent just before.
  if (Array.isArray(items)) payload.Events = items.map(withFreshKeys);
  return payload;
}

function withFreshKeys(item: Payload): Payload {
  const keys = ['MsgKey', 'PushID', 'TaskId'].filter((name) => typeof item[name] === 'string');
  return { ...item, ...Object.fromEntries(keys.map((name) => [name, freshKey(item[name] as string)])) };
}

/** A new id of the same form: generated, community, or custom, which keeps its prefix and gets a suffix. */
function freshGroupId(groupId: string): string {
  const letters = Array.from({ length: 12 }, () => randomInt(36).toString(36).toUpperCase()).join('');
  const form = /^@TGS#(_(@TGS#c?)?)?/.exec(groupId)?.[0];
  // The vendor limits custom ids to 47 bytes of ASCII.
  return form ? form + letters : `${groupId.slice(0, 47 - letters.length - 1)}-${letters}`;
}
