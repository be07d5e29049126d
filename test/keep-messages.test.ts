import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { query } from '../scripts/testbed/postgres.ts';
import { untilDrained } from '../scripts/testbed/process.ts';
import { ALLOW, DROP } from '../src/decisions/verdicts.ts';
import { usePostgres } from './support/postgres.ts';
import { type Running, serve, start, temporaryFolder } from './support/start.ts';
import { pathOf, payload, payloadOf, post } from './support/vendor.ts';

const SEND = 'Group.CallbackBeforeSendMsg';
const MESSAGES = [
  SEND,
  'Group.CallbackAfterSendMsg',
  'Group.CallbackSendMsgException',
  'C2C.CallbackAfterSendMsg',
  'Bot.OnC2CMessage',
  'Bot.OnGroupMessage',
  'OfficialAccount.CallbackAfterSendMsg',
];
const EXTENDED = 'C2C.CallbackAfterC2CMsgExtension';
/** A command of neighbouring products, outside the contract. */
const NEIGHBOUR = 'Live.CallbackAfterSendMsg';
/** Message content that must not be stored anywhere. */
const SECRET = 'meet-me-at-nine';
const CONTENT = {
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: SECRET } }],
  CloudCustomData: `{"note":"${SECRET}"}`,
};
const AWAY = 'postgres://postgres:postgres@127.0.0.1:1/none';

const postgres = usePostgres();

async function newest({ read }: Running) {
  const [{ id }] = (await read('/api/callbacks?limit=1')).json.callbacks;
  return (await read(`/api/callbacks/${id}`)).json;
}

/** The bytes of all files in a folder. */
function bytesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
}

describe.each(['SQLite', 'PostgreSQL'])('without messages, on %s', (database) => {
  async function startWithout(env: Record<string, string> = {}, folder = temporaryFolder()) {
    const url: Record<string, string> = database === 'SQLite' ? {} : { DATABASE_URL: await postgres.createDatabase() };
    const running = await start({ env: { KEEP_MESSAGES: 'false', ...url, ...env }, folder });
    await untilDrained(running.receiverUrl);
    return { running, folder, url: url.DATABASE_URL };
  }

  test('envelopes are kept, content appears nowhere: not on disk, not in the log', async () => {
    const { running, folder, url } = await startWithout();
    const { send } = running;
    for (const command of MESSAGES) {
      const path = pathOf({ CallbackCommand: command });
      const sent = payloadOf(command, CONTENT);
      const { MsgBody, CloudCustomData, ...envelope } = sent;
      expect((await send(path, post(sent))).status).toBe(200);
      expect(JSON.parse((await newest(running)).body)).toEqual(envelope);

      // Violations of the contract: outside the content, of the content itself, and inside it.
      for (const wrong of [
        { OnlineOnlyFlag: 'x' },
        { MsgBody: SECRET },
        { MsgBody: [SECRET] },
        { CloudCustomData: [SECRET] },
      ]) {
        expect((await send(path, post({ ...sent, ...wrong }))).status).toBe(400);
        const { status, reason, body } = await newest(running);
        expect([status, reason]).toEqual(['rejected', expect.stringContaining('body.')]);
        expect(body).not.toMatch(/MsgBody|CloudCustomData/);
      }
      // Bodies whose content cannot be located.
      for (const unreadable of [JSON.stringify(sent).slice(0, -1), JSON.stringify(SECRET), JSON.stringify([sent])]) {
        expect((await send(path, post(unreadable))).status).toBe(400);
        expect(await newest(running)).toMatchObject({ status: 'rejected', command, body: '' });
      }
    }
    // The extension of a message.
    const sent = payloadOf(EXTENDED, { ExtensionList: [{ Key: 'where', Value: SECRET, Seq: 1 }] });
    const { ExtensionList, ...envelope } = sent;
    expect((await send(pathOf({ CallbackCommand: EXTENDED }), post(sent))).status).toBe(200);
    expect(JSON.parse((await newest(running)).body)).toEqual(envelope);
    // A command outside the contract.
    const other = { CallbackCommand: NEIGHBOUR, To_Account: 'ann', ...CONTENT };
    await send(pathOf({ CallbackCommand: NEIGHBOUR }), post(other));
    expect(await newest(running)).toMatchObject({
      status: 'unknown',
      body: `{"CallbackCommand":"${NEIGHBOUR}","To_Account":"ann"}`,
    });
    // Another envelope, with a message in each event.
    const events = [{ CallbackCommand: NEIGHBOUR, EventTime: 1, ...CONTENT }];
    await send(pathOf({ CallbackCommand: 'Push.OfflinePush' }), post({ Events: events }));
    expect(await newest(running)).toMatchObject({
      status: 'accepted',
      body: `{"Events":[{"CallbackCommand":"${NEIGHBOUR}","EventTime":1}]}`,
    });
    await send(pathOf({ CallbackCommand: undefined }), post(`{"x":"${SECRET}`));
    expect((await newest(running)).body).toBe('');

    expect(running.logged.join('')).not.toContain(SECRET);
    expect(bytesIn(folder)).not.toContain(SECRET);
    if (url) expect(await dumpOf(url)).not.toContain(SECRET);
  });

  test.each([
    ['Profile.CallbackPortraitSet', 'ProfileItem', { Tag: 'Tag_Profile_Custom_Note' }, 'the values'],
    ['Group.CallbackAfterGroupMsgExtension', 'ExtensionList', { Key: 'note', Seq: 1 }, 'all'],
  ])('of %s, in %s, content is removed in every form', async (command, list, rest, what) => {
    const { running, folder, url } = await startWithout();
    const path = pathOf({ CallbackCommand: command });
    const { [list]: _, ...envelope } = payloadOf(command);
    const sent = { ...envelope, [list]: [{ ...rest, Value: SECRET }, rest] };
    expect((await running.send(path, post(sent))).status).toBe(200);
    const { body, status } = await newest(running);
    expect(JSON.parse(body)).toEqual(what === 'all' ? envelope : { ...envelope, [list]: [rest, rest] });
    expect(status).toBe('accepted');

    for (const wrong of [SECRET, [SECRET], [{ ...rest, Value: [SECRET] }], { Value: SECRET }, [[{ Value: SECRET }]]]) {
      expect((await running.send(path, post({ ...sent, [list]: wrong }))).status).toBe(400);
      expect(await newest(running)).toMatchObject({ status: 'rejected', reason: expect.stringContaining(list) });
    }
    // The URL names another command than the body, or none.
    for (const CallbackCommand of [undefined, 'Group.CallbackAfterGroupFull', 'Group.CallbackAfterSomethingNew']) {
      await running.send(pathOf({ CallbackCommand }), post(sent));
    }
    // Elsewhere, the same names have another meaning.
    const custom = payload({ UserDefinedDataList: [{ Key: 'note', Value: 'kept' }] });
    await running.send(pathOf(), post(custom));
    expect(JSON.parse((await newest(running)).body)).toEqual(custom);

    expect(running.logged.join('')).not.toContain(SECRET);
    expect(bytesIn(folder)).not.toContain(SECRET);
    if (url) expect(await dumpOf(url)).not.toContain(SECRET);
  });

  test('a duplicate is recognized by the bytes that were sent, even after a retry', async () => {
    const { running } = await startWithout();
    const path = pathOf({ CallbackCommand: SEND });
    const one = payloadOf(SEND, CONTENT);
    const another = { ...one, CloudCustomData: 'another' };
    for (const body of [one, another, one]) await running.send(path, post(body));
    const repeats = async () =>
      (await running.read('/api/callbacks')).json.callbacks.map(({ repeats }: { repeats: number }) => repeats);
    expect(await repeats()).toEqual([0, 1]);
    // Rejected because of the URL; a retry rejects it again.
    const odd = pathOf({ CallbackCommand: SEND, ClientIP: ['a', 'b'] });
    await running.send(odd, post(one));
    const { id } = await newest(running);
    await running.read(`/api/callbacks/${id}/retry`, { method: 'POST' });
    await running.send(odd, post(one));
    expect(await repeats()).toEqual([1, 0, 1]);
  });

  test('a callback rejected for its content stays rejected on a retry, which no longer sees the content', async () => {
    const { running } = await startWithout();
    const sent = { ...payloadOf(SEND, CONTENT), MsgBody: SECRET };
    expect((await running.send(pathOf({ CallbackCommand: SEND }), post(sent))).status).toBe(400);
    const { id, reason } = await newest(running);
    // The second retry reads what the first one stored.
    for (let retry = 0; retry < 2; retry += 1) {
      const { json } = await running.read(`/api/callbacks/${id}/retry`, { method: 'POST' });
      expect(json).toMatchObject({ id, status: 'rejected', reason });
    }
  });

  test('other callbacks are kept byte for byte, and so are messages by default', async () => {
    const { running } = await startWithout();
    const other = JSON.stringify(payload({ Introduction: SECRET }), null, 1);
    await running.send(pathOf(), post(other));
    expect((await newest(running)).body).toBe(other);
    await running.send(pathOf(), post(other.slice(1)));
    expect((await newest(running)).body).toBe(other.slice(1));
    const keeping = (await startWithout({ KEEP_MESSAGES: 'true' })).running;
    const message = JSON.stringify(payloadOf(SEND, CONTENT), null, 1);
    await keeping.send(pathOf({ CallbackCommand: SEND }), post(message));
    expect((await newest(keeping)).body).toBe(message);
  });
});

test('the verdict of a rule or endpoint on a message is in no log, however wrong it is', async () => {
  const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
  const answers: unknown[] = [SECRET, { ...OK, MsgBody: SECRET }, { ...OK, CloudCustomData: [SECRET] }];
  const texts = [...answers.map((answer) => JSON.stringify(answer)), SECRET, `{"MsgBody":[${SECRET}`];
  const DECISION_URL = await serve((_request, response) => void response.end(texts.shift()));
  const running = await start({ env: { KEEP_MESSAGES: 'false', DECISION_URL } });
  const failing = await start({ env: { KEEP_MESSAGES: 'false' }, rules: { [SEND]: () => answers.shift() as never } });
  const path = pathOf({ CallbackCommand: SEND });
  while (texts.length > 0) await running.send(path, post(payloadOf(SEND, CONTENT)));
  while (answers.length > 0) await failing.send(path, post(payloadOf(SEND, CONTENT)));
  const logged = [...running.logged, ...failing.logged].filter((line) => line.includes('no decision was made'));
  expect(logged).toHaveLength(8);
  expect(logged.join('')).not.toContain(SECRET);
});

test('spooled callbacks have no content either, keep their decision, and are not decided again', async () => {
  const folder = temporaryFolder();
  const path = pathOf({ CallbackCommand: SEND });
  const env = { KEEP_MESSAGES: 'false' };
  const [one, another] = [payloadOf(SEND, CONTENT), payloadOf(SEND, { ...CONTENT, EventTime: undefined })];
  const away = await start({ env: { ...env, DATABASE_URL: AWAY }, folder, rules: { [SEND]: () => DROP } });
  for (const body of [one, another, one]) {
    const started = performance.now();
    expect((await away.send(path, post(body))).json.ErrorCode).toBe(2);
    expect(performance.now() - started).toBeLessThan(2000);
  }
  expect((await away.send(path, post({ ...one, MsgBody: SECRET }))).status).toBe(400);
  expect(bytesIn(folder)).not.toContain(SECRET);

  let asked = 0;
  const allow = () => {
    asked += 1;
    return ALLOW;
  };
  const DATABASE_URL = await postgres.createDatabase();
  const back = await start({ env: { ...env, DATABASE_URL }, folder, rules: { [SEND]: allow } });
  await untilDrained(back.receiverUrl);
  expect(asked).toBe(0);
  await back.send(path, post(one));
  expect((await back.read('/api/callbacks')).json.callbacks).toEqual(
    [
      { status: 'rejected', repeats: 0, decision: null },
      { status: 'accepted', repeats: 0, decision: expect.objectContaining({ action: 'drop', source: 'rule' }) },
      { status: 'accepted', repeats: 2, decision: expect.objectContaining({ action: 'drop', source: 'rule' }) },
    ].map((one) => expect.objectContaining(one)),
  );
});

async function dumpOf(url: string): Promise<string> {
  const rows = await query<{ body: Buffer }>(url, 'SELECT * FROM callbacks');
  return rows.map((row) => JSON.stringify({ ...row, body: row.body.toString() })).join('\n');
}

test('numbers of an envelope stay whole, and numbers that are content are removed', async () => {
  const running = await start({ env: { KEEP_MESSAGES: 'false' } });
  for (const [command, content] of [
    ['C2C.CallbackAfterSendMsg', '"MsgBody":[9007199254740993]'],
    ['Profile.CallbackPortraitSet', '"ProfileItem":[{"Tag":"t","Value":9007199254740993}]'],
    ['Sns.CallbackPrevFriendAdd', '"FriendItem":[9007199254740993]'],
  ]) {
    const envelope = `"CallbackCommand":"${command}","From_Account":"a","To_Account":"b","Own":[18446744073709551615]`;
    await running.send(pathOf({ CallbackCommand: command }), post(`\uFEFF{${envelope},${content}}`));
    const { body } = await newest(running);
    expect(body).toContain(envelope);
    expect(body).not.toContain('9007199254740993');
  }
});
