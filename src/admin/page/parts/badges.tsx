import type { Callback, Group } from '../api.ts';
import { hrefOf, useStrings } from '../state.ts';
import { None, Sentence, ShortText, Text } from './text.tsx';

/** `Work` and `Meeting` are newer names of older types. */
const ALIASES: Record<string, string> = { Work: 'Private', Meeting: 'ChatRoom' };
export const GROUP_TYPES = ['Public', 'Private', 'ChatRoom', 'AVChatRoom', 'Community'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

/** The group type of this name or alias; undefined for an unknown one. */
export function knownType(type: string): GroupType | undefined {
  return GROUP_TYPES.find((known) => known === (ALIASES[type] ?? type));
}

export function TypeBadge({ type }: { type: string }) {
  const strings = useStrings();
  const known = knownType(type);
  if (type.trim() === '') return <span class="quiet">{strings.groups.noType}</span>;
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

/** Badges for a callback's status, for its repeats, and for being ignored. */
export function CallbackStates({ callback: { status, repeats, ignored } }: { callback: Callback }) {
  const strings = useStrings().callbacks;
  return (
    <>
      <StatusBadge status={status} />
      {repeats > 0 && <span class="badge state">{strings.repeated(repeats)}</span>}
      {ignored && <span class="badge state">{strings.ignored}</span>}
    </>
  );
}

/**
 * A link to the group that a callback names. If the callback was not accepted, the group may not exist, so the link
 * leads to the callbacks that name it.
 */
export function GroupLink({ callback, over = false }: { callback: Callback; over?: boolean }) {
  const { groupId, status } = callback;
  if (groupId === null || groupId === '') return <None />;
  return (
    <a
      class={over ? 'over clamped' : undefined}
      href={status === 'accepted' ? hrefOf('groups', groupId) : hrefOf('callbacks', null, { groupId })}
    >
      <ShortText value={groupId} />
    </a>
  );
}

/** A rejected callback may name no command. */
export function CommandName({ command }: { command: string }) {
  const { noCommand } = useStrings().callbacks;
  return command === '' ? <em class="quiet">{noCommand}</em> : <ShortText value={command} />;
}

export function GroupName({ name }: { name: string }) {
  const { noName } = useStrings().groups;
  return name === '' ? <em class="quiet">{noName}</em> : <ShortText value={name} />;
}

/** Badges for a group that is destroyed, full or partly known. */
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

/** A member's role in a group; nothing for an ordinary member. */
export function RoleBadge({ role }: { role: string | null }) {
  const { roles } = useStrings().group;
  if (!role || role === 'Member') return null;
  return <span class="badge state">{worded(roles, role)}</span>;
}

/** The vendor's own word if the page has no translation of it. */
export function worded(words: Record<string, string>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name.slice(0, 40) || '—';
}

/** How a before-callback was answered; nothing for other callbacks. */
export function DecisionLine({ callback: { decision } }: { callback: Pick<Callback, 'decision'> }) {
  const strings = useStrings().decision;
  if (!decision) return null;
  return (
    <p class="decision">
      <span class={`badge decision-${decision.action}`}>{strings[decision.action]}</span> {strings.by[decision.source]}{' '}
      {strings.took(decision.milliseconds)}
      {decision.errorCode > 1 && ` · ${strings.code} ${decision.errorCode}`}
      {decision.errorInfo !== '' && (
        <>
          {' · '}
          <Text value={decision.errorInfo} />
        </>
      )}
      {decision.refusedMembers.length > 0 && (
        <>
          {' · '}
          <Sentence text={strings.notLetIn} values={{ members: decision.refusedMembers }} isAccount={() => true} />
        </>
      )}
    </p>
  );
}
