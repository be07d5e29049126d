import { signUrl, unixSeconds } from '../../../src/callback/vendor-url.ts';
import { commandOf, type Example, type Payload } from '../../simulator/examples.ts';
import { faults } from '../../simulator/faults.ts';
import type { Sendable } from '../../simulator/send.ts';
import { accepts, type Check, inStage } from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { acceptedRule, type Rule, rules } from '../rules.ts';

// As the vendor lists them, and as they appear in its traffic.
const documentedPlatforms = ['RESTAPI', 'Web', 'Android', 'iOS', 'Windows', 'Mac', 'iPad', 'Unknown'];
const seenPlatforms = ['IOS', 'IPad', 'macOS', 'Linux', 'Unkown'];
const retryMarks = { Retry: '1', RetryCount: '1', RetryTimes: '1', IsRetry: 'true' };
const contentTypes = {
  none: null,
  'text-plain': 'text/plain',
  form: 'application/x-www-form-urlencoded',
  charset: 'application/json;charset=UTF-8',
};

type Parameters = Record<string, string | undefined>;

/** A check that an endpoint accepts an example of a command. */
export function exampleCheck(key: string, { summary = 'the example' }: Example): Check {
  const rule = acceptedRule(commandOf(key), key);
  return accepts(`accepted/${key}`, summary, rule, (vendor) => vendor.callback(key));
}

const variants = [
  accepts('fields/unknown', faults['unknown-field'].does, rules.open, (vendor) => vendor.faulty('unknown-field')),
  accepts('commands/unknown', faults['unknown-command'].does, rules.open, (vendor) => vendor.faulty('unknown-command')),
  accepts(
    'commands/envelope',
    'a command that no contract knows, whose body has a list of events and no command',
    rules.open,
    (vendor) =>
      withCommand(vendor, 'Push.SomethingNew', {
        Events: [{ CallbackCommand: 'Push.SomethingNew', EventTime: unixSeconds() }],
      }),
  ),
  accepts(
    'commands/member-join-first',
    'Group.CallbackAfterNewMemberJoin of a group that was never created',
    rules.anyOrder,
    (vendor) =>
      withCommand(vendor, 'Group.CallbackAfterNewMemberJoin', {
        CallbackCommand: 'Group.CallbackAfterNewMemberJoin',
        GroupId: `@TGS#EARLY${Date.now()}`,
        Type: 'Public',
        JoinType: 'Apply',
        Operator_Account: 'leckie',
        NewMemberList: [{ Member_Account: 'jared' }],
        EventTime: Date.now(),
      }),
  ),
  parameters('contenttype-JSON', 'contenttype=JSON, as in the table of the page', rules.parameters, {
    contenttype: 'JSON',
  }),
  parameters('no-contenttype', 'no contenttype, which the overview calls optional', rules.parameters, {
    contenttype: undefined,
  }),
  parameters(
    'OptPlatform',
    `each OptPlatform of the overview: ${documentedPlatforms.join(', ')}`,
    rules.parameters,
    ...documentedPlatforms.map((OptPlatform) => ({ OptPlatform })),
  ),
  parameters(
    'OptPlatform-seen',
    `each OptPlatform of the vendor's traffic: ${seenPlatforms.join(', ')}`,
    rules.parameters,
    ...seenPlatforms.map((OptPlatform) => ({ OptPlatform })),
  ),
  parameters('RequestID', "RequestID with a UUID, as seen in the vendor's traffic", rules.parameters, {
    RequestID: crypto.randomUUID(),
  }),
  accepts('parameters/unknown', faults['unknown-parameter'].does, rules.open, (vendor) =>
    vendor.faulty('unknown-parameter'),
  ),
  parameters('no-client', 'neither ClientIP nor OptPlatform', rules.optional, {
    ClientIP: undefined,
    OptPlatform: undefined,
  }),
  accepts('parameters/reversed', 'the parameters in the reverse order', rules.optional, (vendor) => {
    const request = vendor.callback();
    request.url.search = new URLSearchParams([...request.url.searchParams].reverse()).toString();
    return request;
  }),
  parameters(
    'retry',
    `a callback marked as a retry: ${Object.keys(retryMarks).join(', ')}`,
    rules.retryMark,
    ...Object.entries(retryMarks).map(([name, value]) => ({ [name]: value })),
  ),
  accepts('console/probe', 'a body of {} without SdkAppid', rules.probe, (vendor) => vendor.faulty('probe')),
  accepts('console/probe-without-body', 'no body and no SdkAppid', rules.probe, (vendor) => ({
    ...vendor.faulty('probe'),
    body: '',
  })),
  ...Object.entries(contentTypes).map(([name, contentType]) =>
    accepts(
      `content-type/${name}`,
      contentType ? `Content-Type: ${contentType}` : 'no Content-Type',
      rules.anyMediaType,
      (vendor) => ({ ...vendor.callback(), contentType }),
    ),
  ),
  accepts('connections/chunked', 'the body in two chunks, without Content-Length', rules.chunked, (vendor) => ({
    ...vendor.callback(),
    chunked: true,
  })),
  ...Object.entries({ past: -30, future: 30 }).map(([direction, seconds]) =>
    accepts(
      `sign/30-s-${direction}`,
      `RequestTime 30 s in the ${direction}, rightly signed`,
      rules.clockDrift,
      (vendor) => {
        const request = vendor.callback();
        signUrl(request.url, vendor.options.token ?? '', unixSeconds() + seconds);
        return request;
      },
      { needsToken: true },
    ),
  ),
];

const repeats = [
  accepts(
    'repeats/in-turn',
    'the same bytes three times, each after the reply to the one before',
    rules.repeated,
    (vendor) => Array(3).fill(vendor.callback()),
    { inTurn: true },
  ),
  accepts('repeats/at-once', 'the same bytes eight times at once', rules.repeated, (vendor) =>
    Array(8).fill(vendor.callback()),
  ),
  accepts(
    'repeats/without-event-time',
    'the same bytes twice, without EventTime',
    rules.repeated,
    (vendor) =>
      Array(2).fill(
        vendor.callback(undefined, (payload) => {
          delete payload.EventTime;
        }),
      ),
    { inTurn: true },
  ),
  ...inStage('load', [
    accepts('load/64-at-once', '64 callbacks at once, each on a connection of its own', rules.answered, (vendor) =>
      Array.from({ length: 64 }, () => vendor.callback()),
    ),
  ]),
];

/** Requests that an endpoint has to accept besides the examples. */
export const acceptedChecks: Check[] = [...variants, ...repeats];

/** A check with one callback for each set of changed query parameters. */
function parameters(name: string, what: string, rule: Rule, ...changes: Parameters[]): Check {
  return accepts(`parameters/${name}`, what, rule, (vendor) => changes.map((change) => withParameters(vendor, change)));
}

function withCommand(vendor: Conversation, command: string, payload: Payload): Sendable {
  return { ...withParameters(vendor, { CallbackCommand: command }), body: JSON.stringify(payload) };
}

/** A new callback with other query parameters; undefined removes one. */
function withParameters(vendor: Conversation, change: Parameters): Sendable {
  const request = vendor.callback();
  const { searchParams } = request.url;
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) searchParams.delete(name);
    else searchParams.set(name, value);
  }
  searchParams.sort();
  return request;
}
