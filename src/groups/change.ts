import type { Callback, Command } from '../receiver/callback.ts';
import type { Group } from './group.ts';
import { groupCreated } from './group-created.ts';

/** What a command means for the groups; nothing where it has no entry. */
const CHANGES: { [C in Command]?: (callback: Callback<C>) => Group | null } = {
  'Group.CallbackAfterCreateGroup': groupCreated,
};

/** The group as the callback leaves it, or null where it changes none. */
export function changeOf<C extends Command>(callback: Callback<C>): Group | null {
  return CHANGES[callback.command]?.(callback) ?? null;
}
