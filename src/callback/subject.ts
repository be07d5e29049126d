import type { CommandFacts } from '../../generated/commands.ts';
import { fieldOf } from './callback.ts';

/** What orders deliveries: callbacks of one subject are delivered one after the other. */
export interface Subject {
  kind: Exclude<CommandFacts['subject']['kind'], 'none'>;
  /** A group's id, an account; a pair is a JSON array of two accounts, sorted. */
  value: string;
}

/**
 * The subject that the contract gives a callback; null where it gives none, or where the payload lacks it.
 * @param payload as `normalize.ts` reads it
 */
export function subjectOf({ kind, from }: CommandFacts['subject'], payload: unknown): Subject | null {
  if (kind === 'none') return null;
  const values = from.map((pointer) => firstAt(payload, pointer.slice(1).split('/')));
  if (values.length === 0 || !values.every((value) => value !== null)) return null;
  return { kind, value: kind === 'pair' ? JSON.stringify(values.toSorted()) : (values[0] as string) };
}

/** The text at a path; of a list the first item counts. */
function firstAt(value: unknown, [name, ...rest]: readonly string[]): string | null {
  if (name === undefined) return typeof value === 'string' && value !== '' ? value : null;
  return firstAt(name === '*' ? (Array.isArray(value) ? value[0] : undefined) : fieldOf(value, name), rest);
}
