import type { CommandFacts } from '../../generated/commands.ts';
import { textFieldOf, valueAt } from './callback.ts';
import { itemTextsOf } from './json.ts';

// Some requests carry a list of callbacks, such as `Push.*`: one request is one stored callback, and each item is
// delivered by itself.

/** An item of a batch. */
export interface BatchItem {
  command: string;
  payload: unknown;
  /** As it was received. */
  raw: Buffer;
}

/**
 * The items of a batch, in order; null where the payload has no list of them.
 * @param payload as `normalize.ts` reads it
 * @param batch where the list is
 */
export function itemsOf(
  payload: unknown,
  { command, batch, body }: { command: string; batch: string; body: Uint8Array },
): BatchItem[] | null {
  const items = valueAt(payload, batch);
  if (!Array.isArray(items)) return null;
  const texts = itemTextsOf(body, batch.slice(1));
  return items.map((item, index) => ({
    command: textFieldOf(item, 'CallbackCommand') ?? command,
    payload: item,
    raw: texts[index] ?? Buffer.from(JSON.stringify(item)),
  }));
}

/** What the contract says of an item: its pointers begin there. */
export function factsOfItem(facts: CommandFacts): CommandFacts {
  const start = `${facts.batch}/*`;
  const within = (pointer: string) => pointer.slice(start.length);
  const { subject, accounts, eventTime, idempotency, carriesMessage } = facts;
  return {
    ...facts,
    subject: { ...subject, from: subject.from.map(within) },
    accounts: accounts.map(within),
    eventTime: eventTime && { ...eventTime, from: within(eventTime.from) },
    idempotency: idempotency && within(idempotency),
    carriesMessage: carriesMessage.map(within),
  };
}
