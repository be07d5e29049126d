import { useState } from 'preact/hooks';
import { type Consumer, removeConsumer, rewindConsumer, setPaused } from '../api.ts';
import { rereadConsumers } from '../consumers.ts';
import { useAction } from '../live-data.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Facts, Failure } from '../parts/panel.tsx';
import { Said } from '../parts/said.tsx';
import { Text } from '../parts/text.tsx';
import { Age, Time, TimeAndAge } from '../parts/time.tsx';
import { useLocale, useStrings } from '../state.ts';

const TONES: Record<Consumer['state'], string> = {
  running: 'good',
  paused: 'odd',
  'backing off': 'bad',
  'held back': 'bad',
  'wrong stream': 'bad',
  idle: 'odd',
};
const HOUR_MS = 3_600_000;

/** One consumer: its progress, its state in words, and the actions of an operator. */
export function ConsumerPanel({ consumer }: { consumer: Consumer }) {
  const strings = useStrings().deliveries;
  const { name, kind, state, detail, parked, dead } = consumer;
  const failed = parked + dead;
  const locale = useLocale();
  const number = (count: number) => count.toLocaleString(locale);
  const [asks, setAsks] = useState<'rewind' | 'remove' | null>(null);
  const [rewound, setRewound] = useState(false);
  const pausing = useAction(async () => {
    await setPaused(name, state !== 'paused');
    rereadConsumers();
  });
  function close(done: boolean): void {
    setRewound(done && asks === 'rewind');
    setAsks(null);
    if (done) rereadConsumers();
  }
  return (
    <section class="panel consumer" data-consumer={name}>
      <header>
        <h2>
          <Text value={name} /> <span class="quiet">{strings.kinds[kind]}</span>
        </h2>
        <span class={`badge ${TONES[state]}`}>{strings.states[state]}</span>
      </header>
      <p>{strings.stateHelp[state]}</p>
      {detail !== null && (
        <p class={`notice ${TONES[state]}`}>
          <Said text={detail} />
        </p>
      )}
      <Facts
        facts={[
          [strings.lag, <Lag key="lag" consumer={consumer} />],
          [strings.failed, failed === 0 ? strings.nothing : strings.failedCounts(number(parked), number(dead))],
          state === 'idle' && [strings.lastRun, <TimeAndAge key="ran" at={consumer.ranAt} />],
        ]}
      />
      <div class="with-button">
        <button type="button" onClick={pausing.run} disabled={pausing.busy}>
          {pausing.busy ? strings.working : state === 'paused' ? strings.resume : strings.pause}
        </button>
        <button type="button" onClick={() => setAsks('rewind')}>
          {strings.rewind.button}
        </button>
        {state === 'idle' && (
          <button type="button" onClick={() => setAsks('remove')}>
            {strings.remove.button}
          </button>
        )}
      </div>
      <p role="status" class="outcome">
        {rewound && strings.rewind.done}
      </p>
      {pausing.error !== undefined && <Failure error={pausing.error} />}
      {asks === 'rewind' && <RewindDialog consumer={consumer} onClose={close} />}
      {asks === 'remove' && (
        <ConfirmDialog
          title={strings.remove.heading(name)}
          confirm={strings.remove.confirm}
          isDangerous
          work={() => removeConsumer(name)}
          onClose={close}
        >
          <p>{strings.remove.text(failed)}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function Lag({ consumer: { lag, lagCapped, oldest } }: { consumer: Consumer }) {
  const strings = useStrings().deliveries;
  const count = lag.toLocaleString(useLocale());
  if (lag === 0) return strings.nothing;
  return (
    <>
      {lagCapped ? strings.moreThan(count) : strings.callbacks(count)}{' '}
      {oldest !== null && (
        <span class="quiet">
          ({strings.oldest} <Age at={oldest} />)
        </span>
      )}
    </>
  );
}

function RewindDialog({ consumer, onClose }: { consumer: Consumer; onClose: (done: boolean) => void }) {
  const strings = useStrings().deliveries.rewind;
  const [local, setLocal] = useState(() => localText(new Date(Date.now() - HOUR_MS)));
  const time = new Date(local);
  const isTime = !Number.isNaN(time.getTime());
  // Callbacks from `oldest` on are pending; without it, everything up to now has been delivered.
  const skips = isTime && time.getTime() > (consumer.oldest === null ? Date.now() : Date.parse(consumer.oldest));
  const [before, after] = (skips ? strings.skips : strings.repeats).split('{time}');
  return (
    <ConfirmDialog
      title={strings.heading(consumer.name)}
      confirm={strings.confirm}
      isDangerous
      work={() => rewindConsumer(consumer.name, time)}
      onClose={onClose}
    >
      <label class="field">
        <span>{strings.label}</span>
        <input
          type="datetime-local"
          step="1"
          required
          value={local}
          onInput={({ currentTarget }) => setLocal(currentTarget.value)}
        />
      </label>
      <p role="status">
        {isTime ? (
          <>
            {before}
            <Time at={time.toISOString()} brief />
            {after} {consumer.parked > 0 && strings.parked}
          </>
        ) : (
          strings.choose
        )}
      </p>
    </ConfirmDialog>
  );
}

/** The value for the input, in the browser's time zone. */
function localText(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
