import type { RequestListener } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS, type DecidedCommand } from '../generated/commands.ts';
import type { RegisterRule, Rules } from '../src/decisions/rules.ts';
import { ALLOW, answer, DROP, refuse, reject, replace } from '../src/decisions/verdicts.ts';
import { createTestReceiver, type ReplyOf } from '../src/testing.ts';
import { callbackContract, type Running, serve, start, teardown } from './support/start.ts';
import { pathOf, payloadOf, post } from './support/vendor.ts';

const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
const NO = { ...OK, ErrorCode: 1, ErrorInfo: 'no' };
const FAILED = 'No decision could be made';
const COMMAND_NAMES = Object.keys(COMMANDS).filter(
  (command) => COMMANDS[command as DecidedCommand].decision,
) as DecidedCommand[];
const FRIEND = 'Sns.CallbackPrevFriendAdd';
const SIGNAL = 'Chatbot.OnC2CSignalMessage';

/** The vendor's replies to the plain example of a command. */
interface Family {
  allowed?: object;
  rejected: object;
  /** A code of the app's own with its reply, and a code of another family with the log message about it. */
  own?: [code: number, reply: object];
  foreign: [code: number, logged: string];
  /** Accounts that are refused by name, with the reply. */
  some?: [accounts: string[], reply: object];
  isMessage?: true;
}

const group = { allowed: OK, rejected: NO, own: [10150, { ...NO, ErrorCode: 10150 }] } satisfies Partial<Family>;
const official = { allowed: OK, rejected: NO, own: [120150, { ...NO, ErrorCode: 120150 }] } satisfies Partial<Family>;
const notOfGroups = (codes: string) => [120150, `ErrorCode (120150) must be ${codes}, or 10100 to 10200`] as const;
const notOfMessages = (codes: string) => [10150, `ErrorCode (10150) must be ${codes}, or 120001 to 130000`] as const;
const friends = (one: string, other: string): Family => ({
  allowed: results([one], [other]),
  rejected: results([one, 38000, 'no'], [other, 38000, 'no']),
  own: [38123, results([one, 38123, 'no'], [other, 38123, 'no'])],
  foreign: [10150, 'ResultItem.0.ResultCode (10150) must be 0, or 38000 to 39000'],
  some: [[other], results([one], [other, 38000])],
});
const FAMILIES: Record<DecidedCommand, Family> = {
  'Group.CallbackBeforeCreateGroup': { ...group, foreign: [...notOfGroups('0, 1')] },
  'Group.CallbackBeforeApplyJoinGroup': { ...group, foreign: [...notOfGroups('0, 1')] },
  'Group.CallbackBeforeInviteJoinGroup': {
    ...group,
    foreign: [...notOfGroups('0, 1')],
    some: [['leckie'], { ...OK, RefusedMembers_Account: ['leckie'] }],
  },
  'Group.CallbackBeforeSendMsg': { ...group, foreign: [...notOfGroups('0, 1, 2')], isMessage: true },
  'Group.CallbackBeforeCreateTopic': { ...group, foreign: [...notOfGroups('0, 1')] },
  'Sns.CallbackPrevFriendAdd': friends('otto', 'pia'),
  'Sns.CallbackPrevFriendResponse': friends('mina', 'pia'),
  'C2C.CallbackBeforeSendMsg': { ...official, foreign: [...notOfMessages('0, 1, 2')], isMessage: true },
  'OfficialAccount.CallbackBeforeCreateOfficialAccount': { ...official, foreign: [...notOfMessages('0, 1')] },
  'OfficialAccount.CallbackBeforeAddSubscriber': {
    allowed: OK,
    rejected: NO,
    foreign: [120150, 'ErrorCode (120150) must be one of 0, 1'],
    some: [['mina'], { ...OK, RefusedSubscribers_Account: ['mina'] }],
  },
  'OfficialAccount.CallbackBeforeSendMsg': { ...official, foreign: [...notOfMessages('0, 1, 2')], isMessage: true },
  'Chatbot.OnC2CSignalMessage': {
    rejected: { ...NO, RspData: '' },
    foreign: [38000, 'ErrorCode (38000) must be one of 0, 1'],
  },
};
const MESSAGE = { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: '***' } }], CloudCustomData: '{}' };

function results(...entries: [account: string, code?: number, info?: string][]): object {
  const ResultItem = entries.map(([To_Account, ResultCode = 0, ResultInfo = '']) => ({
    To_Account,
    ResultCode,
    ResultInfo,
  }));
  return { ...OK, ResultItem };
}

/** The refusal with another text instead of "no". */
function failedBy(rejected: object, text = FAILED): object {
  return JSON.parse(JSON.stringify(rejected).replaceAll('"no"', JSON.stringify(text)));
}

/** The exact reply, which must match the contract of that command. */
async function ask({ send }: Running, command: string, change: object = {}) {
  const { status, json } = await send(pathOf({ CallbackCommand: command }), post(payloadOf(command, { ...change })));
  expect(status).toBe(200);
  callbackContract.matchSchema(`${command}.Reply`, json);
  return json;
}

async function recorded({ read }: Running) {
  const [{ decision }] = (await read('/api/callbacks?limit=1')).json.callbacks;
  return decision;
}

/** A receiver whose rules all return what `rule` does. */
async function withRules(env: Record<string, string> = {}) {
  const given = { rule: (): unknown => ALLOW };
  const rules = Object.fromEntries(COMMAND_NAMES.map((command) => [command, () => given.rule()])) as Rules;
  const running = await start({ rules, env });
  return { running, given };
}

const json =
  (reply: unknown): RequestListener =>
  (_request, response) =>
    void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(reply));

/** A receiver that asks an endpoint, which answers with `given.reply`. */
async function withEndpoint(env: Record<string, string> = {}) {
  const given: { reply: unknown } = { reply: OK };
  const DECISION_URL = await serve((request, response) => json(given.reply)(request, response));
  return { running: await start({ env: { DECISION_URL, ...env } }), given };
}

describe('every command', () => {
  const each = Object.entries(FAMILIES) as [DecidedCommand, Family][];

  test('is decided by a rule, in the form of its family', async () => {
    const { running, given } = await withRules();
    for (const [command, { allowed, rejected, own, some, isMessage }] of each) {
      const cases: [unknown, object, object][] = [
        [reject('no'), rejected, { action: 'reject', errorInfo: 'no' }],
        [reject('no', 1), rejected, { action: 'reject' }],
        [rejected, rejected, { action: 'reject' }],
      ];
      if (allowed) cases.push([ALLOW, allowed, { action: 'allow' }], [allowed, allowed, { action: 'allow' }]);
      else cases.push([answer('a'), { ...OK, RspData: 'a' }, { action: 'answer' }]);
      if (own) cases.push([reject('no', own[0]), own[1], { action: 'reject', errorCode: own[0], errorInfo: 'no' }]);
      if (some) {
        cases.push(
          [refuse(some[0]), some[1], { action: 'allow', errorCode: 0, refusedMembers: some[0] }],
          [some[1], some[1], { action: 'allow', refusedMembers: some[0] }],
          [refuse([...some[0], ...some[0]]), some[1], { refusedMembers: some[0] }],
        );
      }
      if (isMessage) {
        cases.push(
          [DROP, { ...OK, ErrorCode: 2 }, { action: 'drop' }],
          [replace(MESSAGE), { ...OK, ...MESSAGE }, { action: 'replace' }],
        );
      }
      for (const [said, reply, decision] of cases) {
        given.rule = () => said;
        expect([command, await ask(running, command)]).toEqual([command, reply]);
        expect([command, await recorded(running)]).toMatchObject([command, { source: 'rule', ...decision }]);
      }
    }
  });

  test('gets the fallback if a rule fails, which allows or rejects', async () => {
    const allowing = await withRules();
    const rejecting = await withRules({ DECISION_FALLBACK: 'reject' });
    for (const [command, { allowed, rejected, foreign, some, isMessage }] of each) {
      const failing: (() => unknown)[] = [
        () => Promise.reject(new Error('no such table')),
        () => undefined,
        () => reject('no', foreign[0]),
        () => (isMessage ? refuse(['otto']) : DROP),
        () => (allowed ? answer('a') : ALLOW),
        ...(some ? [] : [() => refuse(['otto'])]),
        ...(isMessage ? [] : [() => replace(MESSAGE)]),
      ];
      for (const rule of failing) {
        for (const { running, given } of [allowing, rejecting]) {
          given.rule = rule;
          const reply = allowed && running === allowing.running ? allowed : failedBy(rejected);
          expect([command, await ask(running, command)]).toEqual([command, reply]);
          expect((await recorded(running)).source).toBe('fallback');
        }
      }
      expect(allowing.running.logged.splice(0).join('')).toContain(foreign[1]);
    }
  });

  test('is decided by the endpoint, in the form of its family', async () => {
    const { running, given } = await withEndpoint();
    for (const [command, { allowed, rejected, own, some, isMessage }] of each) {
      const replies: [object, object, string][] = [[rejected, rejected, 'reject']];
      if (allowed) replies.push([{ ErrorCode: 0 }, allowed, 'allow'], [allowed, allowed, 'allow']);
      else
        replies.push(
          [{ ErrorCode: 1 }, failedBy(rejected, ''), 'reject'],
          [{ ErrorCode: 0, RspData: 'a' }, { ...OK, RspData: 'a' }, 'answer'],
        );
      if (own) replies.push([own[1], own[1], 'reject']);
      if (some) replies.push([some[1], some[1], 'allow']);
      if (isMessage) replies.push([{ ErrorCode: 2 }, { ...OK, ErrorCode: 2 }, 'drop']);
      for (const [said, reply, action] of replies) {
        given.reply = said;
        expect([command, await ask(running, command)]).toEqual([command, reply]);
        expect(await recorded(running)).toMatchObject({ source: 'endpoint', action });
      }
    }
  });

  test('gets the fallback if the endpoint is down, and is allowed if there is none', async () => {
    const DECISION_URL = 'http://127.0.0.1:2/';
    const away = await start({ env: { DECISION_URL } });
    const rejecting = await start({ env: { DECISION_URL, DECISION_FALLBACK: 'reject' } });
    const alone = await start();
    for (const [command, { allowed, rejected }] of each) {
      const failed = failedBy(rejected);
      expect([command, await ask(away, command)]).toEqual([command, allowed ?? failed]);
      expect([command, await ask(rejecting, command)]).toEqual([command, failed]);
      expect([command, await ask(alone, command)]).toEqual([command, allowed ?? failedBy(rejected, '')]);
    }
  });

  test('gets the fallback in time if a rule is slow', async () => {
    const allowing = await withRules();
    const rejecting = await withRules({ DECISION_FALLBACK: 'reject' });
    for (const { given } of [allowing, rejecting]) given.rule = () => new Promise(() => {});
    await Promise.all(
      each.map(async ([command, { allowed, rejected }]) => {
        expect([command, await ask(allowing.running, command)]).toEqual([command, allowed ?? failedBy(rejected)]);
        expect([command, await ask(rejecting.running, command)]).toEqual([command, failedBy(rejected)]);
      }),
    );
  });
});

describe('friends', () => {
  const items = (...accounts: string[]) => ({ FriendItem: accounts.map((To_Account) => ({ To_Account })) });

  test("each has one result, whatever the number and form of the endpoint's results", async () => {
    const { running, given } = await withRules();
    const twice = items('20', 'otto', '3', '20');
    given.rule = () => ALLOW;
    expect(await ask(running, FRIEND, twice)).toEqual(results(['20'], ['otto'], ['3']));
    given.rule = () => reject('closed', 39000);
    const all = results(['20', 39000, 'closed'], ['otto', 39000, 'closed'], ['3', 39000, 'closed']);
    expect(await ask(running, FRIEND, twice)).toEqual(all);
    given.rule = () => refuse(['3', 'nobody']);
    expect(await ask(running, FRIEND, twice)).toEqual(results(['20'], ['otto'], ['3', 38000]));
    expect((await recorded(running)).refusedMembers).toEqual(['3']);
    given.rule = () => reject('closed');
    expect(await ask(running, FRIEND, items())).toEqual(results());
    expect((await recorded(running)).action).toBe('allow');
  });

  test('refusing all by name is a rejection', async () => {
    const { running, given } = await withRules();
    given.rule = () => refuse(['otto', 'pia']);
    expect(await ask(running, FRIEND)).toEqual(results(['otto', 38000], ['pia', 38000]));
    const refusedMembers = ['otto', 'pia'];
    expect(await recorded(running)).toMatchObject({ action: 'reject', errorCode: 38000, refusedMembers });
  });

  test("a rule may refuse some in the vendor's form: the others are allowed", async () => {
    const { running, given } = await withRules();
    given.rule = () => results(['pia', 38123, 'closed']);
    expect(await ask(running, FRIEND)).toEqual(results(['otto'], ['pia', 38123, 'closed']));
  });

  const closed = { To_Account: 'pia', ResultCode: 38000, ResultInfo: 'closed' };
  test.each<[string, object, object]>([
    ['names only the refused', { ErrorCode: 0, ResultItem: [closed] }, results(['otto'], ['pia', 38000, 'closed'])],
    ['has null for the results', { ErrorCode: 0, ResultItem: null }, results(['otto'], ['pia'])],
    [
      'has quoted digits and no text',
      { ErrorCode: '0', ResultItem: [{ To_Account: 'pia', ResultCode: '38001', ResultInfo: null, Remark: 'x' }] },
      results(['otto'], ['pia', 38001]),
    ],
    [
      'names one twice',
      { ErrorCode: 0, ResultItem: [closed, { ...closed, ResultCode: 0 }] },
      results(['otto'], ['pia', 38000, 'closed']),
    ],
  ])('an endpoint that %s is understood', async (_what, reply, want) => {
    const { running, given } = await withEndpoint({ DECISION_FALLBACK: 'reject' });
    given.reply = reply;
    expect(await ask(running, FRIEND)).toEqual(want);
    expect((await recorded(running)).source).toBe('endpoint');
  });

  test('an endpoint may use unquoted accounts of digits', async () => {
    const { running, given } = await withEndpoint();
    given.reply = { ErrorCode: 0, ResultItem: [{ To_Account: 10086, ResultCode: 38000, ResultInfo: '' }] };
    expect(await ask(running, FRIEND, items('10086'))).toEqual(results(['10086', 38000]));
    const ADD = 'OfficialAccount.CallbackBeforeAddSubscriber';
    given.reply = { ErrorCode: 0, RefusedSubscribers_Account: [10086] };
    expect(await ask(running, ADD)).toEqual({ ...OK, RefusedSubscribers_Account: ['10086'] });
  });

  test.each<[string, unknown, string]>([
    ['has a code and no results', { ErrorCode: 38000 }, 'ErrorCode (38000) must be 0'],
    ['has a code in addition to its results', { ErrorCode: 1, ResultItem: [closed] }, 'ErrorCode (1) must be 0'],
    [
      'names no account in a result',
      { ErrorCode: 0, ResultItem: [{ Account: 'pia', ResultCode: 38000 }] },
      'ResultItem.0.To_Account',
    ],
    [
      'has a result of its own',
      { ErrorCode: 0, ResultItem: [{ ...closed, ResultCode: 7 }] },
      '(7) must be 0, or 38000',
    ],
    ['has no list', { ErrorCode: 0, ResultItem: { pia: 38000 } }, 'ResultItem (an object) must be a list'],
  ])('an endpoint that %s could not handle it: the fallback answers', async (_what, reply, logged) => {
    const { running, given } = await withEndpoint({ DECISION_FALLBACK: 'reject' });
    given.reply = reply;
    expect(await ask(running, FRIEND)).toEqual(results(['otto', 38000, FAILED], ['pia', 38000, FAILED]));
    expect((await recorded(running)).source).toBe('fallback');
    expect(running.logged.join('')).toContain(logged);
  });
});

describe('a chatbot', () => {
  test.each<[string, unknown, string]>([
    ['a text', '{"step": "pay"}', '{"step": "pay"}'],
    ['an object', { step: 'pay' }, '{"step":"pay"}'],
    ['a list', [1, 'two', null], '[1,"two",null]'],
    ['nothing', '', ''],
    ['null', null, 'null'],
  ])('is answered with %s', async (_what, data, RspData) => {
    const { running, given } = await withRules();
    given.rule = () => answer(data);
    expect(await ask(running, SIGNAL)).toEqual({ ...OK, RspData });
    expect(await recorded(running)).toMatchObject({ action: 'answer', errorCode: 0 });
  });

  test('an endpoint may answer with JSON instead of a text, and without an answer decides nothing', async () => {
    const { running, given } = await withEndpoint();
    given.reply = { ErrorCode: 0, RspData: { step: 'pay' } };
    expect(await ask(running, SIGNAL)).toEqual({ ...OK, RspData: '{"step":"pay"}' });
    given.reply = { ErrorCode: 0 };
    expect(await ask(running, SIGNAL)).toEqual({ ...OK, ErrorCode: 1, ErrorInfo: FAILED, RspData: '' });
    expect(running.logged.join('')).toContain('RspData is required');
  });

  test('with KEEP_MESSAGES=false, neither its data nor the answer is stored or logged', async () => {
    const SECRET = 'S3CRET';
    const { running, given } = await withRules({ KEEP_MESSAGES: 'false' });
    const circular: Record<string, unknown> = { [SECRET]: SECRET };
    circular.self = circular;
    const answers = [
      () => answer(SECRET),
      () => ({ ...OK, RspData: [SECRET] }),
      () => ({ ...OK, RspData: { SECRET } }),
      () => answer({ circular }),
    ];
    for (const rule of answers) {
      given.rule = rule;
      await ask(running, SIGNAL, { Data: SECRET });
    }
    const friend = { FriendItem: [{ To_Account: 'otto', AddWording: SECRET, Remark: SECRET }] };
    await ask(running, FRIEND, friend);
    const { callbacks } = (await running.read('/api/callbacks')).json as { callbacks: { id: string }[] };
    const bodies = await Promise.all(
      callbacks.map(async ({ id }) => (await running.read(`/api/callbacks/${id}`)).text),
    );
    expect(bodies).toHaveLength(answers.length + 1);
    expect([...bodies, ...running.logged].join('')).not.toContain(SECRET);
  });
});

test("a request for data goes to '*' with its decision, a before-callback only to handlers that name it", async () => {
  const receiver = await createTestReceiver();
  teardown(() => receiver.close());
  const got: unknown[] = [];
  receiver.on('*', ({ command, decision }) => void got.push(['*', command, decision?.action]));
  receiver.on(FRIEND, ({ command, decision }) => void got.push(['named', command, decision?.action]));
  receiver.decide(SIGNAL, ({ payload }) => answer(payload.Data));
  receiver.decide(FRIEND, () => reject());
  expect((await receiver.send(SIGNAL, { Data: '{}' })).reply).toEqual({ ...OK, RspData: '{}' });
  const { reply } = await receiver.send(FRIEND);
  expect(reply.ResultItem.map(({ ResultCode }) => ResultCode)).toEqual([38000, 38000]);
  expect(got).toEqual([
    ['*', SIGNAL, 'answer'],
    ['named', FRIEND, 'reject'],
  ]);
});

test('a verdict that the command does not have does not compile', () => {
  expect(() => typesOf(() => {})).not.toThrow();
});

/** Checked by the compiler. */
function typesOf(decide: RegisterRule): void {
  decide(FRIEND, ({ payload }) => (payload.FriendItem.length > 10 ? reject('too many', 38001) : ALLOW));
  decide(FRIEND, ({ payload }, { askApp }) => (payload.From_Account === 'mina' ? refuse(['pia']) : askApp()));
  decide(FRIEND, async () => ({ ...OK_TYPED, ResultItem: [{ To_Account: 'otto', ResultCode: 0, ResultInfo: '' }] }));
  // @ts-expect-error a friend request is no message
  decide(FRIEND, () => DROP);
  // @ts-expect-error nor can it be replaced
  decide(FRIEND, () => replace({ CloudCustomData: '' }));
  // @ts-expect-error it asks for no data
  decide(FRIEND, () => answer('yes'));
  // @ts-expect-error it needs a result for each friend
  decide(FRIEND, () => OK_TYPED);
  decide(SIGNAL, ({ payload }) => (payload.Data ? answer({ got: payload.Data }) : reject()));
  // @ts-expect-error it must be answered
  decide(SIGNAL, () => ALLOW);
  // @ts-expect-error there is nobody to refuse
  decide('C2C.CallbackBeforeSendMsg', () => refuse(['otto']));
  decide('OfficialAccount.CallbackBeforeAddSubscriber', () => refuse(['otto']));
  // @ts-expect-error an official account is created or not
  decide('OfficialAccount.CallbackBeforeCreateOfficialAccount', () => DROP);
  // @ts-expect-error the fact is told after it
  decide('Sns.CallbackFriendAdd', () => ALLOW);
}
const OK_TYPED: ReplyOf<'Group.CallbackAfterCreateGroup'> & { ActionStatus: 'OK'; ErrorCode: 0 } = {
  ActionStatus: 'OK',
  ErrorCode: 0,
  ErrorInfo: '',
};
