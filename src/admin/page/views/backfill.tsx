import { type About, type BackfillRun, type Difference, readAbout, reconcileGroup } from '../api.ts';
import { useAction, useRead } from '../live-data.ts';
import { Copyable, Facts, Failure, Heads, Panel, useFew } from '../parts/panel.tsx';
import { ShortText } from '../parts/text.tsx';
import { Time, TimeAndAge } from '../parts/time.tsx';
import { hrefOf, useStrings } from '../state.ts';

/** Examples: the values depend on the app. */
const SETTINGS = ['REST_DOMAIN=adminapisgp.im.qcloud.com', 'REST_ADMIN=administrator', 'REST_KEY=…'];

/** How to bring the groups in line with the vendor, and the results of the last runs. */
export function BackfillPanel({ about: { backfill } }: { about: About }) {
  const strings = useStrings().backfill;
  const { configured, command, auditHours, repairs, lastRun, lastAudit } = backfill;
  return (
    <Panel title={strings.heading}>
      <div class="spaced">
        <p>{strings.text}</p>
        <Copyable text={SETTINGS.join('\n')} what={strings.settings} />
        <p>{strings.command}</p>
        <Copyable text={command} what={strings.copyCommand} />
        <Facts
          facts={[
            [strings.state, configured ? strings.set : strings.unset],
            [strings.audit, auditHours === null ? strings.noAudit : strings.every(auditHours, repairs)],
            [strings.lastRun, <RunLine key="run" run={lastRun} />],
            [strings.lastAudit, <RunLine key="audit" run={lastAudit} />],
          ]}
        />
      </div>
    </Panel>
  );
}

function RunLine({ run }: { run: BackfillRun | null }) {
  const strings = useStrings().backfill;
  if (!run) return <span class="quiet">{strings.never}</span>;
  const { startedAt, finishedAt, compared, differing, differences, stored, leftOut } = run;
  const done = [strings.found(compared, differing, differences)];
  if (stored > 0) done.push(strings.repaired(stored));
  if (leftOut > 0) done.push(strings.leftOut(leftOut));
  return (
    <>
      <TimeAndAge at={finishedAt ?? startedAt} />
      {finishedAt === null && ` · ${strings.notFinished}`}
      {` · ${done.join(' · ')}`}
    </>
  );
}

/** When the group was last compared with the vendor's, and a button that asks now. */
export function ConfirmedPanel({
  groupId,
  confirmedAt,
  onDone,
}: {
  groupId: string;
  confirmedAt: string | null;
  onDone: () => void;
}) {
  const strings = useStrings().backfill;
  const { value: about } = useRead('about', readAbout);
  const { busy, result, error, run } = useAction(async () => {
    const reconciled = await reconcileGroup(groupId);
    onDone();
    return reconciled;
  });
  return (
    <Panel title={strings.compared}>
      <div class="spaced">
        {confirmedAt === null && <p class="quiet">{strings.notConfirmed}</p>}
        {confirmedAt !== null && (
          <p>
            {strings.confirmed} <Time at={confirmedAt} />
          </p>
        )}
        {about?.backfill.configured && (
          <div>
            <button type="button" onClick={run} disabled={busy}>
              {busy ? strings.asking : strings.ask}
            </button>
          </div>
        )}
        {about && !about.backfill.configured && <a href={hrefOf('setup')}>{strings.howToAsk}</a>}
        <div role="status">
          {result && <p class="outcome">{result.count === 0 ? strings.same : strings.mended(result.count)}</p>}
        </div>
        {result && result.count > 0 && <Differences differences={result.differences} />}
        {error !== undefined && <Failure error={error} />}
      </div>
    </Panel>
  );
}

function Differences({ differences }: { differences: readonly Difference[] }) {
  const strings = useStrings().backfill;
  const [shown, more] = useFew(differences);
  return (
    <>
      <table class="pairs">
        <Heads names={strings.heads} />
        <tbody>
          {shown.map((difference, index) => (
            <Row key={index} difference={difference} />
          ))}
        </tbody>
      </table>
      {more}
    </>
  );
}

function Row({ difference: { kind, field, of, mirror, vendor } }: { difference: Difference }) {
  const strings = useStrings().backfill;
  // The account of the member is shown beside the field.
  const isMember = field === 'member';
  return (
    <tr>
      <td>
        {strings.fields[field]} {of !== null && <ShortText value={of} />}
      </td>
      <td>
        <Side value={isMember ? null : mirror} isPresent={kind !== 'missing'} />
      </td>
      <td>
        <Side value={isMember ? null : vendor} isPresent={kind !== 'extra'} />
      </td>
    </tr>
  );
}

/** The value on one side; for a group or a member, perhaps only that it exists. */
function Side({ value, isPresent }: { value: string | null; isPresent: boolean }) {
  const strings = useStrings().backfill;
  if (value) return <ShortText value={value} />;
  return <span class="quiet">{isPresent ? strings.present : strings.missing}</span>;
}
