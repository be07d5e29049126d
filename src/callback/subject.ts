import type { CommandFacts } from '../../generated/commands.ts';
import { valueAt } from './callback.ts';

/** The ordering key of deliveries: callbacks of one subject are delivered one after the other. */
export interface Subject {
  kind: Exclude<CommandFacts['subject']['kind'], 'none'>;
  /** A group id or an account; for a pair, a JSON array of two accounts, sorted. */
  value: string;
}

/**
 * The subject of a callback by the contract; null if the contract defines none, or the payload lacks it.
 * @param payload as `normalize.ts` reads it
 */
export function subjectOf({ kind, from }: CommandFacts['subject'], payload: unknown): Subject | null {
  if (kind === 'none') return null;
  const values = from.map((pointer) => valueAt(payload, pointer));
  if (values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')) return null;
  return { kind, value: kind === 'pair' ? JSON.stringify(values.toSorted()) : (values[0] as string) };
}
