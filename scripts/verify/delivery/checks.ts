import { unixSeconds } from '../../../src/callback/vendor-url.ts';
import { commandOf, type Examples, type Payload } from '../../simulator/examples.ts';
import type { Outcome, Reply } from '../../simulator/send.ts';
import { type CheckHead, type Demand, type Finding, outcomeText } from '../check.ts';
import type { Rule } from '../rules.ts';
import { rules } from './rules.ts';
import { otherSecret, type Request, type Sender } from './sender.ts';

export interface DeliveryCheck extends CheckHead {
  find(sender: Sender): Promise<Finding | { skipped: string }>;
}

/** The largest body that a receiver accepts by default. */
const MOST_BYTES = 262_144;
/** More than the 5 minutes by which a timestamp may be off. */
const FAR_SECONDS = 600;

/** @param examples the events to send */
export function deliveryChecks(examples: Examples, { fastSeconds }: { fastSeconds: number }): DeliveryCheck[] {
  return [
    ...Object.entries(examples).map(([key, { summary = 'the example' }]) => ({
      ...takes(`events/${key}`, summary, rules.answered, (sender) => [sender.signed(sender.event({ key }))]),
      command: commandOf(key),
    })),
    ...taken,
    ...refused,
    ...replies(fastSeconds),
  ];
}

const taken: DeliveryCheck[] = [
  takes(
    'events/unknown-command',
    'an event of a command that no contract knows, without subject',
    rules.open,
    (sender) => [sender.signed(sender.event({ unknown: 'Group.CallbackAfterSomethingNew' }))],
  ),
  takes('events/unknown-field', 'an event whose data has a field that no contract knows', rules.open, (sender) => [
    sender.signed(sender.event({ fields: { SomethingNew: { Since: 'today' } } })),
  ]),
  takes(
    'events/unknown-attribute',
    'an event with an extension attribute that no contract knows',
    rules.open,
    (sender) => {
      const { id, body } = sender.event();
      return [sender.signed({ id, body: body.replace('{', '{"somethingnew":"today",') })];
    },
  ),
  takes('events/repeated', 'an event, then its second attempt with the same webhook-id', rules.repeated, (sender) => {
    const event = sender.event();
    return [sender.signed(event), sender.signed(event.again())];
  }),
  takes('bodies/non-ascii', 'text in Chinese, Arabic and emoji', rules.verbatim, (sender) => [
    sender.signed(sender.event({ fields: { Name: '测试群 😀 مجموعة \u2028' } })),
  ]),
  takes('bodies/large-number', 'a number beyond 2^53', rules.verbatim, (sender) => {
    const text = (payload: Payload) => JSON.stringify(payload).replace(/}$/, ',"Random":9007199254740993}');
    return [sender.signed(sender.event({ text }))];
  }),
  takes('bodies/large', `a callback of ${MOST_BYTES} bytes`, rules.size, (sender) => {
    const text = (payload: Payload, Introduction: string) => JSON.stringify({ ...payload, Introduction });
    const padded = (payload: Payload) => text(payload, 'x'.repeat(MOST_BYTES - Buffer.byteLength(text(payload, ''))));
    return [sender.signed(sender.event({ text: padded }))];
  }),
  takes(
    'subjects/two-at-once',
    'two events of different subjects at once',
    rules.subjects,
    (sender) => [sender.signed(sender.event()), sender.signed(sender.event())],
    { atOnce: true },
  ),
  takes('signature/rotation', 'two signatures, of which the second fits, then the first', rules.rotation, (sender) =>
    [
      [otherSecret(), sender.options.secret],
      [sender.options.secret, otherSecret()],
    ].map((secrets) => sender.signed(sender.event(), { secrets })),
  ),
];

const refused: DeliveryCheck[] = [
  refuses('signature/none', 'no webhook-signature', rules.signature, { signatures: undefined }),
  refuses('signature/no-headers', 'none of the three headers', rules.signature, {
    id: undefined,
    timestamp: undefined,
    signatures: undefined,
  }),
  refuses('signature/other-secret', 'signed with another secret', rules.signature, ({ id = '', body }, sender) =>
    sender.signed({ id, body }, { secrets: [otherSecret()] }),
  ),
  refuses('signature/part', 'the right signature without its last four characters', rules.signature, (request) => ({
    signatures: request.signatures?.slice(0, -4),
  })),
  refuses('signature/tampered-body', 'a body that was changed after it was signed', rules.signature, ({ body }) => ({
    body: body.replace('"data":{', '"data":{"Tampered":true,'),
  })),
  refuses('signature/other-id', 'another webhook-id than the signed one', rules.signature, ({ id }) => ({
    id: `${id}0`,
  })),
  refuses(
    'signature/other-time',
    'signed 60 s ago, with the present webhook-timestamp',
    rules.signature,
    (request, sender) => {
      const { id = '', body } = request;
      return { ...sender.signed({ id, body }, { secondsAgo: 60 }), timestamp: String(unixSeconds()) };
    },
  ),
  refuses('signature/old', 'rightly signed 10 minutes ago', rules.timestamp, ({ id = '', body }, sender) =>
    sender.signed({ id, body }, { secondsAgo: FAR_SECONDS }),
  ),
  refuses(
    'signature/from-the-future',
    'rightly signed, 10 minutes ahead',
    rules.timestamp,
    ({ id = '', body }, sender) => sender.signed({ id, body }, { secondsAgo: -FAR_SECONDS }),
  ),
];

function replies(fastSeconds: number): DeliveryCheck[] {
  const fast: Demand = { rule: rules.fast, expected: `2xx within ${fastSeconds} s` };
  const direct: Demand = { rule: rules.redirect, expected: 'no redirect' };
  return [
    overall('replies/redirect', 'every reply', direct, ({ status }) => status >= 300 && status < 400),
    overall(
      'replies/fast',
      'every reply with 2xx',
      fast,
      (reply) => isSuccess(reply) && reply.milliseconds > fastSeconds * 1000,
    ),
  ];
}

/** A check that requests are answered with 2xx in time, sent sequentially unless `atOnce`. */
function takes(
  name: string,
  what: string,
  rule: Rule,
  requestsOf: (sender: Sender) => Request[],
  { atOnce = false } = {},
): DeliveryCheck {
  const demand: Demand = { rule, expected: '2xx, in time' };
  return {
    name,
    what,
    demands: [demand],
    async find(sender) {
      const outcomes: Outcome[] = [];
      const requests = requestsOf(sender);
      if (atOnce) outcomes.push(...(await Promise.all(requests.map((request) => sender.send(request)))));
      else {
        for (const request of requests) {
          const outcome = await sender.send(request);
          outcomes.push(outcome);
          if (!isSuccess(outcome)) break;
        }
      }
      const texts = outcomes.map((outcome) => outcomeText(outcome, sender.options.timeoutSeconds));
      return { got: texts.join('; then '), broken: outcomes.every(isSuccess) ? undefined : demand };
    },
  };
}

/** A check that a request is refused. @param change applied to a correct request */
function refuses(
  name: string,
  what: string,
  rule: Rule,
  change: Partial<Request> | ((right: Request, sender: Sender) => Partial<Request>),
): DeliveryCheck {
  const demand: Demand = { rule, expected: '4xx, but not 410' };
  return {
    name,
    what,
    demands: [demand],
    async find(sender) {
      const right = sender.signed(sender.event());
      const outcome = await sender.send({
        ...right,
        ...(typeof change === 'function' ? change(right, sender) : change),
      });
      const isRefused = 'status' in outcome && outcome.status >= 400 && outcome.status < 500 && outcome.status !== 410;
      return { got: outcomeText(outcome, sender.options.timeoutSeconds), broken: isRefused ? undefined : demand };
    },
  };
}

/** A check of all previous replies. */
function overall(name: string, what: string, demand: Demand, isWrong: (reply: Reply) => boolean): DeliveryCheck {
  return {
    name,
    what,
    demands: [demand],
    async find({ gathered, options }) {
      const wrong = gathered.filter(({ reply }) => isWrong(reply));
      const [first] = wrong;
      if (gathered.length === 0) return { skipped: 'no reply came' };
      if (!first) return { got: `${gathered.length} of ${gathered.length}` };
      const { reply, check } = first;
      const took = `${(reply.milliseconds / 1000).toFixed(2)} s`;
      const text = `${outcomeText(reply, options.timeoutSeconds)} after ${took} (${check})`;
      return { got: `${wrong.length} of ${gathered.length} otherwise, the first: ${text}`, broken: demand };
    },
  };
}

function isSuccess(outcome: Outcome): outcome is Reply {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
}
