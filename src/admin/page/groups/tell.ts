import type { CallbackDetail } from '../api.ts';
import type { Strings } from '../strings/en.ts';

export interface Told {
  label: string;
  /** A sentence with places for `values`. */
  text: string;
  values: Record<string, string | string[]>;
  /** What was set to what. */
  changes: [name: string, value: string][];
}

type Fields = Record<string, unknown>;

/** The fields that say of what kind a callback is. */
const KINDS = ['JoinType', 'ExitType', 'EventType', 'OptionType'];

/**
 * What a stored callback tells, in words. A callback that the page has no words for is told by its command; one that
 * breaks the contract, by what there is of it.
 */
export function tell({ command, body }: CallbackDetail, strings: Strings): Told {
  const fields = parse(body);
  const kind = KINDS.map((name) => text(fields[name])).find(Boolean);
  const events: Record<string, { label: string; text: string }> = strings.events;
  const event = own(events, `${command}.${kind}`) ?? own(events, command) ?? strings.otherEvent;
  return {
    label: event.label,
    text: event.text,
    values: {
      command,
      operator: text(fields.Operator_Account),
      name: text(fields.Name),
      requestor: text(fields.Requestor_Account),
      members: ['NewMemberList', 'ExitMemberList', 'DestinationMembers', 'MemberList'].flatMap((name) =>
        list(fields[name]).map((member) => text(member.Member_Account)),
      ),
      member: text(fields.Member_Account) || text(fields.Modified_Account),
      from: text(fields.From_Account),
      message: messageOf(fields),
      sequence: list(fields.MsgSeqList).map(({ MsgSeq }) => text(MsgSeq)),
      error: `${text(fields.ErrorCode)} ${text(fields.ErrorInfo)}`.trim(),
      topics: Array.isArray(fields.TopicIdList) ? fields.TopicIdList.map(text) : text(fields.TopicId),
      old: text(fields.OldOwner_Account),
      new: text(fields.NewOwner_Account),
      used: text(fields.QuotaUsed),
      quota: text(fields.Quota),
    },
    changes: changesOf(command, fields, strings),
  };
}

function changesOf(command: string, fields: Fields, strings: Strings): [string, string][] {
  if (!command.endsWith('Changed')) return [];
  const named = Object.entries(strings.changed).flatMap(([name, label]): [string, string][] =>
    fields[name] === undefined ? [] : [[label, name === 'Role' ? roleOf(fields, strings) : text(fields[name])]],
  );
  const attributes = list(fields.GroupAttr).map(({ key, value }): [string, string] => [text(key), text(value)]);
  return [...named, ...attributes];
}

function roleOf({ Role }: Fields, { group }: Strings): string {
  return own<string>(group.roles, text(Role)) ?? text(Role);
}

function messageOf({ MsgBody }: Fields): string {
  return list(MsgBody)
    .map(({ MsgType, MsgContent }) => {
      const content = typeof MsgContent === 'object' && MsgContent !== null ? (MsgContent as Fields) : {};
      return typeof content.Text === 'string' ? content.Text : `[${text(MsgType)}]`;
    })
    .join(' ');
}

function parse(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}

function own<Value>(values: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
