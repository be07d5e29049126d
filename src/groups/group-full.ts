import type { Facts } from './meanings.ts';

export function groupFull(): Facts {
  return { full: true };
}
