import type { JetStreamClient, JetStreamManager, PubAck, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../callback/logger.ts';
import { type EventAttributes, eventOf } from './event.ts';
import { connectNats } from './stream-connection.ts';
import { API_CODES, codeOf, describeNats, isMoved } from './stream-errors.ts';
import type { StreamSettings } from './stream-settings.ts';
import {
  type PreparedMessage,
  type Stream,
  type StreamEnd,
  type StreamMessage,
  StreamMoved,
  WrongStream,
} from './target.ts';

/** Headers of each message: the store it comes from, its place in the log, and the last rewind before it. */
export const STORE_HEADER = 'Tencent-Chat-Store';
export const PLACE_HEADER = 'Tencent-Chat-Place';
export const REWIND_HEADER = 'Tencent-Chat-Rewind';
const ID_HEADER = 'Nats-Msg-Id';

const EVENT_TYPE = 'application/cloudevents+json';
const COMMAND = /^(?=.{1,80}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
/** A server accepts 4,096 bytes of a protocol line, which contains the subject. */
const LONGEST_SUBJECT_BYTES = 2_048;
const PLACE = /^\d+-\d+(\.\d+)?$/;
const ANSWER_TIMEOUT_MS = 5_000;
/** JetStream does not store a message again whose id it has seen within this window. */
const DUPLICATE_WINDOW_MS = 120_000;
const NANOSECONDS = 1_000_000;
/** `NATS/1.0` and the line ends of the header block. */
const HEADERS_FRAME_BYTES = 12;
const LONGEST_SEQUENCE = 20;
const LONGEST_ID = 60;
/** What a server stores of a message besides subject, headers and data. */
const RECORD_BYTES = 34;

interface NatsMessage extends PreparedMessage {
  subject: string;
  id: string;
  headers: readonly (readonly [name: string, value: string])[];
  data: Buffer;
}

interface Opened {
  connection: NatsConnection;
  client: JetStreamClient;
  manager: JetStreamManager;
  newHeaders: () => MsgHdrs;
}

/**
 * A stream of NATS JetStream. Each message expects the sequence number of the one before, so the stream holds every
 * message once and in order, even with other publishers of the same callbacks.
 */
export class NatsStream implements Stream<NatsMessage> {
  readonly wants = null;
  readonly includesUnknown = true;
  readonly needsGroup = false;
  readonly #settings: StreamSettings;
  readonly #sdkAppId: number;
  readonly #log: Logger;
  #storeId = '';
  #opened: Opened | null = null;
  /** Rejects the calls that wait for an answer. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #isUp = false;
  /** Aborted by `close`: a connection made afterwards is dropped. */
  #closing = new AbortController();
  /** The stream's last sequence number, once all messages in flight are stored. */
  #lastSequence = 0;
  /** Id of the message that was published last. */
  #lastId = '';
  #inFlight = 0;
  #mostBytes = Number.POSITIVE_INFINITY;
  /** Bytes in the stream and in flight, and the stream's limit. */
  #bytes = 0;
  #limitBytes = Number.POSITIVE_INFINITY;
  #isCompared = false;

  constructor(settings: StreamSettings, { sdkAppId, log }: { sdkAppId: number; log: Logger }) {
    this.#settings = settings;
    this.#sdkAppId = sdkAppId;
    this.#log = log;
  }

  async open(storeId: string, onConnection: (isUp: boolean) => void): Promise<StreamEnd | null> {
    this.#storeId = storeId;
    try {
      return await this.#answered(this.#open(onConnection));
    } catch (error) {
      throw error instanceof WrongStream ? error : new Error(describeNats(error, this.#settings), { cause: error });
    }
  }

  prepare({ delivery, place, rewind, pass }: StreamMessage): NatsMessage {
    const data = Buffer.from(eventOf(delivery, this.#sdkAppId));
    const headers = [
      ['content-type', EVENT_TYPE],
      [STORE_HEADER, this.#storeId],
      [PLACE_HEADER, place],
      ...(rewind === 0 ? [] : [[REWIND_HEADER, String(rewind)] as const]),
    ] as const;
    const id = pass === '' ? delivery.id : `${delivery.id}-${pass}`;
    const expectations = [
      [ID_HEADER, id],
      ['Nats-Expected-Stream', this.#settings.stream],
      ['Nats-Expected-Last-Sequence', '9'.repeat(LONGEST_SEQUENCE)],
      ['Nats-Expected-Last-Msg-Id', '9'.repeat(LONGEST_ID)],
    ];
    const headerBytes = [...headers, ...expectations].reduce(
      (sum, [name = '', value = '']) => sum + name.length + value.length + ': \r\n'.length,
      HEADERS_FRAME_BYTES,
    );
    const bytes = data.byteLength + headerBytes;
    const problem =
      bytes > this.#mostBytes
        ? `The message has ${bytes} bytes, and the stream ${this.#settings.stream} takes ${this.#mostBytes}: raise max_payload of the server, or max_msg_size of the stream`
        : null;
    return { bytes, problem, subject: this.#subjectOf(delivery), id, headers, data };
  }

  async publish({ bytes, subject, id, headers, data }: NatsMessage): Promise<'published' | 'duplicate'> {
    if (!this.#opened || !this.#isUp) throw new Error('there is no connection');
    const { client, newHeaders } = this.#opened;
    this.#reserve(bytes + subject.length + RECORD_BYTES);
    const lastSequence = this.#lastSequence;
    this.#lastSequence += 1;
    const all = newHeaders();
    for (const [name, value] of headers) all.set(name, value);
    // If another publisher's message gets in before one in flight, the sequence number matches, but the last id does
    // not.
    const lastMsgID = this.#inFlight > 0 ? this.#lastId : '';
    const expect = { streamName: this.#settings.stream, lastSequence, ...(lastMsgID !== '' && { lastMsgID }) };
    this.#lastId = id;
    this.#inFlight += 1;
    let ack: PubAck;
    try {
      ack = await this.#answered(
        client.publish(subject, data, { msgID: id, headers: all, expect, timeout: ANSWER_TIMEOUT_MS }),
      );
    } catch (error) {
      const text = describeNats(error, this.#settings);
      throw isMoved(error) ? new StreamMoved(text) : new Error(text, { cause: error });
    } finally {
      this.#inFlight -= 1;
    }
    // A leader that knows the id of a message but has not stored it may never store it.
    if (ack.duplicate && ack.seq === 0) throw new Error(`the stream ${this.#settings.stream} has a message only half`);
    return ack.duplicate ? 'duplicate' : 'published';
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#closing.abort();
    this.#closing = new AbortController();
    this.#rejectWaiting(new Error('the stream is closed'));
    await opened?.connection.close();
  }

  /**
   * A full stream with `discard: new` would still drop old messages: the server's check ignores what it stores besides
   * a message, and then it makes room.
   */
  #reserve(bytes: number): void {
    const { stream } = this.#settings;
    if (this.#bytes + bytes >= this.#limitBytes) {
      const detail = `${this.#bytes} of ${this.#limitBytes} bytes`;
      throw new StreamMoved(
        `The stream ${stream} is full (${detail}): purge what consumers have read, or raise its limit`,
      );
    }
    this.#bytes += bytes;
  }

  #subjectOf({ command, subject }: StreamMessage['delivery']): string {
    const group = Buffer.from(subject?.value ?? '').toString('base64url');
    const last = group === '' || group.length > LONGEST_SUBJECT_BYTES ? '_' : group;
    return `tencent-chat.${this.#sdkAppId}.${COMMAND.test(command) ? command : 'unknown'}.${last}`;
  }

  async #open(onConnection: (isUp: boolean) => void): Promise<StreamEnd | null> {
    if (!this.#opened || this.#opened.connection.isClosed()) await this.#connect(onConnection);
    if (!this.#opened || !this.#isUp) throw new Error('there is no connection');
    const { connection, manager } = this.#opened;
    const info = await this.#findOrCreate(manager);
    const { config, state } = info;
    const pattern = this.#subjects;
    if (!config.subjects?.includes(pattern) && !config.subjects?.includes('tencent-chat.>'))
      throw new WrongStream(
        `The stream ${config.name} does not take the subjects ${pattern}: add them to it, or set another NATS_STREAM`,
      );
    this.#compare(config);
    const { max_payload: mostBytes } = connection.info ?? { max_payload: Number.POSITIVE_INFINITY };
    this.#mostBytes = config.max_msg_size > 0 ? Math.min(mostBytes, config.max_msg_size) : mostBytes;
    this.#limitBytes = config.max_bytes > 0 && config.discard === 'new' ? config.max_bytes : Number.POSITIVE_INFINITY;
    this.#bytes = state.bytes;
    this.#lastSequence = state.last_seq;
    return state.messages === 0 ? null : this.#endOf(manager, state.last_seq);
  }

  get #subjects(): string {
    return `tencent-chat.${this.#sdkAppId}.>`;
  }

  async #connect(onConnection: (isUp: boolean) => void): Promise<void> {
    const { signal } = this.#closing;
    const { connection, jetstreamManager, newHeaders } = await connectNats(this.#settings, signal);
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_TIMEOUT_MS });
    if (signal.aborted) return connection.close();
    this.#opened = { connection, manager, client: manager.jetstream(), newHeaders };
    this.#isUp = true;
    void this.#watch(connection, onConnection);
  }

  async #watch(connection: NatsConnection, onConnection: (isUp: boolean) => void): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type !== 'disconnect' && type !== 'reconnect' && type !== 'close') continue;
      if (this.#opened?.connection !== connection) return;
      this.#isUp = type === 'reconnect';
      if (!this.#isUp) this.#rejectWaiting(new Error('the connection is lost'));
      onConnection(this.#isUp);
    }
  }

  async #findOrCreate(manager: JetStreamManager): Promise<StreamInfo> {
    const { stream } = this.#settings;
    try {
      return await manager.streams.info(stream);
    } catch (error) {
      if (codeOf(error) !== API_CODES.streamNotFound) throw error;
    }
    try {
      return await this.#create(manager, this.#settings.replicas);
    } catch (error) {
      if (codeOf(error) !== API_CODES.notClustered) throw error;
    }
    this.#log.warn(
      { stream, replicas: 1 },
      `the NATS server is not part of a cluster: the stream is created with 1 replica, the most that it allows, and NATS_REPLICAS is ${this.#settings.replicas}`,
    );
    return this.#create(manager, 1);
  }

  async #create(manager: JetStreamManager, replicas: number): Promise<StreamInfo> {
    const { stream, maxBytes, maxAgeHours } = this.#settings;
    try {
      const info = await manager.streams.add({
        name: stream,
        subjects: [this.#subjects],
        storage: 'file',
        num_replicas: replicas,
        duplicate_window: DUPLICATE_WINDOW_MS * NANOSECONDS,
        // Unread messages are not dropped silently: a full stream makes the receiver wait.
        discard: 'new',
        allow_direct: true,
        ...(maxBytes !== null && { max_bytes: maxBytes }),
        ...(maxAgeHours !== null && { max_age: maxAgeHours * 3_600_000 * NANOSECONDS }),
      });
      this.#log.info({ stream, replicas }, 'the stream is created');
      return info;
    } catch (error) {
      if (codeOf(error) !== API_CODES.subjectsOverlap) throw error;
      const other = await manager.streams.find(this.#subjects).catch(() => 'another one');
      throw new WrongStream(
        `The stream ${stream} cannot be created, as ${other} takes its subjects ${this.#subjects}: set NATS_STREAM to that one, or delete it`,
      );
    }
  }

  /** An existing stream is never altered, only compared. */
  #compare(config: StreamConfig): void {
    if (this.#isCompared) return;
    this.#isCompared = true;
    const { stream, replicas, maxBytes, maxAgeHours } = this.#settings;
    const maxAge = maxAgeHours === null ? null : maxAgeHours * 3_600_000 * NANOSECONDS;
    const isLimited = config.max_bytes > 0 || config.max_msgs > 0;
    const pairs: [name: string, is: string | number, wanted: string | number | null][] = [
      ['storage', config.storage, 'file'],
      ['replicas', config.num_replicas, replicas],
      ['retention', config.retention, 'limits'],
      ['discard', config.discard, isLimited ? 'new' : null],
      ['max_bytes', config.max_bytes, maxBytes],
      ['max_age (nanoseconds)', config.max_age, maxAge],
      ['duplicate_window (nanoseconds)', config.duplicate_window, DUPLICATE_WINDOW_MS * NANOSECONDS],
    ];
    const differences = pairs
      .filter(([, is, wanted]) => wanted !== null && is !== wanted)
      .map(([name, is, wanted]) => `${name} is ${is}, and would be ${wanted}`);
    if (differences.length > 0)
      this.#log.warn(
        { stream, differences },
        'the stream exists with other settings: it is used as it is. To change it, use the nats command',
      );
  }

  async #endOf(manager: JetStreamManager, seq: number): Promise<StreamEnd | null> {
    const { stream } = this.#settings;
    const message = await manager.streams.getMessage(stream, { seq });
    // Deleted, or older than the stream's retention.
    if (!message) return null;
    const [store, place] = [STORE_HEADER, PLACE_HEADER].map((name) => message.header.get(name));
    const rewind = Number(message.header.get(REWIND_HEADER));
    const remedy = `set NATS_STREAM to one of this receiver's own, or purge it`;
    if (!message.subject.startsWith(`tencent-chat.${this.#sdkAppId}.`) || !place || !PLACE.test(place))
      throw new WrongStream(
        `The stream ${stream} ends with a message that no receiver of the app ${this.#sdkAppId} has published, to ${JSON.stringify(message.subject)}: ${remedy}`,
      );
    if (store !== this.#storeId)
      throw new WrongStream(
        `The stream ${stream} belongs to the database ${store}, and that of this receiver is ${this.#storeId}: ${remedy}`,
      );
    const { receivedtime, late } = message.json<EventAttributes>();
    return {
      place,
      rewind: Number.isSafeInteger(rewind) ? rewind : 0,
      id: message.header.get(ID_HEADER),
      receivedAt: late ? null : Date.parse(receivedtime),
    };
  }

  /** Resolves with the answer; rejects at once when the connection is lost. */
  #answered<Result>(answer: Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.add(reject);
    answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    return promise;
  }

  #rejectWaiting(reason: Error): void {
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }
}
