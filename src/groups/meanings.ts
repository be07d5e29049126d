import { createHash } from 'node:crypto';
import type { Callback, Command } from '../callback/callback.ts';
import { stampOf } from '../callback/stamp.ts';
import type { Change, Facts, Membership, PartValue } from './facts.ts';

type Meanings = { [C in Command]?: (callback: Callback<C>) => Facts | null };

/** What each command means for its group. A command without an entry, or one that returns null, changes no group. */
const MEANINGS: Meanings = {
  'Group.CallbackAfterCreateGroup': ({ payload, eventTime, clientIp, optPlatform }) => {
    const members = [...new Set((payload.MemberList ?? []).map(({ Member_Account }) => Member_Account))];
    const created = {
      type: payload.Type,
      name: payload.Name,
      ownerAccount: payload.Owner_Account ?? null,
      operatorAccount: payload.Operator_Account,
      introduction: payload.Introduction ?? null,
      notification: payload.Notification ?? null,
      members,
      customFields: customFieldsOf(payload.UserDefinedDataList ?? []),
      clientIp,
      optPlatform,
      ...(eventTime === null && { untimed: { digest: digestOf(payload), members } }),
    };
    return { created };
  },

  'Group.CallbackAfterNewMemberJoin': ({ payload }) => {
    const value = { how: payload.JoinType ?? 'Unknown', by: payload.Operator_Account ?? null };
    return {
      fields: { type: payload.Type },
      parts: (payload.NewMemberList ?? []).map(({ Member_Account }) => part('member', Member_Account, value)),
    };
  },

  'Group.CallbackAfterMemberExit': ({ payload }) => {
    const parts = (payload.ExitMemberList ?? []).map(({ Member_Account }) => part('member', Member_Account, null));
    return { fields: { type: payload.Type }, parts, ...(parts.length > 0 && { membersLeft: true }) };
  },

  'Group.CallbackAfterGroupFull': () => ({ full: true }),

  // The fields matter if no other callback of the group has arrived.
  'Group.CallbackAfterGroupDestroyed': ({ payload }) => ({
    destroyed: true,
    fields: { type: payload.Type, name: payload.Name, ownerAccount: payload.Owner_Account },
  }),

  'Group.CallbackAfterGroupInfoChanged': ({ payload }) => ({
    fields: {
      type: payload.Type,
      name: payload.Name,
      introduction: payload.Introduction,
      notification: payload.Notification,
      faceUrl: payload.FaceUrl,
    },
    ...(payload.UserDefinedDataList && { customFields: customFieldsOf(payload.UserDefinedDataList) }),
  }),

  // The new owner is no longer an admin, and the old one becomes an ordinary member.
  'Group.CallbackAfterChangeGroupOwner': ({ payload }) => ({
    fields: { type: payload.Type, ownerAccount: payload.NewOwner_Account },
    parts: [payload.NewOwner_Account, payload.OldOwner_Account]
      .filter((account) => account !== undefined)
      .map((account) => part('role', account, null)),
  }),

  'Group.CallbackAfterMemberFieldChanged': ({ payload }) => {
    const account = payload.Member_Account ?? payload.Modified_Account;
    if (account === undefined) return null;
    const parts: PartValue[] = [];
    if (payload.Role !== undefined) parts.push(part('role', account, payload.Role));
    if (payload.NameCard !== undefined) parts.push(part('nameCard', account, payload.NameCard));
    return { fields: { type: payload.Type }, parts };
  },

  'Group.CallbackAfterGroupAttrChanged': ({ payload }) => {
    const attributes = payload.GroupAttr ?? [];
    const set = attributes.map(({ key, value }) => part('attribute', key, value ?? ''));
    const fields = { type: payload.Type };
    switch (payload.OptionType) {
      case 'set':
        return { fields, attributesCleared: true, parts: set };
      case 'modify':
        return { fields, parts: set };
      case 'delete':
        return { fields, parts: attributes.map(({ key }) => part('attribute', key, null)) };
      case 'clear':
        return { fields, attributesCleared: true };
      default:
        return null;
    }
  },

  'Group.CallbackAfterCreateTopic': ({ payload }) => ({
    fields: { type: payload.Type },
    parts: [part('topic', payload.TopicId, payload.Name ?? '')],
  }),

  'Group.CallbackAfterTopicInfoChanged': ({ payload }) => {
    // Without TopicId the callback does not say which topic changed.
    if (payload.TopicId === undefined || payload.Name === undefined) return null;
    return { fields: { type: payload.Type }, parts: [part('topicName', payload.TopicId, payload.Name)] };
  },

  'Group.CallbackAfterTopicDestroyed': ({ payload }) => ({
    fields: { type: payload.Type },
    parts: payload.TopicIdList.map((topicId) => part('topic', topicId, null)),
  }),
};

/** The commands that can change a group. */
export const CHANGING_COMMANDS = Object.keys(MEANINGS);

/** What the callback changes in its group; null if nothing. */
export function changeOf<C extends Command>(callback: Callback<C>, idempotencyKey: Uint8Array): Change | null {
  const facts = MEANINGS[callback.command]?.(callback);
  if (!facts) return null;
  return {
    ...facts,
    // The contract requires GroupId for every command in the table.
    groupId: (callback.payload as { GroupId: string }).GroupId,
    stamp: stampOf(callback.happenedAt, idempotencyKey),
    receivedAt: callback.receivedAt.getTime(),
  };
}

function part(kind: 'member', name: string, value: Membership | null): PartValue;
function part(kind: Exclude<PartValue['kind'], 'member'>, name: string, value: string | null): PartValue;
function part(kind: PartValue['kind'], name: string, value: Membership | string | null): PartValue {
  return { kind, name, value } as PartValue;
}

function customFieldsOf(list: readonly { Key: string; Value: string }[]): { key: string; value: string }[] {
  return list.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

function digestOf(payload: unknown): string {
  return createHash('sha256').update(JSON.stringify(payload)).digest('base64url').slice(0, 22);
}
