import type { Rule } from './rule.ts';

/** May these users be invited? `RefusedMembers_Account` keeps some of them out. */
export const beforeInviteJoinGroup: Rule<'Group.CallbackBeforeInviteJoinGroup'> = (_callback, { askApp }) => askApp();
