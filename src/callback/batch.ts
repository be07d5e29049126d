import type { CommandFacts } from '../../generated/commands.ts';
import { textFieldOf, valueAt } from './callback.ts';
import { itemTextsOf } from './json.ts';

// Some requests, such as `Push.*`, carry a list of callbacks. A request is stored as one callback; its items are
// delivered separately.

/** An item of a batch. */
export interface BatchItem {
  command: string;
  payload: unknown;
  /** The bytes as received. */
  raw: Buffer;
}

/**
 * The items of a batch, in order; null if the payload has no such list.
 * @param payload as `normalize.ts` reads it
 * @param batch location of the list
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

/** The contract's facts about an item: their pointers start at the item. */
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
