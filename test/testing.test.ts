import { expect, test } from '@jest/globals';
import { ConfigError, reject } from '../src/index.ts';
import { createTestReceiver, type ExampleName, example, signedRequest, TEST_APP } from '../src/testing.ts';
import { start, teardown } from './support/start.ts';

const CREATED = 'Group.CallbackAfterCreateGroup';

test('an example is a copy, as a handler gets it', () => {
  const payload = example(CREATED);
  expect(payload).toMatchObject({ CallbackCommand: CREATED, GroupId: '@TGS#2J4SZEAEL', EventTime: 1670574414123 });
  payload.GroupId = '@TGS#OTHER';
  expect(example(CREATED).GroupId).toBe('@TGS#2J4SZEAEL');
  expect(example(`${CREATED}.with-no-owner`).Owner_Account).toBeUndefined();
});

test('an example that does not exist is refused with the names of those that do', () => {
  expect(() => example(`${CREATED}.with-nothing`)).toThrow(`${CREATED}.with-no-owner`);
  expect(() => example('Group.Callback' as ExampleName)).toThrow('expected the name of a command');
});

test("a signed request is like the vendor's: a receiver accepts it, each as a new event", async () => {
  const { receiverUrl: url, store } = await start({
    env: { SDK_APP_ID: '1400000000', CALLBACK_TOKEN: TEST_APP.token },
  });
  for (const Name of ['Tea', 'Coffee']) {
    const response = await fetch(signedRequest(CREATED, { Name, Owner_Account: undefined }, { url }));
    expect(await response.json()).toMatchObject({ ActionStatus: 'OK', ErrorCode: 0 });
  }
  const { items } = await store.listCallbacks({ limit: 10 });
  expect(items.map(({ status, command }) => [status, command])).toEqual([
    ['accepted', CREATED],
    ['accepted', CREATED],
  ]);
  expect((await fetch(signedRequest(CREATED, {}, { url, token: 'another' }))).status).toBe(401);
  expect((await fetch(signedRequest(CREATED, {}, { url, token: null }))).status).toBe(401);
  expect((await fetch(signedRequest(CREATED, {}, { url, sdkAppId: 1 }))).status).toBe(403);
});

test('the types follow the name of the example', () => {
  signedRequest('Group.CallbackBeforeSendMsg.with-unknown-element', { From_Account: 'alice' });
  // @ts-expect-error there is no such command
  expect(() => signedRequest('Group.CallbackAfterTea')).toThrow();
  // @ts-expect-error this command has no such field
  signedRequest(CREATED, { MsgBody: [] });
  // @ts-expect-error a number
  signedRequest(`${CREATED}.with-no-owner`, { EventTime: 'now' });
});

async function testReceiver(options?: Parameters<typeof createTestReceiver>[0]) {
  const receiver = await createTestReceiver(options);
  teardown(() => receiver.close());
  return receiver;
}

test('a test receiver resolves when the handlers have run, with the callback as any receiver delivers it', async () => {
  const receiver = await testReceiver();
  const seen: unknown[] = [];
  receiver.on(CREATED, async ({ payload, group, attempt, late, subject, signal }) => {
    await new Promise(setImmediate);
    seen.push([payload.Name, group?.name, group?.memberCount, attempt, late, subject?.value, signal.aborted]);
  });
  const { status, reply } = await receiver.send(CREATED, { Name: 'Tea' });
  expect({ status, reply }).toMatchObject({ status: 200, reply: { ActionStatus: 'OK', ErrorCode: 0 } });
  expect(seen).toEqual([['Tea', 'Tea', 2, 1, false, '@TGS#2J4SZEAEL', false]]);
});

test('a test receiver runs what a receiver would deliver: each once, by consumer, from its beginning', async () => {
  const receiver = await testReceiver();
  const seen: string[] = [];
  const note = (who: string) => (callback: { command: string }) => void seen.push(`${who} ${callback.command}`);
  receiver.on(CREATED, note('handlers'));
  await receiver.send(CREATED, { EventTime: 1670574414123 });
  await receiver.send(CREATED, { EventTime: 1670574414123 });
  expect(seen.splice(0)).toEqual([`handlers ${CREATED}`]);

  receiver.on('*', note('new'), { consumer: 'new' });
  receiver.on('*', note('audit'), { consumer: 'audit', from: 'beginning' });
  await receiver.send('Group.CallbackBeforeSendMsg');
  await receiver.send('Group.CallbackAfterGroupFull');
  expect(seen.splice(0).sort()).toEqual([
    'audit Group.CallbackAfterCreateGroup',
    'audit Group.CallbackAfterGroupFull',
    'new Group.CallbackAfterGroupFull',
  ]);

  await Promise.all([receiver.send(CREATED), receiver.send(CREATED)]);
  expect(seen.splice(0).filter((line) => line.startsWith('handlers'))).toHaveLength(2);
  await receiver.fetch(signedRequest(CREATED));
  expect(seen).toEqual([]);
  await receiver.deliver();
  expect(seen.sort()).toEqual([`audit ${CREATED}`, `handlers ${CREATED}`, `new ${CREATED}`]);
});

test('a test receiver reports errors of handlers, and continues with the next callback', async () => {
  const receiver = await testReceiver();
  const failure = new Error('no tea');
  const fail = ({ payload }: { payload: { Name: string } }) => {
    if (payload.Name === 'Tea') throw failure;
  };
  receiver.on(CREATED, fail);
  await expect(receiver.send(CREATED, { Name: 'Tea' })).rejects.toBe(failure);
  await receiver.send(CREATED, { Name: 'Coffee' });
  receiver.on(CREATED, fail, { consumer: 'other' });
  await expect(receiver.send(CREATED, { Name: 'Tea' })).rejects.toMatchObject({ errors: [failure, failure] });
});

test('a test receiver decides by rules, is guarded, and supports registrations like any other', async () => {
  const receiver = await testReceiver({ sdkAppId: 1400123456, tokens: ['mine'] });
  receiver.decide('Group.CallbackBeforeSendMsg', () => reject('No tea', 10101));
  const { reply } = await receiver.send('Group.CallbackBeforeSendMsg');
  expect(reply).toEqual({ ActionStatus: 'OK', ErrorCode: 10101, ErrorInfo: 'No tea' });
  expect(() => receiver.admin).toThrow('adminPassword');
  // @ts-expect-error there is no such command
  expect(() => receiver.on('Group.CallbackAfterTea', () => {})).toThrow('Group.CallbackAfterTea');
  expect(await receiver.health()).toMatchObject({ ready: true });
  await expect(createTestReceiver({ sdkAppId: 0 })).rejects.toThrow(ConfigError);
});
