import type { Callback, Group } from '../api.ts';
import { useStrings } from '../strings/strings.ts';
import { Text } from './text.tsx';

/** `Work` and `Meeting` are younger names of older types. */
const ALIASES: Record<string, string> = { Work: 'Private', Meeting: 'ChatRoom' };
export const GROUP_TYPES = ['Public', 'Private', 'ChatRoom', 'AVChatRoom', 'Community'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

/** The type that a name stands for, or undefined for one that the page does not know. */
export function knownType(type: string): GroupType | undefined {
  return GROUP_TYPES.find((known) => known === (ALIASES[type] ?? type));
}

export function TypeBadge({ type }: { type: string }) {
  const strings = useStrings();
  const known = knownType(type);
  return (
    <span class={`badge type type-${known ?? 'other'}`} title={type.slice(0, 100)}>
      {known ? strings.types[known] : <Text value={type.slice(0, 40)} />}
    </span>
  );
}

export function StatusBadge({ status }: { status: Callback['status'] }) {
  const strings = useStrings();
  return <span class={`badge status-${status}`}>{strings.callbacks[status]}</span>;
}

/** What is special about a group. */
export function GroupStates({ group }: { group: Pick<Group, 'destroyedAt' | 'full' | 'partial'> }) {
  const strings = useStrings().groups;
  return (
    <>
      {group.destroyedAt && <span class="badge state bad">{strings.destroyed}</span>}
      {group.full && <span class="badge state">{strings.full}</span>}
      {group.partial && (
        <span class="badge state" title={strings.partialHelp}>
          {strings.partial}
        </span>
      )}
    </>
  );
}
