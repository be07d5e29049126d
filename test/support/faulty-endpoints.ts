import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, readExamples } from '../../scripts/simulator/examples.ts';
import { violationIn } from '../../scripts/simulator/reply.ts';
import { allChecks } from '../../scripts/verify/checks.ts';
import { changed, type Fault, isJson, signedNow, unless, unlessCreated } from './fault.ts';
import { APP, COMMAND, ok, parse, refuse, reply, signature } from './minimal-endpoint.ts';

interface FaultyEndpoint {
  /** Creates the handler, with its own state. */
  fault: () => Fault;
  /** The exact list of checks that have to fail. */
  musts?: string[];
  shoulds?: string[];
  /** More checks may fail: on a busy machine, requests pile up, and time-outs end a section. */
  othersToo?: true;
  /** The time limit of replies, for an endpoint whose fault is its slowness. */
  timeoutSeconds?: number;
  /** How long late replies are awaited. */
  graceSeconds?: number;
}

const examples = readExamples();
const checks = allChecks(examples);
const every = (expected: RegExp) =>
  checks.filter(({ demands }) => expected.test(demands[0].expected)).map(({ name }) => name);
/** Examples of the only command that the minimal endpoint knows. */
const examplesWith = (isSo: (payload: Record<string, unknown>) => boolean) =>
  Object.entries(examples).flatMap(([key, { value }]) =>
    commandOf(key) === COMMAND && isSo(value) ? [`accepted/${key}`] : [],
  );
const examplesOfOthers = Object.keys(examples).flatMap((key) =>
  commandOf(key) === COMMAND ? [] : [`accepted/${key}`],
);

const decisions = checks.flatMap(({ name }) => (/^replies\/.+\./.test(name) ? [name] : []));

/** Decisions whose reply needs more fields than any reply. */
const decisionsWithMore = decisions.filter(
  (check) => violationIn(200, check.slice('replies/'.length), JSON.parse(ok().body)) !== undefined,
);

const JOINED = 'Group.CallbackAfterNewMemberJoin';
const documented = ['SdkAppid', 'CallbackCommand', 'contenttype', 'ClientIP', 'OptPlatform', 'Sign', 'RequestTime'];
const fields = [
  ...['CallbackCommand', 'GroupId', 'Operator_Account', 'Owner_Account', 'Type', 'Name', 'Introduction'],
  ...['Notification', 'MemberList', 'UserDefinedDataList', 'EventTime'],
];

/** Typical mistakes of receivers, one each. */
export const faultyEndpoints: Record<string, FaultyEndpoint> = {
  // The slow ones first, so that the others run concurrently.
  'does the work before the answer, for longer than anybody waits': {
    fault: () => async (request, right) => {
      const answer = right(request);
      if (answer.status === 200) await sleep(20_000, undefined, { ref: false });
      return answer;
    },
    timeoutSeconds: 1,
    graceSeconds: 1,
    othersToo: true,
    musts: every(/^200/).filter((name) => isMust(name)),
    shoulds: every(/^(200|each refused)/).filter((name) => !isMust(name)),
  },
  'is a little late': {
    fault: () => async (request, right) => {
      const answer = right(request);
      if (answer.status === 200) await sleep(350, undefined, { ref: false });
      return answer;
    },
    // A late reply must be noticed, however late a busy machine makes it.
    timeoutSeconds: 0.3,
    graceSeconds: 60,
    othersToo: true,
    musts: every(/^200/).filter((name) => isMust(name)),
    shoulds: every(/^200/).filter((name) => !isMust(name)),
  },
  'has no room for more than 60 at once': {
    fault: () => {
      let underWay = 0;
      let latest = 0;
      return async (request, right) => {
        underWay++;
        latest = performance.now();
        const full = underWay > 60;
        // Until no more requests arrive, however slowly they do.
        while (!full && performance.now() - latest < 250) await sleep(50, undefined, { ref: false });
        underWay--;
        return full ? refuse(503, 10106) : right(request);
      };
    },
    timeoutSeconds: 2,
    musts: ['load/64-at-once'],
    othersToo: true,
  },
  'refuses unknown query parameters': {
    fault: () => unless(({ query }) => [...query.keys()].every((name) => documented.includes(name))),
    musts: ['parameters/RequestID'],
    shoulds: ['parameters/retry', 'parameters/unknown'],
  },
  'refuses unknown fields': {
    fault: () => unlessCreated((payload) => Object.keys(payload).every((name) => fields.includes(name))),
    musts: [`accepted/${COMMAND}.with-undocumented-fields`],
    shoulds: ['fields/unknown'],
  },
  'refuses unknown commands': {
    fault: () => unless(({ query }) => query.get('CallbackCommand') === COMMAND),
    musts: examplesOfOthers,
    shoulds: ['commands/envelope', 'commands/member-join-first', 'commands/unknown'],
  },
  'fails when a member joins a group that it does not know': {
    fault: () => unless(({ query }) => query.get('CallbackCommand') !== JOINED, 500),
    musts: examplesOfOthers.filter((name) => name.includes(JOINED)),
    shoulds: ['commands/member-join-first', `fields/${JOINED}`],
  },
  'takes EventTime as text only': {
    fault: () => unlessCreated(({ EventTime }) => typeof EventTime !== 'number'),
    musts: examplesWith(({ EventTime }) => typeof EventTime === 'number'),
  },
  'takes EventTime as an integer only': {
    fault: () => unlessCreated(({ EventTime }) => typeof EventTime !== 'string'),
    musts: examplesWith(({ EventTime }) => typeof EventTime === 'string'),
  },
  'requires EventTime': {
    fault: () => unlessCreated(({ EventTime }) => EventTime !== undefined),
    musts: [...examplesWith(({ EventTime }) => EventTime === undefined), 'repeats/without-event-time'],
  },
  'fails without MemberList': {
    fault: () => unlessCreated(({ MemberList }) => MemberList !== undefined, 500),
    musts: examplesWith(({ MemberList }) => MemberList === undefined),
  },
  'refuses the ids of communities': {
    fault: () => unlessCreated(({ GroupId }) => !String(GroupId).startsWith('@TGS#_')),
    musts: examplesWith(({ GroupId }) => String(GroupId).startsWith('@TGS#_')),
  },
  'cannot store four bytes of UTF-8': {
    fault: () => unlessCreated((payload) => !/[\u{10000}-\u{10ffff}]/u.test(JSON.stringify(payload)), 500),
    musts: [`accepted/${COMMAND}.with-emoji-name`],
  },
  'cannot store NUL': {
    fault: () => unlessCreated((payload) => !JSON.stringify(payload).includes('\\u0000'), 500),
    musts: [`accepted/${COMMAND}.with-nul-in-custom-field`],
  },
  'holds Random in 32 bits with a sign': {
    fault: () => unless(({ body }) => !exceedsInt32(parse(body)), 500),
    musts: Object.entries(examples).flatMap(([key, { value }]) => (exceedsInt32(value) ? [`accepted/${key}`] : [])),
  },
  'does not check SdkAppid': {
    fault: () => (request, right) => {
      if (request.method === 'POST') request.query.set('SdkAppid', APP);
      return right(request);
    },
    musts: ['app/missing', 'app/wrong'],
    shoulds: ['app/repeated'],
  },
  'does not check Sign': {
    fault: () => (request, right) => right(signedNow(request)),
    musts: every(/^a refusal \(401/),
    shoulds: ['sign/repeated', 'sign/unsigned-probe'],
  },
  'accepts a Sign of any age': {
    fault: () => (request, right) => {
      const time = request.query.get('RequestTime') ?? '';
      const old = Number(time) < Date.now() / 1000 - 60 && request.query.get('Sign') === signature(time);
      return right(old ? signedNow(request) : request);
    },
    musts: ['sign/expired'],
  },
  'checks the time but not the Sign': {
    fault: () => (request, right) => {
      request.query.set('Sign', signature(request.query.get('RequestTime') ?? ''));
      return right(request);
    },
    musts: ['sign/other-time', 'sign/other-token', 'sign/tampered'],
    shoulds: ['sign/repeated'],
  },
  'allows no clock drift': {
    fault: () => unless(({ query }) => Math.abs(Number(query.get('RequestTime')) - Date.now() / 1000) < 25, 401),
    shoulds: ['sign/30-s-future', 'sign/30-s-past'],
  },
  'encodes its reply twice': {
    fault: () => changed((answer) => ({ ...answer, body: JSON.stringify(answer.body) })),
    musts: ['replies/json'],
    shoulds: ['replies/contract'],
  },
  'answers a plain ok': {
    fault: () => changed((answer) => (answer.status === 200 ? { ...answer, body: 'ok' } : answer)),
    musts: ['replies/json'],
  },
  'leaves ErrorInfo out': {
    fault: () =>
      changed((answer) => (answer.status === 200 ? reply(200, { ActionStatus: 'OK', ErrorCode: 0 }) : answer)),
    musts: ['replies/fields'],
  },
  'adds to the reply': {
    fault: () =>
      changed((answer) => (answer.status === 200 ? reply(200, { ...JSON.parse(answer.body), data: null }) : answer)),
    shoulds: ['replies/contract', ...decisions],
  },
  'sends its JSON as HTML': {
    fault: () => changed((answer) => ({ ...answer, headers: { 'Content-Type': 'text/html' } })),
    shoulds: ['replies/content-type'],
  },
  'says FAIL with status 200': {
    fault: () => changed((answer) => ({ ...answer, status: 200 })),
    shoulds: [...every(/^(a refusal|\d+ FAIL)/), 'replies/contract'],
  },
  'accepts everything': {
    fault: () => ok,
    musts: every(/^a refusal/),
    shoulds: [...every(/^\d+ FAIL/), ...decisionsWithMore],
  },
  'inserts twice on a repeat': {
    fault: () => {
      const groups = new Set<unknown>();
      return unlessCreated(({ GroupId }) => !groups.has(GroupId) && groups.add(GroupId) !== undefined, 500);
    },
    musts: ['repeats/at-once', 'repeats/in-turn', 'repeats/without-event-time'],
  },
  'refuses what is marked as a retry': {
    fault: () => unless(({ query }) => ![...query.keys()].some((name) => /retry/i.test(name))),
    shoulds: ['parameters/retry'],
  },
  'wants Content-Type': {
    fault: () => unless(({ headers }) => headers['content-type']?.startsWith('application/json') === true, 415),
    shoulds: ['content-type/form', 'content-type/none', 'content-type/text-plain', 'replies/contract'],
  },
  'wants Content-Type to the letter': {
    fault: () => unless(({ headers }) => headers['content-type'] !== 'application/json;charset=UTF-8', 415),
    shoulds: ['content-type/charset', 'replies/contract'],
  },
  'takes no chunked bodies': {
    fault: () => (request, right) =>
      request.headers['transfer-encoding'] === undefined ? right(request) : refuse(411, 10100),
    shoulds: ['bodies/oversized-chunked', 'connections/chunked'],
  },
  'closes the connection on a body that is not JSON': {
    fault: () => (request, right) => (isJson(request.body) ? right(request) : undefined),
    shoulds: ['bodies/malformed', 'connections/kept-after-malformed'],
  },
  'is out of order after a body that is not JSON': {
    fault: () => {
      let outOfOrder = false;
      return (request, right) => {
        outOfOrder ||= !isJson(request.body);
        const answer = right(request);
        return outOfOrder && answer.status === 200 ? refuse(500, 10106) : answer;
      };
    },
    musts: ['aftermath/callback', 'aftermath/hung-up', 'connections/kept-after-malformed'],
  },
  'fails on deep JSON': {
    fault: () => (request, right) =>
      request.body.subarray(0, 9).equals(Buffer.from('[[[[[[[[[')) ? refuse(500, 10106) : right(request),
    shoulds: ['bodies/deep'],
  },
  'has no limit': {
    fault: () => (request, right) => (request.body.length > 262_144 ? ok() : right(request)),
    shoulds: ['bodies/oversized', 'bodies/oversized-chunked'],
  },
  'closes each connection, and says so': {
    fault: () => changed((answer) => ({ ...answer, headers: { ...answer.headers, Connection: 'close' } })),
    shoulds: ['connections/kept', 'connections/kept-after-malformed', 'connections/kept-after-refusal'],
  },
  'closes each connection without a word': {
    fault: () => changed((answer) => ({ ...answer, hangsUp: true })),
    shoulds: ['connections/kept', 'connections/kept-after-malformed', 'connections/kept-after-refusal'],
  },
  'closes the connection after a refusal': {
    fault: () => changed((answer) => (answer.status === 200 ? answer : { ...answer, hangsUp: true })),
    shoulds: ['connections/kept-after-malformed', 'connections/kept-after-refusal'],
  },
  'answers only the first request of a connection': {
    fault: () => {
      const known = new WeakSet<Socket>();
      return (request, right) => {
        if (known.has(request.socket)) return new Promise(() => {});
        known.add(request.socket);
        return right(request);
      };
    },
    timeoutSeconds: 2,
    musts: ['connections/kept', 'connections/kept-after-malformed', 'connections/kept-after-refusal'],
  },
  "refuses the console's probe": {
    fault: () => unless(({ body }) => body.length > 2),
    shoulds: ['console/probe', 'console/probe-without-body'],
  },
  'believes the command of the URL': {
    fault: () => (request, right) => {
      const answer = right(request);
      return answer.body.includes('10101') ? ok() : answer;
    },
    shoulds: ['commands/differ'],
  },
  'describes a second command, and does without one of its fields': {
    fault: () => (request, right) => {
      const payload = parse(request.body);
      const lacks = payload?.CallbackCommand === JOINED && typeof payload.GroupId === 'number';
      return lacks ? refuse(400, 10100) : right(request);
    },
    shoulds: [`fields/${JOINED}`],
  },
  'decides what is over': {
    fault: () => decidingOn(JOINED),
    shoulds: ['replies/contract'],
  },
  'decides with a code that the command does not have': {
    fault: () => decidingOn('Group.CallbackBeforeCreateGroup'),
    shoulds: ['replies/Group.CallbackBeforeCreateGroup'],
  },
  'does without GroupId': {
    fault: () => (request, right) => {
      const payload = parse(request.body);
      const lacks = payload?.CallbackCommand === COMMAND && payload.GroupId === undefined;
      return right(
        lacks ? { ...request, body: Buffer.from(JSON.stringify({ ...payload, GroupId: 'none' })) } : request,
      );
    },
    shoulds: [`missing/${COMMAND}/GroupId`],
  },
  'refuses other apps with a page': {
    fault: () =>
      changed((answer) =>
        answer.status === 403
          ? { status: 403, body: '<h1>Forbidden</h1>', headers: { 'Content-Type': 'text/html' } }
          : answer,
      ),
    shoulds: ['app/missing', 'app/repeated', 'app/wrong', 'replies/content-type', 'replies/contract'],
  },
  'fails on GET': {
    fault: () => (request, right) => (request.method === 'GET' ? refuse(500, 10106) : right(request)),
    shoulds: ['methods/GET'],
  },
};

/** Answers a command's callbacks with ErrorCode 2. */
function decidingOn(command: string): Fault {
  return (request, right) => {
    const answer = right(request);
    const decision = reply(200, { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 2 });
    return answer.status === 200 && parse(request.body)?.CallbackCommand === command ? decision : answer;
  };
}

function exceedsInt32(payload: Record<string, unknown> | undefined): boolean {
  return Number(payload?.Random) > 2 ** 31 - 1;
}

function isMust(name: string): boolean {
  return checks.some((check) => check.name === name && check.demands[0].rule.level === 'MUST');
}
