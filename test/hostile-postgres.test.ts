import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { untilDrained } from '../scripts/testbed/process.ts';
import { usePostgres } from './support/postgres.ts';
import { start } from './support/start.ts';
import { CREATED, type Payload, pathOf, payload, post } from './support/vendor.ts';

const postgres = usePostgres();

/** Random bytes in hex, which PostgreSQL can hardly compress. */
const random = (length: number) => randomBytes(length).toString('hex').slice(0, length);
const named = (command: string) => payload({ CallbackCommand: command });

const EVERYWHERE = '\0 \ud800 \udfff "\\ \u202e \ufeff \r\n %00 \u{1f600}';

const hostile: [string, Payload][] = [
  [
    'NUL and lone surrogates in every text',
    payload({
      Name: EVERYWHERE,
      Type: EVERYWHERE,
      Owner_Account: EVERYWHERE,
      Operator_Account: EVERYWHERE,
      Introduction: EVERYWHERE,
      Notification: EVERYWHERE,
      MemberList: [{ Member_Account: EVERYWHERE }],
      UserDefinedDataList: [{ Key: EVERYWHERE, Value: EVERYWHERE }],
      [EVERYWHERE]: { [EVERYWHERE]: EVERYWHERE },
    }),
  ],
  ['texts of 60,000 characters', payload({ Name: random(60_000), Introduction: random(60_000) })],
  // Random: PostgreSQL compresses values before it stores them in an index row of 2,704 bytes at most.
  [
    'a group id of 256 characters, an owner and a type of 6,000',
    payload({ GroupId: random(256), Owner_Account: random(6_000), Type: random(6_000) }),
  ],
  ['an unknown command with NUL', named('Group.\0')],
  ['an unknown command with the name of a property that every object has', named('__proto__')],
  ['an unknown command of 7,000 characters', named(random(7_000))],
];
test.each(hostile)(
  '%s: stored by PostgreSQL, and returned unchanged',
  async (_, body) => {
    await expectBackEqual(body, 15_000);
  },
  60_000,
);

/** Sends it to a receiver on an empty database, then a valid callback, and reads both. */
async function expectBackEqual(body: Payload, waitMs: number): Promise<void> {
  const running = await start({ env: { DATABASE_URL: await postgres.createDatabase() } });
  await untilDrained(running.receiverUrl, 15_000);
  const path = pathOf({ CallbackCommand: body.CallbackCommand });

  expect((await running.send(path, post(body))).status).toBe(200);
  expect((await running.send(pathOf(), post(payload()))).status).toBe(200);
  await untilDrained(running.receiverUrl, waitMs);

  const accepted = body.CallbackCommand === CREATED;
  const { items } = await running.store.listCallbacks({ limit: 10 });
  expect(items.map(({ status }) => status).sort()).toEqual(['accepted', accepted ? 'accepted' : 'unknown']);
  const details = await Promise.all(items.map(({ id }) => running.store.findCallback(id)));
  expect(details.map((detail) => detail?.body)).toContain(JSON.stringify(body));
  expect(details.map((detail) => detail?.query.CallbackCommand)).toContain(body.CallbackCommand);
  if (!accepted) return;
  const members = body.MemberList as { Member_Account: string }[] | undefined;
  expect(await running.store.findGroup(body.GroupId as string)).toMatchObject({
    groupId: body.GroupId,
    name: body.Name,
    type: body.Type,
    ownerAccount: body.Owner_Account,
    members: members?.map(({ Member_Account }) => Member_Account) ?? [],
  });
}
