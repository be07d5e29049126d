import type { Rule } from './rule.ts';

/** May this topic be created? */
export const beforeCreateTopic: Rule<'Group.CallbackBeforeCreateTopic'> = (_callback, { askApp }) => askApp();
