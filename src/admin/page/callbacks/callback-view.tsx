import { useMemo } from 'preact/hooks';
import { factsOf } from '../../../../generated/commands.ts';
import { ApiError, type CallbackDetail, readCallback } from '../api.ts';
import type { Batch } from '../live.ts';
import { Age, Time } from '../parts/age.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { Facts, Panel } from '../parts/facts.tsx';
import { Empty, Failure } from '../parts/notice.tsx';
import { LongText, ShortText, Text } from '../parts/text.tsx';
import { useRead } from '../parts/use-read.ts';
import { hrefOf } from '../route.ts';
import { useStrings } from '../strings/strings.ts';
import { BodyPanel } from './body-panel.tsx';
import { DecisionLine } from './decision-line.tsx';
import { RetryButton } from './retry-button.tsx';

/** One callback as it was received, and what became of it. */
export function CallbackView({ id }: { id: string }) {
  const strings = useStrings();
  const [read, concerns] = useMemo(
    () => [() => readCallback(id), ({ callbacks }: Batch) => callbacks.some((callback) => callback.id === id)] as const,
    [id],
  );
  const { value: callback, error, again } = useRead(read, concerns);
  const missing = error instanceof ApiError && (error.status === 404 || error.status === 400);
  return (
    <>
      <a class="back" href={hrefOf('callbacks')}>
        {strings.backTo.callbacks}
      </a>
      <div class="view-head">
        <h1 tabIndex={-1} class="clamped">
          {callback ? <ShortText value={callback.command} /> : strings.callback.heading}
        </h1>
        {callback && (
          <div class="badges">
            <StatusBadge status={callback.status} />
            {callback.repeats > 0 && <span class="badge state">{strings.callbacks.repeated(callback.repeats)}</span>}
          </div>
        )}
      </div>
      {missing && <Empty>{strings.callback.notFound}</Empty>}
      {error !== undefined && !missing && <Failure error={error} again={again} />}
      {!callback && error === undefined && <p class="quiet">{strings.loading}</p>}
      {callback && <Details callback={callback} again={again} />}
    </>
  );
}

function Details({ callback, again }: { callback: CallbackDetail; again: () => void }) {
  const strings = useStrings();
  const { status, reason, repeats, groupId, eventTime, receivedAt } = callback;
  return (
    <>
      {status !== 'accepted' && (
        <section class={`notice ${status === 'rejected' ? 'bad' : 'odd'}`}>
          <h2>{strings.callback.why[status]}</h2>
          <p lang="en">
            <Text value={reason ?? ''} />
          </p>
          <p>
            <a href={ruleOf(callback)}>{strings.callback.rule}</a>
          </p>
          <RetryButton id={callback.id} onDone={again} />
        </section>
      )}
      <div class="columns">
        <div class="column">
          <Panel title={strings.callback.facts}>
            <Facts
              facts={[
                [strings.callbacks.id, callback.id],
                groupId !== null && [
                  strings.callback.group,
                  <a key="group" href={hrefOf('groups', groupId)}>
                    <ShortText value={groupId} />
                  </a>,
                ],
                [
                  strings.callback.eventTime,
                  eventTime === null ? (
                    <span class="quiet">{strings.callback.noEventTime}</span>
                  ) : (
                    <Time at={eventTime} />
                  ),
                ],
                [
                  strings.callback.received,
                  <>
                    <Time at={receivedAt} />{' '}
                    <span class="quiet unbroken">
                      (<Age at={receivedAt} />)
                    </span>
                  </>,
                ],
                [strings.callback.repeats, repeats === 0 ? strings.callback.never : strings.callback.times(repeats)],
                Boolean(callback.decision) && [
                  strings.decision.heading,
                  <DecisionLine key="decision" callback={callback} />,
                ],
              ]}
            />
          </Panel>
          <QueryPanel query={callback.query} />
        </div>
        <div class="column">
          <BodyPanel body={callback.body} />
        </div>
      </div>
    </>
  );
}

function QueryPanel({ query }: Pick<CallbackDetail, 'query'>) {
  const strings = useStrings().callback;
  const rows = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return (
    <Panel title={strings.query}>
      {rows.length === 0 && <p class="quiet">{strings.noQuery}</p>}
      {rows.length > 0 && (
        <table class="pairs">
          <thead>
            <tr>
              <th scope="col">{strings.parameter}</th>
              <th scope="col">{strings.value}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value], index) => (
              <tr key={index}>
                <td>
                  <ShortText value={name} />
                </td>
                <td>
                  <LongText value={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** The place of the reference that is nearest to the rule: its entries are the commands. */
function ruleOf({ command, status, reason }: CallbackDetail): string {
  if (status === 'unknown') return '/docs#section/What-the-receiver-guarantees';
  const ofBody = /^body[ .]/.test(reason ?? '') && factsOf(command) !== undefined;
  return `/docs#operation/${ofBody ? encodeURIComponent(command) : 'receiveCallback'}`;
}
