import type { Rule } from './rule.ts';

/** May this user apply to join? Where an admin has to approve, that is still needed. */
export const beforeApplyJoinGroup: Rule<'Group.CallbackBeforeApplyJoinGroup'> = (_callback, { askApp }) => askApp();
