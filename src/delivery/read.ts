import { COMMANDS, type CommandFacts, factsOf } from '../../generated/commands.ts';
import { type BatchItem, factsOfItem, itemsOf } from '../callback/batch.ts';
import { eventTimeOf, toCallback } from '../callback/callback.ts';
import { parseJson } from '../callback/json.ts';
import { payloadReader } from '../callback/normalize.ts';
import { parseQuery } from '../callback/signature.ts';
import { type Subject, subjectOf } from '../callback/subject.ts';
import { readSnapshot, SNAPSHOT } from '../groups/snapshot.ts';
import { itemPlaceOf, type LoggedCallback, type Place } from '../store/consumers.ts';
import { isSnapshot } from '../store/snapshots.ts';
import type { Delivery, Selection } from './target.ts';

/** The commands whose requests are batches. */
const BATCHES = Object.entries<CommandFacts>(COMMANDS).filter(([, { batch }]) => batch !== null);
const BATCH_COMMANDS: readonly string[] = BATCHES.map(([command]) => command);
const ITEM_FACTS = new Map(BATCHES.map(([command, facts]) => [command, factsOfItem(facts)]));

/** A stored callback, or an item of a stored batch, read for delivery. */
export interface ReadCallback {
  place: Place;
  callbackId: string;
  command: string;
  /** The contract does not describe the command. */
  unknown: boolean;
  subject: Subject | null;
  /** Memory that it is counted with. */
  bytes: number;
  /** The parts of a delivery that are the same for every attempt; `problem` if the body cannot be read. */
  content: Omit<Delivery, 'group' | 'attempt' | 'late'> | { problem: string };
}

/** A stored callback, or an item of a batch. */
type One = BatchItem & { place: Place; callbackId: string; facts: CommandFacts | undefined };

/** Reads a stored callback: one entry, or the items of a batch, which may be empty. */
export type ReadLogged = (logged: LoggedCallback & { body: Uint8Array }) => ReadCallback[];

/**
 * Reads stored callbacks the way the receiver read them on arrival.
 * @param document the bundled callback contract
 */
export function callbackReader(
  document: object,
  { sdkAppId, storeId }: { sdkAppId: number; storeId: string },
): ReadLogged {
  const readPayload = payloadReader(document);

  return (logged) => {
    if (isSnapshot(logged)) return [readAsSnapshot(logged)];
    const { id, place, command, status, body } = logged;
    const { value, problem } = parseJson(body);
    const payload = readPayload(command, value);
    const facts = status === 'accepted' ? factsOf(command) : undefined;
    const raw = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const whole = { place, callbackId: id, command, facts, payload, raw };
    const unreadable = (text: string) => [{ ...read(logged, whole), content: { problem: `the stored body ${text}` } }];
    if (problem !== undefined) return unreadable(problem);
    if (facts && !isObject(payload)) return unreadable('is not a JSON object');
    if (!facts?.batch) return [read(logged, whole)];
    const items = itemsOf(payload, { command, batch: facts.batch, body });
    if (items === null) return unreadable(`has no list ${facts.batch.slice(1)}`);
    return items.map((item, index) =>
      read(logged, {
        ...{ place: itemPlaceOf(place, index, items.length), callbackId: `${id}-${index}` },
        ...{ facts: ITEM_FACTS.get(item.command), ...item },
      }),
    );
  };

  function readAsSnapshot({ id: callbackId, place, body, receivedAt }: Parameters<ReadLogged>[0]): ReadCallback {
    const payload = readSnapshot(body);
    const [id, unknown] = [`${storeId}-${callbackId}`, false];
    const subject: Subject = { kind: 'group', value: payload.groupId };
    const raw = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return {
      ...{ place, callbackId, command: SNAPSHOT, unknown, subject, bytes: raw.byteLength },
      content: {
        ...{ id, command: SNAPSHOT, payload, unknown, raw, subject },
        ...{ happenedAt: new Date(payload.takenAt), receivedAt, clientIp: null, optPlatform: null, decision: null },
      },
    };
  }

  function read(
    { query, receivedAt, decision }: LoggedCallback,
    { place, callbackId, facts, command, payload, raw }: One,
  ): ReadCallback {
    const subject = facts ? subjectOf(facts.subject, payload) : null;
    const { happenedAt, clientIp, optPlatform } = toCallback(
      (isObject(payload) ? payload : {}) as Parameters<typeof toCallback>[0],
      { query: parseQuery(query), sdkAppId, receivedAt, eventTime: eventTimeOf(payload, facts) },
    );
    const id = `${storeId}-${callbackId}`;
    const unknown = !facts;
    return {
      ...{ place, callbackId, command, unknown, subject, bytes: raw.byteLength },
      content: {
        ...{ id, command, payload, unknown, raw, subject },
        ...{ happenedAt, receivedAt, clientIp, optPlatform, decision },
      },
    };
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

type Wanted = Pick<Selection, 'wants' | 'includesUnknown' | 'includesSnapshots'>;

/**
 * Whether a callback of the log is delivered to a target, so its body has been read; for a batch, whether an item may
 * be.
 */
export function isDelivered(logged: LoggedCallback, target: Wanted): logged is LoggedCallback & { body: Uint8Array } {
  if (logged.ignored || logged.body === null) return false;
  if (isSnapshot(logged)) return target.includesSnapshots === true;
  const { command, status } = logged;
  const isBatch = status === 'accepted' && BATCH_COMMANDS.includes(command);
  return isBatch || isWanted({ command, unknown: status !== 'accepted' || !factsOf(command) }, target);
}

/** A callback that a sender gave this command is unknown, not a snapshot. */
export function isReadSnapshot({ command, unknown }: Pick<ReadCallback, 'command' | 'unknown'>): boolean {
  return command === SNAPSHOT && !unknown;
}

/** Whether a target takes this callback. */
export function isWanted(
  { command, unknown }: Pick<ReadCallback, 'command' | 'unknown'>,
  { wants, includesUnknown, includesSnapshots }: Wanted,
): boolean {
  if (isReadSnapshot({ command, unknown })) return includesSnapshots === true;
  if (unknown)
    return Array.isArray(includesUnknown) ? includesUnknown.includes(familyOf(command)) : includesUnknown === true;
  return wants ? wants.includes(command) : factsOf(command)?.kind !== 'before';
}

/** The commands whose bodies are read from the log; null for all. */
export function commandsToRead({
  wants,
  includesUnknown,
  includesSnapshots = false,
}: Wanted): readonly string[] | null {
  const isAnyUnknown = Array.isArray(includesUnknown) ? includesUnknown.length > 0 : includesUnknown;
  if (isAnyUnknown || includesSnapshots || wants === null) return null;
  // Items of a batch may have other commands than the batch.
  return wants.some((command) => BATCH_COMMANDS.includes(command)) ? [...wants, ...BATCH_COMMANDS] : wants;
}

/** The family of a command, known to the contract or not: `Group` for `Group.CallbackAfterCreateGroup`. */
export function familyOf(command: string): string {
  return command.split('.', 1)[0] ?? '';
}
