import type { components } from '../../generated/console.ts';

/** A group as the backend has it; its shape is the read API's. */
export type Group = components['schemas']['Group'];
