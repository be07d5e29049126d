import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

export interface Example {
  summary?: string;
  value: Record<string, unknown>;
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

/**
 * The key that a name stands for: the key itself, a command with or without its family, or a variant with or without
 * `with-`. Case does not matter.
 *
 * @param preferred the command whose variant is meant where several commands have one of that name
 */
export function findExample(name: string, examples: Examples, preferred?: string): string {
  const keys = Object.keys(examples);
  const wanted = name.toLowerCase();
  const named = keys.filter((key) => key.toLowerCase() === wanted);
  const found = named.length > 0 ? named : keys.filter((key) => shortNames(key).includes(wanted));
  const meant = found.length > 1 ? found.find((key) => commandOf(key) === preferred) : found[0];
  if (meant) return meant;
  if (found.length > 1)
    throw new UsageError(`"${name}" is the name of several examples; name its command too:\n${list(found)}`);
  const near = keys
    .map((key) => ({ key, nearness: Math.max(...[key, ...shortNames(key)].map((other) => likeness(wanted, other))) }))
    .filter(({ nearness }) => nearness > 0.4)
    .sort((a, b) => b.nearness - a.nearness)
    .slice(0, 5)
    .map(({ key }) => key);
  throw new UsageError(
    near.length > 0
      ? `there is no example "${name}"; near it are:\n${list(near)}`
      : `there is no example "${name}": npm run trigger -- --list shows them all`,
  );
}

/** The examples of one command, named with or without its family. */
export function examplesOf(name: string, examples: Examples): Examples {
  const command = commandOf(findExample(name, plainOf(examples)));
  return Object.fromEntries(Object.entries(examples).filter(([key]) => commandOf(key) === command));
}

function plainOf(examples: Examples): Examples {
  return Object.fromEntries(Object.entries(examples).filter(([key]) => key === commandOf(key)));
}

/** The command of an example's key. */
export function commandOf(key: string): string {
  return key.replace(/\.with-.*$/s, '');
}

function shortNames(key: string): string[] {
  const command = commandOf(key).toLowerCase();
  const variant = key.slice(command.length + 1).toLowerCase();
  if (variant) return [variant, variant.replace(/^with-/, '')];
  return [command.slice(command.indexOf('.') + 1)];
}

/** The share of letter pairs that two words have in common, 0 to 1. */
function likeness(one: string, other: string): number {
  const pairs = pairsOf(one);
  const others = pairsOf(other.toLowerCase());
  return (2 * pairs.intersection(others).size) / (pairs.size + others.size || 1);
}

function pairsOf(word: string): Set<string> {
  return new Set(Array.from(word.slice(1), (letter, index) => word.charAt(index) + letter));
}

function list(keys: string[]): string {
  return keys.map((key) => `  ${key}`).join('\n');
}
