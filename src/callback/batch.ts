import { COMMANDS, type CommandFacts, factsOf } from '../../generated/commands.ts';
import { textFieldOf, valueAt } from './callback.ts';
import { itemTextsOf } from './json.ts';

// Some requests carry a list of callbacks, such as `Push.*`: one request is one stored callback, and each item is
// delivered by itself.

/** An item of a batch. */
export interface BatchItem {
  command: string;
  /** What the contract says of it, its pointers from the item on; undefined where it does not describe the item. */
  facts: CommandFacts | undefined;
  payload: unknown;
  /** As it was received. */
  raw: Buffer;
}

/** The commands whose requests are batches. */
export const BATCH_COMMANDS: readonly string[] = Object.entries<CommandFacts>(COMMANDS).flatMap(([command, { batch }]) =>
  batch === null ? [] : [command],
);

const ITEM_FACTS = new Map(BATCH_COMMANDS.map((command) => [command, factsOfItem(factsOf(command) as CommandFacts)]));

/**
 * The items of a batch, in order; null where the payload has no list of them.
 * @param payload as `normalize.ts` reads it
 */
export function itemsOf(
  payload: unknown,
  { command, batch, body }: { command: string; batch: string; body: Uint8Array },
): BatchItem[] | null {
  const items = valueAt(payload, batch);
  if (!Array.isArray(items)) return null;
  const texts = itemTextsOf(body, batch.slice(1));
  return items.map((item, index) => {
    const own = textFieldOf(item, 'CallbackCommand') ?? command;
    return { command: own, facts: ITEM_FACTS.get(own), payload: item, raw: texts[index] ?? Buffer.alloc(0) };
  });
}

function factsOfItem(facts: CommandFacts): CommandFacts {
  const start = `${facts.batch}/*`;
  const within = (pointer: string) => (pointer.startsWith(start) ? pointer.slice(start.length) : pointer);
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
