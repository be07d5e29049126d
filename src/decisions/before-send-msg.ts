import type { Rule } from './rule.ts';

/** May this message be sent? `DROP` does so in silence, `MsgBody` and `CloudCustomData` replace it. */
export const beforeSendMsg: Rule<'Group.CallbackBeforeSendMsg'> = (_callback, { askApp }) => askApp();
