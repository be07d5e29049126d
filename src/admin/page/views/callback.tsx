import { useEffect } from 'preact/hooks';
import { ApiError, type CallbackDetail, readCallback, retryCallback, setIgnored } from '../api.ts';
import { useAction, useRead } from '../live-data.ts';
import { CallbackStates, CommandName, DecisionLine, GroupLink } from '../parts/badges.tsx';
import { Detail, Facts, Failure, Pairs, Panel } from '../parts/panel.tsx';
import { Said } from '../parts/said.tsx';
import { Time, TimeAndAge } from '../parts/time.tsx';
import { ruleOf, useReference } from '../reference.ts';
import { useStrings } from '../state.ts';
import { BodyPanel } from './body-panel.tsx';
import { Telling } from './group-history.tsx';
import { ReplyPanel } from './reply-panel.tsx';
import { SendAgainPanel } from './send-again.tsx';
import { VendorAgainPanel } from './vendor-again.tsx';

/** Delay after which even another receiver has recorded its reply. */
const RECORDED_MS = 3_000;

/** One callback as it was received, and its outcome. */
export function CallbackView({ id }: { id: string }) {
  const strings = useStrings();
  const reading = useRead(id, () => readCallback(id), {
    concerns: ({ callbacks }) => callbacks.some((callback) => callback.id === id),
  });
  const { value: callback, again } = reading;
  const mayBeRecorded = callback?.reply === null && Date.now() - Date.parse(callback.receivedAt) < RECORDED_MS;
  useEffect(() => {
    if (!mayBeRecorded) return;
    const timer = setTimeout(again, RECORDED_MS / 2);
    return () => clearTimeout(timer);
  }, [mayBeRecorded, callback]);
  return (
    <Detail
      view="callbacks"
      title={callback ? <CommandName command={callback.command} /> : strings.callback.heading}
      badges={callback && <CallbackStates callback={callback} />}
      reading={reading}
      missing={[400, 404]}
      notFound={strings.callback.notFound}
    >
      {callback && <Details callback={callback} again={again} />}
    </Detail>
  );
}

function Details({ callback, again }: { callback: CallbackDetail; again: () => void }) {
  const strings = useStrings();
  const { status, reason, repeats, groupId, eventTime, receivedAt } = callback;
  const rule = useReference(ruleOf(callback));
  return (
    <>
      {status !== 'accepted' && (
        <section class={`notice ${status === 'rejected' ? 'bad' : 'odd'}`}>
          <h2>{strings.callback.why[status]}</h2>
          <p>
            <Said text={reason ?? ''} />
          </p>
          {hasRule(callback) && (
            <p>
              <a href={rule}>{strings.callback.rule}</a>
            </p>
          )}
          {!callback.ignored && <RetryButton id={callback.id} onDone={again} />}
        </section>
      )}
      <div class="columns">
        <div class="column">
          <Panel title={strings.callback.facts}>
            {status !== 'unknown' && (
              <div class="telling">
                <Telling callback={callback} />
              </div>
            )}
            <Facts
              facts={[
                [strings.callbacks.id, callback.id],
                groupId !== null && [strings.callbacks.group, <GroupLink key="group" callback={callback} />],
                [
                  strings.callback.eventTime,
                  eventTime === null ? (
                    <span class="quiet">{strings.callback.noEventTime}</span>
                  ) : (
                    <Time at={eventTime} />
                  ),
                ],
                [strings.callbacks.received, <TimeAndAge key="received" at={receivedAt} />],
                [strings.callback.repeats, repeats === 0 ? strings.callback.never : strings.callback.times(repeats)],
                Boolean(callback.decision) && [
                  strings.decision.heading,
                  <DecisionLine key="decision" callback={callback} />,
                ],
              ]}
            />
          </Panel>
          <Pairs
            title={strings.callback.query}
            pairs={Object.entries(callback.query).flatMap(([key, value]) =>
              [value].flat().map((one) => ({ key, value: one })),
            )}
            heads={[strings.callback.parameter, strings.group.value]}
            empty={strings.callback.noQuery}
          />
          {status !== 'rejected' && callback.source !== 'backfill' && !callback.ignored && (
            <SendAgainPanel callbackId={callback.id} />
          )}
          {callback.source !== 'backfill' && <VendorAgainPanel callback={callback} />}
          <IgnorePanel callback={callback} onDone={again} />
        </div>
        <div class="column">
          <BodyPanel title={strings.callback.body} body={callback.body} />
          <ReplyPanel callback={callback} />
        </div>
      </div>
    </>
  );
}

/**
 * Whether the reference has a rule for the reason. It has none for a body that is not JSON, is nested too deeply, or
 * has another command than its URL.
 */
function hasRule({ status, reason }: CallbackDetail): boolean {
  return status === 'unknown' || (/^(body|query)\b/.test(reason ?? '') && !/^body is /.test(reason ?? ''));
}

/** Retries a callback and shows the outcome. */
function RetryButton({ id, onDone }: { id: string; onDone: () => void }) {
  const strings = useStrings().callback;
  const { busy, result, error, run } = useAction(async () => {
    try {
      const { status } = await retryCallback(id);
      onDone();
      return status;
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) return 'before';
      throw problem;
    }
  });

  return (
    <>
      <div class="with-button">
        <button type="button" class="primary" onClick={run} disabled={busy}>
          {busy ? strings.retrying : strings.retry}
        </button>
        <span class="quiet">{strings.retryHelp}</span>
      </div>
      <p role="status" class="outcome">
        {result && (result === 'before' ? strings.alreadyAccepted : strings.retried[result])}
      </p>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}

/** Ignores a callback, or restores it. */
function IgnorePanel({ callback: { id, ignored }, onDone }: { callback: CallbackDetail; onDone: () => void }) {
  const strings = useStrings().callback.ignore;
  const { busy, error, run } = useAction(async () => {
    await setIgnored(id, !ignored);
    onDone();
  });
  return (
    <Panel title={strings.heading}>
      <div class="with-button">
        <button type="button" onClick={run} disabled={busy}>
          {busy ? strings.working : ignored ? strings.undo : strings.button}
        </button>
        <span class="quiet" role="status">
          {ignored ? strings.ignored : strings.help}
        </span>
      </div>
      {error !== undefined && <Failure error={error} />}
    </Panel>
  );
}
