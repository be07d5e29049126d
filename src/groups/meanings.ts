import type { Callback, Command } from '../callback/callback.ts';
import { attributesChanged } from './attributes-changed.ts';
import { groupCreated } from './group-created.ts';
import { groupDestroyed } from './group-destroyed.ts';
import { groupFull } from './group-full.ts';
import { groupInfoChanged } from './group-info-changed.ts';
import { memberFieldChanged } from './member-field-changed.ts';
import { membersExited } from './members-exited.ts';
import { membersJoined } from './members-joined.ts';
import { ownerChanged } from './owner-changed.ts';
import { type Stamp, stampOf } from './stamp.ts';
import { topicCreated } from './topic-created.ts';
import { topicInfoChanged } from './topic-info-changed.ts';
import { topicsDestroyed } from './topics-destroyed.ts';

/** What a command means for the groups; without an entry it changes none. */
const MEANINGS: { [C in Command]?: (callback: Callback<C>) => Facts | null } = {
  'Group.CallbackAfterCreateGroup': groupCreated,
  'Group.CallbackAfterNewMemberJoin': membersJoined,
  'Group.CallbackAfterMemberExit': membersExited,
  'Group.CallbackAfterGroupFull': groupFull,
  'Group.CallbackAfterGroupDestroyed': groupDestroyed,
  'Group.CallbackAfterGroupInfoChanged': groupInfoChanged,
  'Group.CallbackAfterCreateTopic': topicCreated,
  'Group.CallbackAfterTopicDestroyed': topicsDestroyed,
  'Group.CallbackAfterTopicInfoChanged': topicInfoChanged,
  'Group.CallbackAfterMemberFieldChanged': memberFieldChanged,
  'Group.CallbackAfterGroupAttrChanged': attributesChanged,
  'Group.CallbackAfterChangeGroupOwner': ownerChanged,
};

export const CHANGING_COMMANDS = Object.keys(MEANINGS);

/** What a callback says of a group. Each of these is believed until a newer callback says otherwise. */
export interface Facts {
  created?: Creation;
  destroyed?: true;
  fields?: { [Name in FieldName]?: string | undefined };
  full?: true;
  /** Members went, so there is room again. */
  membersLeft?: true;
  /** All attributes are gone but those that the same callback gives. */
  attributesCleared?: true;
  parts?: readonly PartValue[];
}

export const FIELD_NAMES = ['type', 'name', 'ownerAccount', 'introduction', 'notification', 'faceUrl'] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

export interface Creation {
  type: string;
  name: string;
  ownerAccount: string | null;
  operatorAccount: string;
  introduction: string | null;
  notification: string | null;
  /** Accounts, each once. */
  members: readonly string[];
  customFields: readonly { key: string; value: string }[];
  clientIp: string | null;
  optPlatform: string | null;
}

/** What a group has any number of, by its name: an account, a key of an attribute, a topic's id. Null: it is gone. */
export type PartValue =
  | { kind: 'member'; name: string; value: Membership | null }
  | { kind: 'role' | 'nameCard' | 'attribute' | 'topic' | 'topicName'; name: string; value: string | null };

/** How a member came, and by whose doing. */
export interface Membership {
  how: string;
  by: string | null;
}

/** What one callback says of one group, all of it at one moment. */
export interface Change extends Facts {
  groupId: string;
  stamp: Stamp;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

/** What the callback changes in its group; null where it changes none. */
export function changeOf<C extends Command>(callback: Callback<C>, onceKey: Uint8Array): Change | null {
  const facts = MEANINGS[callback.command]?.(callback);
  if (!facts) return null;
  return {
    ...facts,
    // Who says something of a group names it.
    groupId: (callback.payload as { GroupId: string }).GroupId,
    stamp: stampOf(callback.happenedAt, onceKey),
    receivedAt: callback.receivedAt.getTime(),
  };
}
