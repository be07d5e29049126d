import type { CallbackDetail } from '../api.ts';
import { Facts, Panel } from '../parts/panel.tsx';
import { useStrings } from '../state.ts';
import { BodyPanel } from './body-panel.tsx';

/** How the callback was answered; nothing for a snapshot, which is not a request. */
export function ReplyPanel({ callback: { source, reply } }: { callback: CallbackDetail }) {
  const strings = useStrings().replies;
  if (source === 'backfill') return null;
  if (!reply) {
    return (
      <Panel title={strings.heading}>
        <p class="quiet">{strings.notRecorded}</p>
      </Panel>
    );
  }
  const { status, body, milliseconds } = reply;
  const facts = (
    <Facts
      facts={[
        [strings.status, String(status)],
        [strings.took, strings.milliseconds(milliseconds)],
      ]}
    />
  );
  if (body !== null) {
    return (
      <BodyPanel title={strings.heading} body={body}>
        {facts}
      </BodyPanel>
    );
  }
  return (
    <Panel title={strings.heading}>
      {facts}
      <p class="quiet note">{strings.notKept}</p>
    </Panel>
  );
}
