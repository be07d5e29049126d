import type { components } from '../../generated/admin.ts';

/** A group as the read API lists it, and as it shows a single one. */
export type Group = components['schemas']['Group'];
export type GroupDetail = components['schemas']['GroupDetail'];
