import { commandOf, type Examples } from '../../simulator/examples.ts';
import type { Payload } from '../../simulator/payload.ts';
import type { Sendable } from '../../simulator/send.ts';
import { sign, unixSeconds } from '../../simulator/vendor-request.ts';
import type { Check } from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { accepts } from '../expect.ts';
import { acceptedRule, rules } from '../rules.ts';

// As the vendor lists them, and as its traffic spells them.
const documentedPlatforms = ['RESTAPI', 'Web', 'Android', 'iOS', 'Windows', 'Mac', 'iPad', 'Unknown'];
const seenPlatforms = ['IOS', 'IPad', 'macOS', 'Linux', 'Unkown'];
const retryMarks = { Retry: '1', RetryCount: '1', RetryTimes: '1', IsRetry: 'true' };

/** Everything that an endpoint has to take. */
export function acceptedChecks(examples: Examples): Check[] {
  return [
    ...Object.keys(examples).map((key) =>
      accepts({
        name: `accepted/${key}`,
        what: examples[key]?.summary ?? 'the example',
        stage: 'examples',
        rule: acceptedRule(commandOf(key), key),
        requests: (vendor) => vendor.callback(key),
      }),
    ),
    ...variants,
    ...repeats,
  ];
}

const variants = [
  accepts({
    name: 'fields/unknown',
    what: 'a field that no contract knows',
    rule: rules.open,
    requests: (vendor) => vendor.faulty('unknown-field'),
  }),
  accepts({
    name: 'commands/unknown',
    what: 'a command that no contract knows',
    rule: rules.open,
    requests: (vendor) => vendor.faulty('unknown-command'),
  }),
  accepts({
    name: 'commands/envelope',
    what: 'Push.OfflinePush, whose body has a list of events and no command',
    rule: rules.open,
    requests: (vendor) =>
      withCommand(vendor, 'Push.OfflinePush', {
        Events: [{ CallbackCommand: 'Push.OfflinePush', EventTime: Date.now() }],
      }),
  }),
  accepts({
    name: 'commands/member-join-first',
    what: 'Group.CallbackAfterNewMemberJoin of a group that was never created',
    rule: rules.anyOrder,
    requests: (vendor) =>
      withCommand(vendor, 'Group.CallbackAfterNewMemberJoin', {
        CallbackCommand: 'Group.CallbackAfterNewMemberJoin',
        GroupId: `@TGS#EARLY${Date.now()}`,
        Type: 'Public',
        JoinType: 'Apply',
        Operator_Account: 'leckie',
        NewMemberList: [{ Member_Account: 'jared' }],
        EventTime: Date.now(),
      }),
  }),
  accepts({
    name: 'parameters/contenttype-JSON',
    what: 'contenttype=JSON, as in the table of the page',
    rule: rules.parameters,
    requests: (vendor) => withParameters(vendor, { contenttype: 'JSON' }),
  }),
  accepts({
    name: 'parameters/no-contenttype',
    what: 'no contenttype, which the overview calls optional',
    rule: rules.parameters,
    requests: (vendor) => withParameters(vendor, { contenttype: undefined }),
  }),
  accepts({
    name: 'parameters/OptPlatform',
    what: `each OptPlatform of the overview: ${documentedPlatforms.join(', ')}`,
    rule: rules.parameters,
    requests: (vendor) => documentedPlatforms.map((OptPlatform) => withParameters(vendor, { OptPlatform })),
  }),
  accepts({
    name: 'parameters/OptPlatform-seen',
    what: `each OptPlatform of the vendor's traffic: ${seenPlatforms.join(', ')}`,
    rule: rules.parameters,
    requests: (vendor) => seenPlatforms.map((OptPlatform) => withParameters(vendor, { OptPlatform })),
  }),
  accepts({
    name: 'parameters/RequestID',
    what: "RequestID with a UUID, as seen in the vendor's traffic",
    rule: rules.parameters,
    requests: (vendor) => withParameters(vendor, { RequestID: crypto.randomUUID() }),
  }),
  accepts({
    name: 'parameters/unknown',
    what: 'a query parameter that no contract knows',
    rule: rules.open,
    requests: (vendor) => vendor.faulty('unknown-parameter'),
  }),
  accepts({
    name: 'parameters/no-client',
    what: 'neither ClientIP nor OptPlatform',
    rule: rules.optional,
    requests: (vendor) => withParameters(vendor, { ClientIP: undefined, OptPlatform: undefined }),
  }),
  accepts({
    name: 'parameters/reversed',
    what: 'the parameters in the reverse order',
    rule: rules.optional,
    requests(vendor) {
      const request = vendor.callback();
      request.url.search = new URLSearchParams([...request.url.searchParams].reverse()).toString();
      return request;
    },
  }),
  accepts({
    name: 'parameters/retry',
    what: `a callback marked as a retry: ${Object.keys(retryMarks).join(', ')}`,
    rule: rules.retryMark,
    requests: (vendor) => Object.entries(retryMarks).map(([name, value]) => withParameters(vendor, { [name]: value })),
  }),
  accepts({
    name: 'console/probe',
    what: 'a body of {} without SdkAppid',
    rule: rules.probe,
    requests: (vendor) => vendor.faulty('probe'),
  }),
  accepts({
    name: 'console/probe-without-body',
    what: 'no body and no SdkAppid',
    rule: rules.probe,
    requests: (vendor) => ({ ...vendor.faulty('probe'), body: '' }),
  }),
  ...Object.entries({
    none: null,
    'text-plain': 'text/plain',
    form: 'application/x-www-form-urlencoded',
    charset: 'application/json;charset=UTF-8',
  }).map(([name, contentType]) =>
    accepts({
      name: `content-type/${name}`,
      what: contentType ? `Content-Type: ${contentType}` : 'no Content-Type',
      rule: rules.anyMediaType,
      requests: (vendor) => ({ ...vendor.callback(), contentType }),
    }),
  ),
  accepts({
    name: 'connections/chunked',
    what: 'the body in two chunks, without Content-Length',
    rule: rules.chunked,
    requests: (vendor) => ({ ...vendor.callback(), chunked: true }),
  }),
  ...Object.entries({ past: -30, future: 30 }).map(([direction, seconds]) =>
    accepts({
      name: `sign/30-s-${direction}`,
      what: `RequestTime 30 s in the ${direction}, rightly signed`,
      rule: rules.clockDrift,
      needsToken: true,
      requests(vendor) {
        const request = vendor.callback();
        sign(request.url, vendor.options.token ?? '', unixSeconds() + seconds);
        return request;
      },
    }),
  ),
];

const repeats = [
  accepts({
    name: 'repeats/in-turn',
    what: 'the same bytes three times, each after the reply to the one before',
    rule: rules.repeated,
    inTurn: true,
    requests: (vendor) => Array(3).fill(vendor.callback()),
  }),
  accepts({
    name: 'repeats/at-once',
    what: 'the same bytes eight times at once',
    rule: rules.repeated,
    requests: (vendor) => Array(8).fill(vendor.callback()),
  }),
  accepts({
    name: 'repeats/without-event-time',
    what: 'the same bytes twice, without EventTime',
    rule: rules.repeated,
    inTurn: true,
    requests(vendor) {
      const request = vendor.callback(undefined, (payload) => {
        delete payload.EventTime;
      });
      return [request, request];
    },
  }),
  accepts({
    name: 'load/64-at-once',
    what: '64 callbacks at once, each on a connection of its own',
    rule: rules.answered,
    stage: 'load',
    requests: (vendor) => Array.from({ length: 64 }, () => vendor.callback()),
  }),
];

function withCommand(vendor: Conversation, command: string, payload: Payload): Sendable {
  const request = withParameters(vendor, { CallbackCommand: command });
  return { ...request, body: JSON.stringify(payload) };
}

/** A new callback with other query parameters, undefined = without it. */
function withParameters(vendor: Conversation, parameters: Record<string, string | undefined>): Sendable {
  const request = vendor.callback();
  const { searchParams } = request.url;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) searchParams.delete(name);
    else searchParams.set(name, value);
  }
  searchParams.sort();
  return request;
}
