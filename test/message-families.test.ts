import { expect, test } from '@jest/globals';
import { COMMANDS, type Command } from '../generated/commands.ts';
import { subjectOf } from '../src/callback/subject.ts';
import { start } from './support/start.ts';
import { commandOf, examples, type Payload, pathOf, post } from './support/vendor.ts';

const SENT = 'C2C.CallbackAfterSendMsg';

test.each([
  [`${SENT}.with-unread-number-and-no-event-time`, { MsgKey: '1_2_3' }],
  ['C2C.CallbackAfterMsgReport.with-no-event-time', { LastReadTime: 1_767_254_999 }],
  ['C2C.CallbackAfterMsgWithDraw.with-no-event-time', { MsgKey: '1_2_3' }],
  ['Bot.OnC2CMessage.with-unread-number-and-no-event-time', { MsgKey: '1_2_3' }],
  ['ContentCallback.ResultNotify', { CtxcbRequestId: 'another' }],
])('%s: an equal body is a duplicate, another body is not', async (name, change) => {
  const { send, read } = await start();
  const example = examples[name] as Payload;
  const path = pathOf({ CallbackCommand: commandOf(name) });
  // The key of the message alone does not identify the callback.
  const sameKey = { ...example, UnreadMsgNum: 40 };
  for (const body of [example, example, sameKey, { ...example, ...change }]) {
    expect((await send(path, post(body))).status).toBe(200);
  }
  const { callbacks } = (await read('/api/callbacks')).json as { callbacks: { repeats: number }[] };
  expect(callbacks.map(({ repeats }) => repeats)).toEqual([0, 0, 1]);
});

test('without event time and message key, equal bodies are two callbacks', async () => {
  const { send, read } = await start();
  const body = examples[`${SENT}.with-accounts-alone`];
  for (let time = 0; time < 2; time += 1) await send(pathOf({ CallbackCommand: SENT }), post(body));
  expect((await read('/api/callbacks')).json.callbacks).toHaveLength(2);
});

const conversation = { kind: 'pair', value: '["mina","otto"]' };
test.each<[Command, Payload | undefined, object]>([
  [SENT, examples[SENT], conversation],
  [SENT, { ...(examples[SENT] as Payload), From_Account: 'otto', To_Account: 'mina' }, conversation],
  ['C2C.CallbackAfterMsgReport', examples['C2C.CallbackAfterMsgReport'], conversation],
  ['C2C.CallbackAfterMsgWithDraw', examples['C2C.CallbackAfterMsgWithDraw'], conversation],
  ['C2C.CallbackAfterC2CMsgExtension', examples['C2C.CallbackAfterC2CMsgExtension'], conversation],
  ['Bot.OnC2CMessage', examples['Bot.OnC2CMessage'], { kind: 'pair', value: '["@RBT#001","mina"]' }],
  ['Bot.OnGroupMessage', examples['Bot.OnGroupMessage'], { kind: 'group', value: '@TGS#2SUPPERCLUB' }],
  [
    'OfficialAccount.CallbackAfterMsgWithDraw',
    examples['OfficialAccount.CallbackAfterMsgWithDraw.with-id-of-the-other-form'],
    { kind: 'official', value: '#TOA#_bakery' },
  ],
])('%s is delivered in the order of its conversation, group or official account', (command, payload, want) => {
  expect(subjectOf(COMMANDS[command].subject, payload)).toEqual(want);
});
