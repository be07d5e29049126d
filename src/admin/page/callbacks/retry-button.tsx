import { useState } from 'preact/hooks';
import { ApiError, retryCallback } from '../api.ts';
import { Failure } from '../parts/notice.tsx';
import { useStrings } from '../strings/strings.ts';

/** Has a callback judged again, and says what came of it. */
export function RetryButton({ id, onDone }: { id: string; onDone: () => void }) {
  const strings = useStrings().callback;
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<'accepted' | 'unknown' | 'rejected' | 'before' | null>(null);
  const [error, setError] = useState<unknown>();

  async function retry(): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      setOutcome((await retryCallback(id)).status);
      onDone();
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) setOutcome('before');
      else setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <div class="with-button">
        <button type="button" class="primary" onClick={retry} disabled={busy}>
          {busy ? strings.retrying : strings.retry}
        </button>
        <span class="quiet">{strings.retryHelp}</span>
      </div>
      <p role="status" class="outcome">
        {outcome !== null && (outcome === 'before' ? strings.alreadyAccepted : strings.retried[outcome])}
      </p>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
