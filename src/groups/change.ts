import type { Callback, Command } from '../receiver/callback.ts';
import type { Group } from './group.ts';
import { groupCreated } from './group-created.ts';

/** What each command means for the groups. A command of the contract without an entry does not compile. */
const CHANGES: { [C in Command]: (callback: Callback<C>) => Group | null } = {
  'Group.CallbackAfterCreateGroup': groupCreated,
};

/** The group as the callback leaves it, or null where it changes none. */
export function changeOf<C extends Command>(callback: Callback<C>): Group | null {
  return CHANGES[callback.command](callback);
}
