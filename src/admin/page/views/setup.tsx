import { readAbout, readSetup, sendTestCallback } from '../api.ts';
import { useAction, useRead } from '../live-data.ts';
import { Copyable, Facts, Failure, Panel } from '../parts/panel.tsx';
import { Text } from '../parts/text.tsx';
import { useReference } from '../reference.ts';
import { hrefOf, useStrings } from '../state.ts';
import { ArrivalsPanel, CommandsPanel } from './arrivals.tsx';
import { BackfillPanel } from './backfill.tsx';
import { CallbackUrlStep } from './public-url.tsx';

/** A user at the vendor's console waits for the probe to show. */
const REREAD_MS = 5_000;

/** The first steps, shown instead of an empty list. */
export function Welcome() {
  const strings = useStrings().setup;
  return (
    <>
      <div class="welcome">
        <h1 tabIndex={-1}>{strings.welcome}</h1>
        <p>{strings.intro}</p>
      </div>
      <Steps isFirst />
    </>
  );
}

export function SetupView() {
  const strings = useStrings();
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.views.setup}</h1>
        <a href={useReference('guide/console')}>{strings.setup.guide}</a>
      </div>
      <Steps />
    </>
  );
}

/** @param props.isFirst no callback has come yet, so only expected commands can be shown */
function Steps({ isFirst = false }: { isFirst?: boolean }) {
  const strings = useStrings().setup;
  const { value: about, error, again } = useRead('about', readAbout);
  const {
    value: setup,
    error: setupError,
    again: readSetupAgain,
  } = useRead('setup', readSetup, { everyMs: REREAD_MS });
  if (error !== undefined) return <Failure error={error} again={again} />;
  if (!about) return null;
  return (
    <>
      {about.demo && <p class="notice odd">{strings.demo}</p>}
      {!about.demo && !about.signed && <p class="notice odd">{strings.unsigned}</p>}
      <ol class="steps">
        <CallbackUrlStep about={about} setup={setup} />
        <li class="panel">
          <h2>{strings.trigger.heading}</h2>
          <p>{strings.trigger.text}</p>
          <Copyable text={about.triggerCommand} what={strings.trigger.copy} />
        </li>
        <li class="panel">
          <h2>{strings.test.heading}</h2>
          <p>{strings.test.text}</p>
          <TestCallback />
        </li>
      </ol>
      <div class="column">
        {setupError !== undefined && <Failure error={setupError} again={readSetupAgain} />}
        {setup && <ArrivalsPanel setup={setup} />}
        {setup && (!isFirst || setup.commands.length > 0) && <CommandsPanel setup={setup} />}
        <BackfillPanel about={about} />
        <Panel title={strings.facts}>
          <Facts
            facts={[
              [strings.sdkAppId, about.sdkAppId],
              [strings.version, about.version],
              [strings.database, about.database === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
              [strings.signature, about.signed ? strings.signed : strings.notSigned],
            ]}
          />
        </Panel>
      </div>
    </>
  );
}

function TestCallback() {
  const strings = useStrings().setup.test;
  const { busy, result, error, run } = useAction(sendTestCallback);
  return (
    <>
      <button type="button" class="primary" onClick={run} disabled={busy}>
        {busy ? strings.sending : strings.heading}
      </button>
      <div role="status">
        {result && (
          <p class={`notice ${result.status === 200 ? 'good' : 'bad'}`}>
            {strings.answer}{' '}
            <code>
              <Text
                value={`${result.status} ${result.reply.ActionStatus} ${result.reply.ErrorCode} ${result.reply.ErrorInfo}`.trim()}
              />
            </code>{' '}
            {result.status === 200 && <a href={hrefOf('groups', result.groupId)}>{strings.look}</a>}
          </p>
        )}
      </div>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
