// Handles every created group exactly once, however often this process is killed.
import { DatabaseSync } from 'node:sqlite';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';

const { NATS_URL = 'nats://127.0.0.1:4222', NATS_STREAM = 'TENCENT_CHAT', SDK_APP_ID = '1400000000' } = process.env;
const { DATABASE = 'groups.db' } = process.env;
/** The name under which the server keeps this consumer's position. */
const DURABLE = 'groups';
/**
 * `tencent-chat.<SDKAppID>.<command>.<group in base64url>`; use `tencent-chat.<SDKAppID>.Group.>` for all callbacks of
 * groups.
 */
const FILTER = `tencent-chat.${SDK_APP_ID}.Group.CallbackAfterCreateGroup.*`;
/** Deadline for the work; after it, the server redelivers an event that a killed process had taken. */
const ACK_WAIT_MS = 5_000;
const RETRY_MS = 5_000;

/** The used part of a CloudEvent; the receiver's `openapi/delivery.yaml` describes it in full. */
interface GroupCreated {
  id: string;
  type: string;
  time: string;
  data: { GroupId: string; Name?: string };
}

const database = new DatabaseSync(DATABASE);
database.exec(`
  CREATE TABLE IF NOT EXISTS done (event_id TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS groups (id TEXT PRIMARY KEY, name TEXT)`);
const note = database.prepare('INSERT OR IGNORE INTO done VALUES (?)');
const insert = database.prepare('INSERT OR REPLACE INTO groups VALUES (?, ?)');

/**
 * Work and event id are stored in one transaction: an event that is redelivered after a lost acknowledgement changes
 * nothing.
 */
function work({ id, data }: GroupCreated): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (note.run(id).changes > 0) {
      insert.run(data.GroupId, data.Name ?? null);
      console.log(`${id}: ${data.GroupId} is created`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

const { host, username, password } = new URL(NATS_URL);
const connection = await connect({
  servers: host,
  maxReconnectAttempts: -1,
  ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
});
const manager = await jetstreamManager(connection);
await manager.consumers.add(NATS_STREAM, {
  durable_name: DURABLE,
  filter_subject: FILTER,
  deliver_policy: DeliverPolicy.All,
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(ACK_WAIT_MS),
  // In order. A higher limit is faster if the order does not matter.
  max_ack_pending: 1,
});
const consumer = await jetstream(connection).consumers.get(NATS_STREAM, DURABLE);
const messages = await consumer.consume();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void messages.close());

console.log(`takes ${FILTER} of ${NATS_STREAM}`);
for await (const message of messages) {
  try {
    work(message.json<GroupCreated>());
    message.ack();
  } catch (error) {
    console.error(`${message.subject}: ${error}`);
    message.nak(RETRY_MS);
  }
}
await connection.drain();
database.close();
