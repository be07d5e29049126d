import type { ComponentChildren } from 'preact';
import { ApiError } from '../api.ts';
import { useStrings } from '../strings/strings.ts';

/** Says that something could not be read, and why. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const strings = useStrings();
  const unreachable = error instanceof ApiError && error.status === 0;
  return (
    <div class="notice bad" role="alert">
      <p>{unreachable ? strings.unreachable : strings.failed}</p>
      {error instanceof Error && error.message !== '' && <p lang="en">{error.message}</p>}
      {again && (
        <button type="button" onClick={again}>
          {strings.tryAgain}
        </button>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}
