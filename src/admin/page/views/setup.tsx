import { readAbout, sendTestCallback } from '../api.ts';
import { useAction, useRead } from '../live-data.ts';
import { Copyable, Facts, Failure, Panel } from '../parts/panel.tsx';
import { Text } from '../parts/text.tsx';
import { useReference } from '../reference.ts';
import { hrefOf, useStrings } from '../state.ts';
import { BackfillPanel } from './backfill.tsx';

/** The first steps, shown instead of an empty list. */
export function Welcome() {
  const strings = useStrings().setup;
  return (
    <>
      <div class="welcome">
        <h1 tabIndex={-1}>{strings.welcome}</h1>
        <p>{strings.intro}</p>
      </div>
      <Steps />
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

function Steps() {
  const strings = useStrings().setup;
  const { value: about, error, again } = useRead('about', readAbout);
  if (error !== undefined) return <Failure error={error} again={again} />;
  if (!about) return null;
  return (
    <>
      {about.demo && <p class="notice odd">{strings.demo}</p>}
      {!about.demo && !about.signed && <p class="notice odd">{strings.unsigned}</p>}
      <ol class="steps">
        {about.callbackUrl !== null && (
          <li class="panel">
            <h2>{strings.url.heading}</h2>
            <p>{strings.url.text}</p>
            <Copyable text={about.callbackUrl} what={strings.url.copy} />
          </li>
        )}
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
