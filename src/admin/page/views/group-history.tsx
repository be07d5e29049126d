import { useEffect, useState } from 'preact/hooks';
import { type CallbackDetail, readHistory } from '../api.ts';
import { useRead } from '../live-data.ts';
import { CallbackStates, DecisionLine } from '../parts/badges.tsx';
import { Failure, Panel } from '../parts/panel.tsx';
import { Sentence, ShortText, Text } from '../parts/text.tsx';
import { Time } from '../parts/time.tsx';
import { hrefOf, language, useObservable, useStrings } from '../state.ts';
import { isAccount, tell } from '../telling.ts';

const PAGE = 20;
const MAX_EVENTS = 200;

/** The history of a group in words, newest first, from the stored callbacks. */
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
    // Callbacks are read in order of arrival; late ones are moved to their event time.
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
  const { otherEvent } = useStrings();
  const label = tell(callback)?.label[useObservable(language)] ?? otherEvent.label;
  const at = timeOf(callback);
  return (
    <li class={`event status-${callback.status}`}>
      <div class="event-head">
        <a href={hrefOf('callbacks', callback.id)}>{label}</a>
        <Time at={at} brief />
        <CallbackStates callback={{ ...callback, repeats: 0 }} />
      </div>
      <Telling callback={callback} />
      <DecisionLine callback={callback} />
    </li>
  );
}

/** A stored callback in words; an unknown command is shown by name. */
export function Telling({ callback }: { callback: CallbackDetail }) {
  const { otherEvent, changed, group } = useStrings();
  const chosen = useObservable(language);
  const told = tell(callback);
  if (!told) {
    return (
      <p>
        <Sentence text={otherEvent.text} values={{ command: callback.command }} />
      </p>
    );
  }
  return (
    <>
      <p>
        <Sentence text={told.text[chosen]} values={told.values} isAccount={(name) => isAccount(callback, name)} />
      </p>
      {told.changes.length > 0 && (
        <ul class="changes">
          {told.changes.map(([name, value], index) => {
            const shown = name === 'Role' ? (own<string>(group.roles, value) ?? value) : value;
            return (
              <li key={index}>
                <ShortText value={own<string>(changed, name) ?? name} /> →{' '}
                <Text value={shown.length > 300 ? `${shown.slice(0, 300)}…` : shown || '—'} lines />
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function own<Value>(values: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
