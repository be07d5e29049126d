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
  const { label } = tell(callback, useStrings());
  const at = timeOf(callback);
  return (
    <li class={`event status-${callback.status}`}>
      <div class="event-head">
        <a href={hrefOf('callbacks', callback.id)}>{label}</a>
        <Time at={at} brief />
        {callback.status !== 'accepted' && <StatusBadge status={callback.status} />}
        <CallbackStates callback={{ ...callback, repeats: 0 }} />
      </div>
      <Telling callback={callback} />
      <DecisionLine callback={callback} />
    </li>
  );
}

/** A stored callback in words. */
export function Telling({ callback }: { callback: CallbackDetail }) {
  const { text, values, changes } = tell(callback, useStrings());
  return (
    <>
      <p>
        <Sentence text={text} values={values} isAccount={(name) => ACCOUNTS.has(name)} />
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
    </>
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

/** The values that are accounts. */
const ACCOUNTS = new Set([
  ...['operator', 'requestor', 'members', 'member', 'from', 'others', 'account', 'to', 'reader', 'peer', 'bots'],
  ...['subscribers', 'old', 'new'],
]);

/** The fields that name a variant of a command. */
const KINDS = ['JoinType', 'ExitType', 'EventType', 'OptionType', 'OperateType'];

/**
 * Describes a stored callback in words. An unknown command is described by its name, a callback against the contract
 * by the fields that it has.
 */
function tell({ command, body }: CallbackDetail, strings: Strings): Told {
  const fields = parse(body);
  const failed = Number(fields.SendMsgResult ?? 0) !== 0 && 'failed';
  const kind = failed || stateOf(fields) || KINDS.map((name) => text(fields[name])).find(Boolean);
  const pairs = list(fields.PairList);
  const from = text(fields.From_Account) || text(pairs[0]?.From_Account);
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
      from,
      // Where both have each other, the second pair mirrors the first.
      others: [...pairs.filter((pair) => pair.From_Account === from), ...list(fields.FollowList)]
        .map(({ To_Account }) => text(To_Account))
        .concat(accountsIn(fields.To_Account)),
      account: text(inside(fields.Info).To_Account),
      status: text(inside(fields.Info).CustomStatus) || text(fields.CustomStatus),
      message: messageOf(fields),
      sequence: text(fields.MsgSeq) || list(fields.MsgSeqList).map(({ MsgSeq }) => text(MsgSeq)),
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
      used: text(fields.QuotaUsed) || text(fields.Request),
      quota: text(fields.Quota) || text(fields.Limit),
      endpoint: `${text(fields.ServiceName)}/${text(fields.Command)}`,
    },
    changes: changesOf(command, fields, strings),
  };
}

/** Before `Disconnect` existed, `Logout` told of lost connections, too. */
function stateOf({ Info }: Fields): string {
  const { Action, Reason } = inside(Info);
  return Action === 'Logout' && (Reason === 'LinkClose' || Reason === 'TimeOut') ? 'Disconnect' : text(Action);
}

/** Accounts as text or as objects: the vendor describes one and sends the other. */
function accountsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item) => text(item) || text(inside(item).To_Account)) : [];
}

function changesOf(command: string, fields: Fields, strings: Strings): [string, string][] {
  const items = list(fields.ProfileItem).map(({ Tag, Value }): [string, string] => [text(Tag), text(Value)]);
  const extensions = list(fields.ExtensionList).map(({ Key, Value }): [string, string] => [text(Key), text(Value)]);
  if (!command.endsWith('Changed')) return [...items, ...extensions];
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
      const { Text } = inside(MsgContent);
      return typeof Text === 'string' ? Text : `[${text(MsgType)}]`;
    })
    .join(' ');
}

function parse(body: string): Fields {
  try {
    return inside(JSON.parse(body));
  } catch {
    return {};
  }
}

function inside(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
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
