import { beforeApplyJoinGroup } from './before-apply-join-group.ts';
import { beforeCreateGroup } from './before-create-group.ts';
import { beforeCreateTopic } from './before-create-topic.ts';
import { beforeInviteJoinGroup } from './before-invite-join-group.ts';
import { beforeSendMsg } from './before-send-msg.ts';
import type { Rules } from './rule.ts';

/** What decides each before-command. The files beside this one are the app's to edit. */
export const RULES: Rules = {
  'Group.CallbackBeforeCreateGroup': beforeCreateGroup,
  'Group.CallbackBeforeApplyJoinGroup': beforeApplyJoinGroup,
  'Group.CallbackBeforeInviteJoinGroup': beforeInviteJoinGroup,
  'Group.CallbackBeforeSendMsg': beforeSendMsg,
  'Group.CallbackBeforeCreateTopic': beforeCreateTopic,
};
