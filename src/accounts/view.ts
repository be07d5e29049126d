import type { components } from '../../generated/admin.ts';
import { type Stamp, timeOf } from '../callback/stamp.ts';
import type { Register } from './registers.ts';

/** An account in the read API's shape. */
export type Account = components['schemas']['Account'];

/** Limit of each list of an account that is shown. */
export const MOST_LISTED = 1_000;

/** The registers of an account as they are shown, without its groups. @param registers newest first */
export function relationsOf(
  registers: readonly Register[],
): Pick<Account, 'presence' | 'customStatus' | 'friends' | 'blocked'> {
  const shown: ReturnType<typeof relationsOf> = { presence: null, customStatus: null, friends: [], blocked: [] };
  for (const { kind, name, value, stamp } of registers) {
    if (value === null) continue;
    const since = sinceOf(stamp);
    if (kind === 'presence') shown.presence = { ...value, since };
    else if (kind === 'status') shown.customStatus = { ...value, since };
    else shown[kind === 'friend' ? 'friends' : 'blocked'].push({ account: name, since, ...value });
  }
  return shown;
}

function sinceOf(stamp: Stamp): string {
  return new Date(timeOf(stamp)).toISOString();
}
