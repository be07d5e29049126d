import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ConsumerRequest,
  ConsumerStore,
  Lease,
  LoggedCallback,
  Place,
  Progress,
  StoredDelivery,
} from '../../src/store/consumers.ts';
import { teardown } from './start.ts';

const RENEW_MS = 200;
const WITHIN_MS = 20_000;

/**
 * A consumer that a test runs by hand, through the port of the delivery loop: it reads the log and holds the lease
 * until the test ends, but delivers nothing by itself.
 */
export async function handRunConsumer(store: ConsumerStore, name = 'handlers') {
  await store.registerConsumers([{ name, kind: 'handlers', from: 'beginning' }]);
  const lease = await leaseOf(store, name);
  const progress: Progress = {
    place: lease.place,
    open: [],
    floor: lease.place,
    put: [],
    done: [],
    requestsDone: [],
    state: 'running',
    detail: null,
  };
  const requests: ConsumerRequest[] = [];
  /** Serializes the writes. */
  let saving = Promise.resolve();

  function save(change: Partial<Progress> = {}): Promise<void> {
    const { state = progress.state, detail = progress.detail, place = progress.place } = change;
    Object.assign(progress, { state, detail, place, floor: place });
    saving = saving.then(async () => {
      const answer = await store.saveProgress(lease, { ...progress, ...change });
      requests.splice(0, requests.length, ...(answer?.requests ?? []));
    });
    return saving;
  }

  let timer: NodeJS.Timeout | undefined = setInterval(() => save().catch(() => {}), RENEW_MS);
  async function end(): Promise<void> {
    clearInterval(timer);
    if (timer) await saving.then(() => store.releaseConsumer(lease)).catch(() => {});
    timer = undefined;
  }
  teardown(end);
  return {
    save,
    /** Open requests of the operator, as of the last save. */
    requests,
    /** Reads the log to its end, and stores the last callback as a failed delivery. */
    async fail(change: Partial<StoredDelivery> = {}): Promise<StoredDelivery> {
      const last = await lastOfLog(store, progress.place);
      const delivery: StoredDelivery = {
        id: randomUUID(),
        callbackId: last.id,
        place: last.place,
        subject: '["group","g1"]',
        status: 'parked',
        attempts: 1,
        error: 'Error: connect ECONNREFUSED 127.0.0.1:5432',
        failedAt: new Date(),
        nextAttemptAt: new Date(Date.now() + 30_000),
        late: false,
        waiting: [],
        moreAfter: null,
        ...change,
      };
      await save({ place: last.place, put: [delivery] });
      return delivery;
    },
    /** Delivers the retries that the operator has requested. @returns whether there were any */
    async deliverRetries(): Promise<boolean> {
      await save();
      const retries = requests.filter((one) => one.kind === 'retry');
      await save({ requestsDone: retries.map(({ id }) => id), done: retries.map(({ deliveryId }) => deliveryId) });
      return retries.length > 0;
    },
    /** Like the end of the process: nobody runs the consumer afterwards. */
    end,
  };
}

/** Retries, like the loop: another process may hold it, or PostgreSQL may not know the consumer yet. */
async function leaseOf(store: ConsumerStore, name: string): Promise<Lease> {
  const holder = randomUUID();
  const deadline = Date.now() + 20_000;
  for (;;) {
    const lease = await store.leaseConsumer(name, holder);
    if (lease) return lease;
    if (Date.now() > deadline) throw new Error(`${name} is leased by another`);
    await sleep(20);
  }
}

/** On PostgreSQL, a transaction of another test, in another database of the server, may briefly hold the log back. */
async function lastOfLog(store: ConsumerStore, after: Place): Promise<LoggedCallback> {
  for (const deadline = Date.now() + WITHIN_MS; ; ) {
    const last = (await store.readLog({ after, limit: 1_000, wants: [] })).at(-1);
    if (last) return last;
    if (Date.now() > deadline) throw new Error(`There is nothing to read after ${after}`);
    await sleep(20);
  }
}
