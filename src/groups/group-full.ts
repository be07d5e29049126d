import type { Facts } from './change.ts';

export function groupFull(): Facts {
  return { full: true };
}
