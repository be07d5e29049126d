import { type Delivery, retryDelivery } from '../api.ts';
import { useAction } from '../live-data.ts';
import { Said } from '../parts/said.tsx';
import { AccountLink, None, ShortText, Text } from '../parts/text.tsx';
import { Age, Until } from '../parts/time.tsx';
import { hrefOf, useStrings } from '../state.ts';

/** The row of a parked or dead delivery. */
export function DeliveryRow({ delivery, showsConsumer }: { delivery: Delivery; showsConsumer: boolean }) {
  const strings = useStrings().deliveries;
  const { id, callbackId, item, command, consumer, status, attempts, error, late } = delivery;
  return (
    <tr data-id={id}>
      <td class="what">
        {command === null ? (
          <span class="quiet">{strings.deleted(callbackId)}</span>
        ) : (
          <a href={hrefOf('callbacks', callbackId)} class="title">
            <ShortText value={command} />
          </a>
        )}
        {item !== null && <span class="note">{strings.item(item, callbackId)}</span>}
        {error !== null && (
          <span class="reason" title={error}>
            <Said text={error} />
          </span>
        )}
        {showsConsumer && (
          <span class="id">
            <Text value={consumer} />
          </span>
        )}
      </td>
      <td class="account">
        <SubjectOf delivery={delivery} />
      </td>
      <td>
        <span class={`badge ${status === 'dead' ? 'bad' : 'odd'}`} title={strings[`${status}Help`]}>
          {strings[status]}
        </span>
        {late && (
          <span class="badge state" title={strings.lateHelp}>
            {strings.late}
          </span>
        )}
        <span class="note">{strings.attempts(attempts)}</span>
      </td>
      <td class="age">
        <NextAttempt delivery={delivery} />
      </td>
      <td class="action">
        <RetryButton id={id} />
      </td>
    </tr>
  );
}

function SubjectOf({ delivery: { subject, waiting, moreWaiting } }: { delivery: Delivery }) {
  const strings = useStrings().deliveries;
  return (
    <>
      {subject?.kind === 'group' && (
        <a class="over clamped" href={hrefOf('groups', subject.value)}>
          <ShortText value={subject.value} />
        </a>
      )}
      {subject?.kind === 'account' && <AccountLink account={subject.value} over />}
      {subject?.kind === 'pair' &&
        (JSON.parse(subject.value) as string[]).map((account) => <AccountLink key={account} account={account} over />)}
      {subject?.kind === 'official' && (
        <span class="clamped">
          {strings.official} <ShortText value={subject.value} />
        </span>
      )}
      {subject === null && <None />}
      {(waiting > 0 || moreWaiting) && (
        <span class="note">{moreWaiting ? strings.waitingOver(waiting) : strings.waiting(waiting)}</span>
      )}
    </>
  );
}

function NextAttempt({ delivery: { status, nextAttemptAt, failedAt } }: { delivery: Delivery }) {
  const strings = useStrings().deliveries;
  if (status === 'dead')
    return (
      <>
        {failedAt !== null && <Age at={failedAt} />}
        <span class="note">{strings.givenUp}</span>
      </>
    );
  return nextAttemptAt === null ? strings.now : <Until at={nextAttemptAt} reached={strings.now} />;
}

function RetryButton({ id }: { id: string }) {
  const strings = useStrings().deliveries;
  const { busy, result, error, run } = useAction(() => retryDelivery(id));
  return (
    <>
      <button type="button" class="small over" onClick={run} disabled={busy}>
        {strings.retry}
      </button>
      <span role="status" class="note">
        {Boolean(result) && strings.retrying}
      </span>
      {error instanceof Error && (
        <span role="alert" class="note bad">
          <Said text={error.message} />
        </span>
      )}
    </>
  );
}
