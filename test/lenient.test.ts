import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { eventTimeOf, identifiesEvent } from '../src/callback/callback.ts';
import { openContract } from '../src/callback/contract.ts';
import { payloadReader, type Schema } from '../src/callback/normalize.ts';
import { parseQuery } from '../src/callback/signature.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { startMock } from './support/mock.ts';
import cases from './support/real-payloads.json' with { type: 'json' };
import { serve, start } from './support/start.ts';
import { APP, commandOf, examples, type Payload, pathOf, payload, post } from './support/vendor.ts';

const MEMBER_CHANGED = 'Group.CallbackAfterMemberFieldChanged';
const SENT = 'Group.CallbackAfterSendMsg';
const schemas = callbackDocument.components.schemas as unknown as Record<string, Schema>;
const judge = judgeBy(await openContract(callbackDocument), Number(APP));
const judged = (query: string, body: string | Uint8Array) =>
  judge({ arrival: 'a', query, body: Buffer.from(body), receivedAt: new Date(1_760_000_000_000) });

describe('payloads of real systems', () => {
  interface Want {
    status: number;
    group?: string;
    name?: string;
    ownerAccount?: string;
    customFields?: object[];
    members?: string[];
    roleNot?: Record<string, string>;
    endpointReplies?: object;
    reply?: object;
    decision?: object;
  }

  test('the receiver accepts it with the right meaning', async () => {
    let endpointReply = {};
    const endpoint = await serve((request, response) => {
      request.resume().on('end', () => response.end(JSON.stringify(endpointReply)));
    });
    const { send, read } = await start({ env: { DECISION_URL: endpoint } });
    for (const { name, query, body, want } of cases as { name: string; query: string; body: string; want: Want }[]) {
      endpointReply = want.endpointReplies ?? { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
      const { status, json } = await send(`/?${query}`, post(body));
      expect([name, status, json]).toEqual([name, want.status, expect.objectContaining({ ...want.reply })]);
      const [last] = (await read('/api/callbacks?limit=1')).json.callbacks;
      expect([name, last]).toEqual([name, expect.objectContaining({ status: 'accepted' })]);
      if (want.decision) {
        expect((await read(`/api/callbacks/${last.id}`)).json.decision).toMatchObject(want.decision);
      }
      if (!want.group) continue;
      const group = (await read(`/api/groups/${want.group}`)).json;
      for (const field of ['name', 'ownerAccount', 'customFields'] as const) {
        if (want[field]) expect([name, group[field]]).toEqual([name, want[field]]);
      }
      const members = group.memberDetails as { account: string; role?: string | null }[];
      if (want.members) expect(members.map(({ account }) => account).sort()).toEqual([...want.members].sort());
      for (const [account, role] of Object.entries(want.roleNot ?? {})) {
        expect([name, members.find((member) => member.account === account)?.role]).not.toEqual([name, role]);
      }
    }
  });

  test('the mock accepts it as well', async () => {
    const { url } = await startMock();
    for (const { name, query, body, want } of cases) {
      const response = await fetch(`${url}?${query}`, post(body));
      expect([name, response.status, await response.text()]).toEqual([
        name,
        want.status,
        expect.stringMatching(/"OK"/),
      ]);
    }
  });
});

describe('lenient reading of a payload', () => {
  const read = payloadReader(callbackDocument);
  const message = { CallbackCommand: SENT, GroupId: 'g' };
  const receipt = { CallbackCommand: 'Group.CallbackAfterReadReceipt', GroupId: 'g' };
  const member = { CallbackCommand: MEMBER_CHANGED, GroupId: 'g' };

  test.each<[string, object, object]>([
    ['digits where an integer is described', { ...message, MsgSeq: '7' }, { ...message, MsgSeq: 7 }],
    ['a negative number', { ...message, MsgSeq: '-7' }, { ...message, MsgSeq: -7 }],
    [
      'digits beyond 2^53: the nearest number, as without quotes',
      { ...message, MsgSeq: '9007199254740993' },
      { ...message, MsgSeq: JSON.parse('9007199254740993') },
    ],
    ['an event time in digits', { ...message, EventTime: '1670574414123' }, { ...message, EventTime: 1670574414123 }],
    ['an event time that is null', { ...message, EventTime: null }, message],
    ['a flag that is true', { ...message, OnlineOnlyFlag: true }, { ...message, OnlineOnlyFlag: 1 }],
    ['a flag that is false', { ...message, OnlineOnlyFlag: false }, { ...message, OnlineOnlyFlag: 0 }],
    ['a flag in quotes', { ...message, OnlineOnlyFlag: '1' }, { ...message, OnlineOnlyFlag: 1 }],
    ['null where a field is optional', { ...message, MsgBody: null, Type: null }, message],
    [
      'null within a list',
      { ...message, MsgBody: [{ MsgType: 'T', MsgContent: null }] },
      { ...message, MsgBody: [{ MsgType: 'T' }] },
    ],
    [
      'digits within a list, among numbers',
      { ...receipt, GroupMsgReceiptList: [{ MsgSeq: 1 }, { MsgSeq: '2', ReadNum: null }] },
      { ...receipt, GroupMsgReceiptList: [{ MsgSeq: 1 }, { MsgSeq: 2 }] },
    ],
    ['no command', { GroupId: 'g' }, message],
    ['a command that is null', { ...message, CallbackCommand: null }, message],
    [
      'an empty account beside its filled namesake',
      { ...member, Member_Account: '', Modified_Account: 'a' },
      { ...member, Modified_Account: 'a' },
    ],
  ])('%s', (_name, given, want) => {
    const before = structuredClone(given);
    const command = (want as Payload).CallbackCommand;
    expect(read(command, given)).toStrictEqual(want);
    expect(given).toEqual(before);
    expect(judged(`SdkAppid=${APP}&CallbackCommand=${command}`, JSON.stringify(given)).accepted?.payload).toEqual(want);
  });

  test.each<[string, object]>([
    ['a payload that matches the contract', examples[SENT] ? { ...examples[SENT], EventTime: 1 } : {}],
    ['null in a required field', { ...message, GroupId: null }],
    ['null in an item', { ...message, MsgBody: [null] }],
    ['an undescribed field', { ...message, Later: { At: null, Count: '7', Flag: true } }],
    ['the content of a message', { ...message, MsgBody: [{ MsgContent: { Text: null, Size: '7' } }] }],
    ['digits in a text', { ...message, TopicId: '7' }],
    [
      'text that only looks like digits',
      { ...message, MsgSeq: '0x7', Random: '7e1', MsgTime: ' 7', OnlineOnlyFlag: '2' },
    ],
    ['more digits than 64 bits need', { ...message, MsgSeq: '9'.repeat(21) }],
    ['an object instead of a list', { ...message, MsgBody: { MsgType: null } }],
    ['an empty account alone', { ...member, Member_Account: '' }],
    ['an empty account beside an empty one', { ...member, Member_Account: '', Modified_Account: '' }],
  ])('%s is left unchanged, not even copied', (_name, given) => {
    expect(read((given as Payload).CallbackCommand, given)).toBe(given);
  });

  test.each([
    ['MsgSeq', 'ever', 'body.MsgSeq ("ever") must be a whole number'],
    ['MsgSeq', true, 'body.MsgSeq (true) must be a whole number'],
    ['MsgSeq', '1.5', 'body.MsgSeq ("1.5") must be a whole number'],
    ['OnlineOnlyFlag', 'yes', 'body.OnlineOnlyFlag ("yes") must be a whole number'],
    ['GroupId', null, 'body.GroupId (null) must be a string'],
    ['GroupId', undefined, 'body.GroupId is required'],
    ['MsgBody', {}, 'body.MsgBody (an object) must be a list'],
    ['MsgBody', [null], 'body.MsgBody.0 (null) must be an object'],
  ])('%s %j is refused by receiver and mock', async (field, value, reason) => {
    const [{ send }, { url }] = await Promise.all([start(), startMock()]);
    const path = pathOf({ CallbackCommand: SENT });
    const init = post({ ...message, [field]: value });
    const ofMock = (await (await fetch(url + path.slice(1), init)).json()) as { ErrorInfo: string };
    expect([(await send(path, init)).json.ErrorInfo, ofMock.ErrorInfo]).toEqual([reason, reason]);
  });

  test('a command that differs, or is not a string, is refused', async () => {
    const { send } = await start();
    const codes = [SENT, '', 7].map(async (CallbackCommand) => {
      const { status, json } = await send(pathOf(), post(payload({ CallbackCommand })));
      return [status, json.ErrorCode];
    });
    expect(await Promise.all(codes)).toEqual([
      [400, 10101],
      [400, 10100],
      [400, 10100],
    ]);
  });
});

describe('every example, in other forms', () => {
  const published = parse(readFileSync(join(import.meta.dirname, '../generated/openapi.yaml'), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'published', components: published.components });

  /** Decides at each place where the form may change; can be called any number of times. */
  type Choose = () => boolean;

  function resolved(schema: Schema | undefined): Schema | undefined {
    return schema?.$ref ? schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
  }

  /** The value in another form with the same meaning. */
  function reform(value: unknown, schema: Schema | undefined, choose: Choose): unknown {
    if (schema?.$ref) return reform(value, resolved(schema), choose);
    if (schema?.['x-flag'] && (value === 0 || value === 1) && choose()) return choose() ? value === 1 : String(value);
    if ([schema?.type ?? []].flat().includes('integer')) {
      return Number.isInteger(value) && choose() ? String(value) : value;
    }
    if (Array.isArray(value)) return value.map((item) => reform(item, schema?.items, choose));
    if (typeof value !== 'object' || value === null || !schema?.properties) return value;
    const { properties, required = [] } = schema;
    const fields = Object.entries(value).map(([name, field]) => [name, reform(field, properties[name], choose)]);
    for (const name of Object.keys(properties)) {
      const isAny = properties[name]?.$ref === undefined && properties[name]?.type === undefined;
      const isNumber = ['integer', 'number'].includes(String(resolved(properties[name])?.type));
      if (!(name in value) && !required.includes(name) && !isAny && choose())
        fields.push([name, isNumber && choose() ? '' : null]);
    }
    return Object.fromEntries(fields);
  }

  function mutated(name: string, choose: Choose) {
    const CallbackCommand = commandOf(name);
    const { CallbackCommand: _, ...rest } = reform(examples[name], schemas[CallbackCommand], choose) as Payload;
    const named = choose() ? { CallbackCommand, ...rest } : choose() ? { CallbackCommand: null, ...rest } : rest;
    const value: Record<string, unknown> = choose() ? { ...named, SomethingNew: { Since: null } } : named;
    const text = Buffer.from(`${choose() ? '\uFEFF' : ''}${JSON.stringify(value)}`);
    const [encoding, encode] = !choose()
      ? ['', (body: Buffer) => body]
      : choose()
        ? ['gzip', gzipSync]
        : ['deflate', choose() ? deflateSync : deflateRawSync];
    const headers = { 'Content-Type': 'application/json', ...(encoding && { 'Content-Encoding': encoding }) };
    const foreign = choose() ? '&RequestID=1&RequestID=2&otherParameters=1' : '';
    const own = choose() ? (choose() ? 'from=chat&' : 'from=chat?') : '';
    const query = own + pathOf({ CallbackCommand }).slice(2) + foreign;
    return { value, text, query, init: { ...post(encode(text)), headers } };
  }

  /**
   * The effect on the mirror, without the hash that identifies a creation without a time, which includes undescribed
   * fields.
   */
  function meaningOf({ callback, accepted }: ReturnType<typeof judge>) {
    const { SomethingNew: _, ...meant } = (accepted?.payload ?? {}) as Payload;
    const { stamp: _stamp, created, ...change } = callback.change ?? ({} as NonNullable<typeof callback.change>);
    return {
      payload: meant,
      change: { ...change, created: created && { ...created, untimed: created.untimed?.members } },
      eventTime: callback.eventTime,
      happenedAt: accepted?.happenedAt,
      identified: identifiesEvent(accepted?.payload, undefined),
    };
  }

  const anyExample = fc.tuple(
    fc.constantFrom(...Object.keys(examples)),
    fc.array(fc.boolean(), { minLength: 48, maxLength: 48 }),
  );
  const choosing = (choices: boolean[]): Choose => {
    let index = 0;
    return () => choices[index++ % choices.length] as boolean;
  };

  test('has the same meaning, and is valid by the published contract', () => {
    fc.assert(
      fc.property(anyExample, ([name, choices]) => {
        const command = commandOf(name);
        const { value, text, query } = mutated(name, choosing(choices));
        const want = meaningOf(judged(pathOf({ CallbackCommand: command }).slice(2), JSON.stringify(examples[name])));
        expect(meaningOf(judged(query, text))).toEqual(want);
        const validate = ajv.getSchema(`published#/components/schemas/${command}`);
        expect([validate?.(value), validate?.errors ?? []]).toEqual([true, []]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is accepted by receiver and mock', async () => {
    const [{ receiverUrl }, { url }] = await Promise.all([start(), startMock()]);
    await fc.assert(
      fc.asyncProperty(anyExample, async ([name, choices]) => {
        const { query, init } = mutated(name, choosing(choices));
        const replies = await Promise.all(
          [`${receiverUrl}/?${query}`, `${url}?${query}`].map(async (to) => {
            const response = await fetch(to, init);
            return [response.status, (await response.json()) as { ErrorInfo: string }];
          }),
        );
        for (const reply of replies) expect(reply).toEqual([200, expect.objectContaining({ ActionStatus: 'OK' })]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

test('duplicates are recognized as before: by an event time in any form, not by null', async () => {
  const { send, read } = await start();
  const ids = async (EventTime: unknown) => {
    const body = payload({ EventTime });
    for (let copy = 0; copy < 2; copy += 1) expect((await send(pathOf(), post(body))).status).toBe(200);
    const { callbacks } = (await read(`/api/callbacks?groupId=${encodeURIComponent(String(body.GroupId))}`)).json;
    return callbacks.length;
  };
  expect([await ids(1_760_000_000_000), await ids('1760000000000'), await ids(null)]).toEqual([1, 1, 2]);
});

test('a replay reads stored callbacks as they were read on arrival', async () => {
  const { send, read, store } = await start();
  const { CallbackCommand: _, ...created } = payload({ GroupId: 'g', EventTime: '1760000000000', Introduction: null });
  await send(pathOf(), post(`\uFEFF${JSON.stringify(created)}`));
  const change = { GroupId: 'g', EventTime: 1_760_000_001_000, Member_Account: '', Modified_Account: 'bob' };
  await send(pathOf({ CallbackCommand: MEMBER_CHANGED }), post({ ...change, Role: 'Admin', NameCard: null }));
  const before = (await read('/api/groups/g')).json;
  const { signal } = new AbortController();
  expect(await store.replay({ fromStart: true, signal, onProgress: () => {} })).toMatchObject({
    finished: true,
    rebuilt: 0,
    unchanged: 1,
    left: 0,
  });
  expect((await read('/api/groups/g')).json).toEqual(before);
  expect(before.memberDetails).toContainEqual(expect.objectContaining({ account: 'bob', role: 'Admin' }));
});

test('corrected event times are counted by reason', async () => {
  const now = Date.parse('2026-05-05T12:00:00.000Z');
  const { send, read } = await start({ now: () => now });
  for (const EventTime of [now, now / 1000, String(now / 1000), now + 300_001, undefined, now + 300_000]) {
    await send(pathOf(), post(payload({ EventTime })));
  }
  const { text } = await read('/metrics');
  expect(text.match(/^callbacks_event_time_corrected_total.*$/gm)).toEqual([
    'callbacks_event_time_corrected_total{reason="seconds"} 2',
    'callbacks_event_time_corrected_total{reason="future"} 1',
  ]);
});

test('the contract names the field of the event time, its unit, and what identifies a callback without one', () => {
  const inSeconds = { eventTime: { from: '/Event/At', unit: 'seconds' }, idempotency: null } as const;
  expect(eventTimeOf({ Event: { At: 1_760_000_100 } }, inSeconds)).toEqual({ at: new Date(1_760_000_100_000) });
  expect(eventTimeOf({ EventTime: 1_760_000_100 }, inSeconds)).toBeNull();
  expect(identifiesEvent({ Event: { At: 1 } }, inSeconds)).toBe(true);
  const named = { eventTime: null, idempotency: '/MsgKey' } as const;
  expect([{ MsgKey: 'k' }, { MsgKey: null }, {}].map((body) => identifiesEvent(body, named))).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ['a=1&SdkAppid=2', { a: '1', SdkAppid: '2' }],
  ['a=1?SdkAppid=2&b=3', { a: '1', SdkAppid: '2', b: '3' }],
  ['a=1?CallbackCommand=c&SdkAppid=2', { a: '1', CallbackCommand: 'c', SdkAppid: '2' }],
  ['a=1&?Sign=s', { a: '1', Sign: 's' }],
  ['SdkAppid=1?SdkAppid=2', { SdkAppid: ['1', '2'] }],
  ['a=b?c&d=?&e=?f=1', { a: 'b?c', d: '?', e: '?f=1' }],
])('a callback URL with its own query, %s', (query, want) => {
  expect({ ...parseQuery(query) }).toEqual(want);
});
