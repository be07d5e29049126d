import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { COMMANDS, type CommandFacts } from '../generated/commands.ts';
import { start, temporaryFolder } from './support/start.ts';
import { commandOf, examples, type Payload, pathOf, post } from './support/vendor.ts';

const SECRET = 'meet-me-at-nine';
const CARRYING = Object.entries(COMMANDS as Record<string, CommandFacts>).filter(
  ([, { carriesMessage }]) => carriesMessage.length > 0,
);

/** The value with the content at a JSON pointer replaced, in every item for `*`; undefined if nothing is there. */
function replaced(value: unknown, [step, ...rest]: string[], change: (content: unknown) => unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (step === undefined) return change(value);
  if (step === '*') {
    const items = (value as unknown[]).map((item) => replaced(item, rest, change) ?? item);
    return items.some((item, index) => item !== (value as unknown[])[index]) ? items : undefined;
  }
  const field = replaced((value as Record<string, unknown>)[step], rest, change);
  return field === undefined ? undefined : { ...value, [step]: field };
}

/** Replaces every text by the secret. */
function secretly(content: unknown): unknown {
  return JSON.parse(JSON.stringify(content), (_name, value) => (typeof value === 'string' ? SECRET : value));
}

test('content appears nowhere: for no command, in no form, neither on disk nor in the log nor in an answer', async () => {
  const folder = temporaryFolder();
  const { send, logged } = await start({ env: { KEEP_MESSAGES: 'false' }, folder });
  const missed: string[] = [];
  for (const [command, { carriesMessage }] of CARRYING) {
    const path = pathOf({ CallbackCommand: command });
    const own = Object.entries(examples).filter(([name]) => commandOf(name) === command);
    for (const pointer of carriesMessage) {
      const steps = pointer.slice(1).split('/');
      const bodies = own.flatMap(([, example]) => {
        const changes = [secretly, () => [[SECRET]], () => ({ Text: { Of: SECRET } })];
        return changes.flatMap((change) => (replaced(example, steps, change) as Payload | undefined) ?? []);
      });
      if (!bodies.some((body) => JSON.stringify(body).includes(SECRET))) missed.push(`${command} ${pointer}`);
      for (const body of bodies) {
        const { status, text } = await send(path, post(body));
        expect([200, 400]).toContain(status);
        expect(text).not.toContain(SECRET);
      }
    }
  }
  // Each pointer was tested with an example that has the field.
  expect(missed).toEqual([]);
  const stored = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  expect(stored.join('').length).toBeGreaterThan(10_000);
  expect(stored.join('')).not.toContain(SECRET);
  expect(logged.join('')).not.toContain(SECRET);
});
