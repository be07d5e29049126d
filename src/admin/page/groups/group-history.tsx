import { useEffect, useMemo, useState } from 'preact/hooks';
import { type CallbackDetail, readHistory } from '../api.ts';
import { DecisionLine } from '../callbacks/decision-line.tsx';
import type { Batch } from '../live.ts';
import { BriefTime } from '../parts/age.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { Panel } from '../parts/facts.tsx';
import { Failure } from '../parts/notice.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { ShortText, Text } from '../parts/text.tsx';
import { useRead } from '../parts/use-read.ts';
import { hrefOf } from '../route.ts';
import { useStrings } from '../strings/strings.ts';
import { tell } from './tell.ts';

const PAGE = 20;
const MOST_EVENTS = 200;

/** What happened to a group, in words, newest first: told from the stored callbacks. */
export function GroupHistory({ groupId }: { groupId: string }) {
  const strings = useStrings();
  const [read, concerns] = useMemo(
    () =>
      [
        () => readHistory(groupId, { limit: PAGE }),
        ({ callbacks }: Batch) => callbacks.some((callback) => callback.groupId === groupId),
      ] as const,
    [groupId],
  );
  const { value, error, again } = useRead(read, concerns);
  const [earlier, setEarlier] = useState<{ callbacks: CallbackDetail[]; next: string | null } | null>(null);
  useEffect(() => setEarlier(null), [groupId]);

  const newest = value?.callbacks ?? [];
  const known = new Set(newest.map(({ id }) => id));
  const events = [...newest, ...(earlier?.callbacks.filter(({ id }) => !known.has(id)) ?? [])].sort(
    // They come in the order of their arrival; what came late has its place where it happened.
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
      {next && events.length < MOST_EVENTS && (
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
        <BriefTime at={at} />
        {callback.status !== 'accepted' && <StatusBadge status={callback.status} />}
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
