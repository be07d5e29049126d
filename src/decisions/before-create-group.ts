import type { Rule } from './rule.ts';

/** May this group be created? */
export const beforeCreateGroup: Rule<'Group.CallbackBeforeCreateGroup'> = (_callback, { askApp }) => askApp();
