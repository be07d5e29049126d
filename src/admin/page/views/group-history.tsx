import { useEffect, useState } from 'preact/hooks';
import { type CallbackDetail, readHistory } from '../api.ts';
import { useRead } from '../live-data.ts';
import { CallbackStates, DecisionLine, StatusBadge } from '../parts/badges.tsx';
import { Failure, Panel } from '../parts/panel.tsx';
import { Sentence, ShortText, Text } from '../parts/text.tsx';
import { Time } from '../parts/time.tsx';
import { hrefOf, useStrings } from '../state.ts';
import type { Strings } from '../strings/en.ts';

const PAGE = 20;
const MAX_EVENTS = 200;

/** The history of a group in words, newest first, made of the stored callbacks. */
export function GroupHistory({ groupId }: { groupId: string }) {
  const strings = useStrings();
  const { value, error, again } = useRead(groupId, () => readHistory(groupId, { limit: PAGE }), {
    concerns: ({ callbacks }) => callbacks.some((callback) => callback.groupId === groupId),
  });
  const [earlier, setEarlier] = useState<{ callbacks: CallbackDetail[]; next: string | null } | null>(null);
  useEffect(() => setEarlier(null), [groupId]);

  const newest = value?.callbacks ?? [];
  const known = new Set(newest.map(({ id }) => id));
  const events = [...newest, ...(earlier?.callbacks.filter(({ id }) => !known.has(id)) ?? [])].sort(
    // They are read in order of arrival; a late one belongs where it happened.
    (one, other) => Date.parse(timeOf(other)) - Date.parse(timeOf(one)),
  );
  const next = earlier ? earlier.next : value?.nextCursor;

  async function readEarlier(): Promise<void> {
    if (!next) return;
    const page = await readHistory(groupId, { limit: PAGE, cursor: next });
    setEarlier({ callbacks: [...events, ...page.callbacks], next: page.nextCursor });
  }

  return (
    <Panel
      title={strings.group.history}
      aside={<a href={hrefOf('callbacks', null, { groupId })}>{strings.group.callbacks}</a>}
    >
      {error !== undefined && <Failure error={error} again={again} />}
      {value && events.length === 0 && <p class="quiet">{strings.group.historyEmpty}</p>}
      <ol class="timeline">
        {events.map((callback) => (
          <Event key={callback.id} callback={callback} />
        ))}
      </ol>
      {next && events.length < MAX_EVENTS && (
        <button type="button" onClick={readEarlier}>
          {strings.group.earlier}
        </button>
      )}
    </Panel>
  );
}

function timeOf({ eventTime, receivedAt }: CallbackDetail): string {
  return eventTime ?? receivedAt;
}

function Event({ callback }: { callback: CallbackDetail }) {
  const strings = useStrings();
  const { label, text, values, changes } = tell(callback, strings);
  const at = timeOf(callback);
  return (
    <li class={`event status-${callback.status}`}>
      <div class="event-head">
        <a href={hrefOf('callbacks', callback.id)}>{label}</a>
        <Time at={at} brief />
        {callback.status !== 'accepted' && <StatusBadge status={callback.status} />}
        <CallbackStates callback={{ ...callback, repeats: 0 }} />
      </div>
      <p>
        <Sentence text={text} values={values} />
      </p>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map(([name, value], index) => (
            <li key={index}>
              <ShortText value={name} /> → <Text value={value.length > 300 ? `${value.slice(0, 300)}…` : value} lines />
            </li>
          ))}
        </ul>
      )}
      <DecisionLine callback={callback} />
    </li>
  );
}

interface Told {
  label: string;
  /** A sentence with placeholders for `values`. */
  text: string;
  values: Record<string, string | string[]>;
  /** The fields that were set, with their new values. */
  changes: [name: string, value: string][];
}

type Fields = Record<string, unknown>;

/** The fields that name a variant of a command. */
const KINDS = ['JoinType', 'ExitType', 'EventType', 'OptionType', 'OperateType'];

/**
 * Describes a stored callback in words. An unknown command is described by its name, a callback against the contract
 * by the fields that it has.
 */
function tell({ command, body }: CallbackDetail, strings: Strings): Told {
  const fields = parse(body);
  const failed = Number(fields.SendMsgResult ?? 0) !== 0 && 'failed';
  const kind = failed || KINDS.map((name) => text(fields[name])).find(Boolean);
  const events: Record<string, [string, string]> = strings.events;
  const [label, sentence] = own(events, `${command}.${kind}`) ?? own(events, command) ?? strings.otherEvent;
  return {
    label,
    text: sentence,
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
      to: text(fields.To_Account),
      reader: text(fields.Report_Account),
      peer: text(fields.Peer_Account),
      bots: Array.isArray(fields.AtRobots_Account) ? fields.AtRobots_Account.map(text) : [],
      official: text(fields.Official_Account),
      subscribers: list(fields.SubscribeAccountList).map(({ Subscriber_Account }) => text(Subscriber_Account)),
      keys: list(fields.WithdrawMsgList).map(({ MsgKey }) => text(MsgKey)),
      error: `${text(fields.ErrorCode) || text(fields.SendMsgResult)} ${text(fields.ErrorInfo)}`.trim(),
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
  if (!/(Changed|MsgExtension)$/.test(command)) return [];
  const named = Object.entries(strings.changed).flatMap(([name, label]): [string, string][] =>
    fields[name] === undefined ? [] : [[label, name === 'Role' ? roleOf(fields, strings) : text(fields[name])]],
  );
  const attributes = list(fields.GroupAttr).map(({ key, value }): [string, string] => [text(key), text(value)]);
  const extensions = list(fields.ExtensionList).map(({ Key, Value }): [string, string] => [text(Key), text(Value)]);
  return [...named, ...attributes, ...extensions];
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
