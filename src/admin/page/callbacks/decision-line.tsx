import type { Callback } from '../api.ts';
import { Sentence } from '../parts/sentence.tsx';
import { Text } from '../parts/text.tsx';
import { useStrings } from '../strings/strings.ts';

/** What the app decided, where the vendor asked. */
export function DecisionLine({ callback: { decision } }: { callback: Pick<Callback, 'decision'> }) {
  const strings = useStrings().decision;
  if (!decision) return null;
  return (
    <p class="decision">
      <span class={`badge decision-${decision.action}`}>{strings[decision.action]}</span> {strings.by[decision.source]}{' '}
      {strings.took(decision.milliseconds)}
      {decision.errorCode > 1 && ` · ${strings.code} ${decision.errorCode}`}
      {decision.errorInfo !== '' && (
        <>
          {' · '}
          <Text value={decision.errorInfo} />
        </>
      )}
      {decision.refusedMembers.length > 0 && (
        <>
          {' · '}
          <Sentence text={strings.notLetIn} values={{ members: decision.refusedMembers }} />
        </>
      )}
    </p>
  );
}
