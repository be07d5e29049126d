import { useState } from 'preact/hooks';
import { type Consumer, type Delivery, readDeliveries, retryDeliveries } from '../api.ts';
import { consumers, rereadConsumers } from '../consumers.ts';
import { useRead } from '../live-data.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { ExportLinks } from '../parts/export.tsx';
import { FilterChoice, Filters, FilterTabs, isFiltered } from '../parts/filters.tsx';
import { CopyButton, Empty, Failure, Heads } from '../parts/panel.tsx';
import { Sentence } from '../parts/text.tsx';
import { useReference } from '../reference.ts';
import { useObservable, useStrings } from '../state.ts';
import { ConsumerPanel } from './consumer-panel.tsx';
import { DeliveryRow } from './delivery-row.tsx';

const POLL_MS = 500;
const PAGE = 50;
const MAX_ROWS = 200;
const STATUSES = ['parked', 'dead'] as const;

interface DeliveryFilters {
  consumer?: string;
  status?: string;
}

/** The consumers, and the deliveries that failed. */
export function DeliveriesView({ filters }: { filters: DeliveryFilters }) {
  const strings = useStrings();
  const { value, error } = useObservable(consumers);
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.views.deliveries}</h1>
      </div>
      {error !== undefined && <Failure error={error} again={rereadConsumers} />}
      {!value && error === undefined && <p class="quiet">{strings.loading}</p>}
      {value?.length === 0 && <NoConsumer />}
      {value && value.length > 0 && (
        <>
          <div class="consumers">
            {value.map((consumer) => (
              <ConsumerPanel key={consumer.name} consumer={consumer} />
            ))}
          </div>
          <FailedDeliveries all={value} filters={filters} />
        </>
      )}
    </>
  );
}

function FailedDeliveries({
  all,
  filters: { consumer, status },
}: {
  all: readonly Consumer[];
  filters: DeliveryFilters;
}) {
  const strings = useStrings();
  const words = strings.deliveries;
  const [limit, setLimit] = useState(PAGE);
  const [asks, setAsks] = useState(false);
  const filters = { consumer, status: STATUSES.find((one) => one === status) };
  const { value, error, again } = useRead(
    JSON.stringify([filters, limit]),
    () => readDeliveries({ ...filters, limit }),
    { everyMs: POLL_MS },
  );
  const rows: readonly Delivery[] = value?.deliveries ?? [];
  const count = all
    .filter(({ name }) => consumer === undefined || name === consumer)
    .flatMap((one) => STATUSES.filter((kind) => !filters.status || kind === filters.status).map((kind) => one[kind]))
    .reduce((sum, failed) => sum + failed, 0);
  return (
    <>
      <div class="view-head">
        <h2>{words.heading}</h2>
        {count > 0 && (
          <button type="button" onClick={() => setAsks(true)}>
            {words.retryAll.button(count)}
          </button>
        )}
      </div>
      <Filters filters={filters}>
        <FilterTabs
          name="status"
          label={words.status}
          value={filters.status}
          choices={[['', words.all], ...STATUSES.map((one): [string, string] => [one, words[one]])]}
        />
        {(all.length > 1 || consumer !== undefined) && (
          <FilterChoice
            name="consumer"
            label={words.consumer}
            value={consumer}
            choices={[['', words.allConsumers], ...all.map(({ name }): [string, string] => [name, name])]}
          />
        )}
      </Filters>
      {rows.length > 0 && (
        <table class="list deliveries" aria-label={words.table}>
          <Heads names={[words.what, words.subject, words.status, words.next, words.action]} />
          <tbody>
            {rows.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} showsConsumer={all.length > 1} />
            ))}
          </tbody>
        </table>
      )}
      {value && rows.length === 0 && <Empty>{isFiltered(filters) ? words.noneOfFilter : words.none}</Empty>}
      {!value && error === undefined && <p class="quiet">{strings.loading}</p>}
      {error !== undefined && <Failure error={error} again={again} />}
      {rows.length > 0 && (
        <div class="list-foot">
          <span class="quiet">{strings.shown(rows.length)}</span>
          <ExportLinks path="api/deliveries" queryNow={() => filters} />
          {value?.nextCursor != null && limit < MAX_ROWS && (
            <button type="button" onClick={() => setLimit(limit + PAGE)}>
              {strings.loadMore}
            </button>
          )}
        </div>
      )}
      {asks && (
        <ConfirmDialog
          title={words.retryAll.heading}
          confirm={words.retryAll.confirm}
          work={() => retryDeliveries(filters)}
          onClose={() => setAsks(false)}
        >
          <p>{words.retryAll.text(count)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

const EXAMPLE = `export default (receiver) => {
  receiver.on('Group.CallbackAfterCreateGroup', async ({ payload }) => {
    await db.saveGroup(payload.GroupId, payload.Name);
  });
};`;

/** Shown if there are no consumers: how to create one. */
function NoConsumer() {
  const strings = useStrings().deliveries.welcome;
  const files = { example: 'src/handlers.example.ts', file: 'src/handlers.ts' };
  return (
    <section class="panel welcome">
      <h2>{strings.heading}</h2>
      <p>{strings.text}</p>
      <p>
        <Sentence text={strings.program} values={files} />
      </p>
      <div class="example">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls */}
        <pre tabIndex={0}>{EXAMPLE}</pre>
        <CopyButton text={EXAMPLE} what={strings.code} />
      </div>
      <p>{strings.library}</p>
      <p>
        <Sentence text={strings.outside} values={{ webhook: 'DELIVERY_URL', stream: 'NATS_URL' }} />
      </p>
      <p>
        {strings.docs} {strings.documents.flatMap((path) => [<code key={path}>{path}</code>, ' '])}
      </p>
      <p>
        <a href={useReference()}>{strings.payloads}</a>
      </p>
    </section>
  );
}
