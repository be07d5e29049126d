import { expect, test } from '@jest/globals';
import { type ExampleName, example, signedRequest, TEST_APP } from '../src/testing.ts';
import { start } from './support/start.ts';

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

test('a signed request is one that the vendor sends: a receiver takes it, each as a new event', async () => {
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
