import { useState } from 'preact/hooks';
import { sendToConsumer } from '../api.ts';
import { consumers } from '../consumers.ts';
import { useAction } from '../live-data.ts';
import { Failure, Panel } from '../parts/panel.tsx';
import { useObservable, useStrings } from '../state.ts';

/** Delivers a callback to a consumer again. Renders nothing without consumers. */
export function SendAgainPanel({ callbackId }: { callbackId: string }) {
  const strings = useStrings().deliveries;
  const { value = [] } = useObservable(consumers);
  const [chosen, setChosen] = useState<string | null>(null);
  const name = chosen ?? value[0]?.name ?? '';
  const { busy, result, error, run } = useAction(() => sendToConsumer(name, callbackId));
  if (value.length === 0) return null;
  return (
    <Panel title={strings.again.heading}>
      <div class="with-button">
        <select
          aria-label={strings.again.consumer}
          value={name}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {value.map((one) => (
            <option key={one.name} value={one.name} translate={false}>
              {one.name}
            </option>
          ))}
        </select>
        <button type="button" onClick={run} disabled={busy}>
          {busy ? strings.working : strings.again.button}
        </button>
        <span class="quiet" role="status">
          {result ? strings.again.done : strings.again.help}
        </span>
      </div>
      {error !== undefined && <Failure error={error} />}
    </Panel>
  );
}
