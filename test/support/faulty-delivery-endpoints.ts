import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { isSigned } from '../../openapi/guide/deliveries/is-signed.ts';
import { commandOf, readExamples } from '../../scripts/simulator/examples.ts';
import { deliveryChecks } from '../../scripts/verify/delivery/checks.ts';

export const SECRET = `whsec_${Buffer.alloc(24, 'sesame').toString('base64')}`;

interface Request {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The status of an answer; undefined hangs up, null never answers. */
type Answer = number | undefined | null;
type Fault = (request: Request, right: (request: Request) => number) => Answer | Promise<Answer>;

interface FaultyEndpoint {
  /** Creates the endpoint, with its own state. */
  fault: () => Fault;
  /** The exact list of checks that have to fail. */
  fails: string[];
  args?: string[];
  fastSeconds?: number;
  /** Additional text that the report must contain. */
  says?: string;
}

const examples = Object.fromEntries(
  Object.entries(readExamples()).filter(([key]) => factsOf(commandOf(key))?.kind !== 'before'),
);
export const allNames = deliveryChecks(examples, { fastSeconds: 1 }).map(({ name }) => name);
const named = (pattern: RegExp) => allNames.filter((name) => pattern.test(name));
const refusals = named(/^signature\/(?!rotation)/);
const acceptances = named(/^(events|bodies|subjects)\/|^signature\/rotation/);

/** A minimal correct endpoint, as the guide shows it. */
function rightStatus({ headers, body }: Request): number {
  const [id, timestamp, signatures] = given(headers);
  return isSigned(SECRET, id, timestamp, signatures, body) ? 204 : 401;
}

/** Serves an endpoint with a fault, or a correct one without. */
export function deliveryListener(fault: Fault = (request, right) => right(request)): RequestListener {
  return async (incoming, response) => {
    const request = { headers: incoming.headers, body: await buffer(incoming) };
    const status = await fault(request, rightStatus);
    if (status === undefined) incoming.socket.destroy();
    else if (status !== null) response.writeHead(status, { Location: '/elsewhere' }).end();
  };
}

const LONE = 'Group.CallbackAfterGroupFull.with-group-alone';

/** Typical mistakes of endpoints, one each. */
export const faultyEndpoints: Record<string, FaultyEndpoint> = {
  'does not know commands that are new': {
    fault: () => unless(({ type }) => Object.hasOwn(COMMANDS, String(type)), 404),
    fails: ['events/unknown-command'],
  },
  'refuses fields that are new': {
    fault: () => unless(({ data }) => data.SomethingNew === undefined, 422),
    fails: ['events/unknown-field'],
  },
  'refuses attributes that are new': {
    fault: () => unless((event) => event.somethingnew === undefined, 422),
    fails: ['events/unknown-attribute'],
  },
  'wants an event time': {
    fault: () => unless((event) => !isLone(event), 400),
    fails: [`events/${LONE}`],
  },
  'answers 410 to what it has no use for': {
    fault: () => unless((event) => !isLone(event), 410),
    fails: [`events/${LONE}`],
    says: 'Its 410 would pause all deliveries',
  },
  'says of a repeat that it has it already': {
    fault: () => {
      const taken = new Set<unknown>();
      return (request, right) => {
        const status = right(request);
        if (status !== 204) return status;
        const { id } = eventIn(request);
        if (taken.has(id)) return 409;
        taken.add(id);
        return status;
      };
    },
    fails: ['events/repeated'],
  },
  'reads text as Latin-1': {
    fault: () => changedBody((body) => Buffer.from(body.toString('latin1'))),
    fails: [
      'bodies/non-ascii',
      ...Object.entries(examples).flatMap(([key, { value }]) =>
        /[^\0-\x7f]/.test(JSON.stringify(value)) ? [`events/${key}`] : [],
      ),
    ],
  },
  'parses the body and writes it again': {
    fault: () => changedBody((body) => Buffer.from(JSON.stringify(JSON.parse(body.toString())))),
    fails: ['bodies/large-number'],
  },
  'takes 100 kB': {
    fault: () => (request, right) => (request.body.length > 102_400 ? 413 : right(request)),
    fails: ['bodies/large'],
  },
  'takes one event at a time': {
    fault: () => {
      let overlap: (() => void) | undefined;
      return async (request, right) => {
        if (overlap) {
          overlap();
          return 503;
        }
        // Long enough for the other request to arrive, however busy the machine is.
        await new Promise<void>((resolve) => {
          overlap = resolve;
          setTimeout(resolve, 3_000).unref();
        });
        overlap = undefined;
        return right(request);
      };
    },
    args: ['--only', 'subjects', '--only', LONE],
    fails: ['subjects/two-at-once'],
  },
  'looks at the first signature': {
    fault: () => changedSignatures((signatures) => signatures.split(' ')[0] ?? ''),
    fails: ['signature/rotation'],
  },
  'looks at the last signature': {
    fault: () => changedSignatures((signatures) => signatures.split(' ').at(-1) ?? ''),
    fails: ['signature/rotation'],
  },
  'checks nothing': { fault: () => () => 200, fails: refusals },
  'checks a signature where there is one': {
    fault: () => (request, right) => (given(request.headers)[2] === '' ? 200 : right(request)),
    fails: ['signature/none', 'signature/no-headers'],
  },
  'takes a request without an id': {
    fault: () => (request, right) => (given(request.headers)[0] === '' ? 200 : right(request)),
    fails: ['signature/no-headers'],
  },
  'takes every signature': {
    fault: () => (request, right) => {
      const [, timestamp, signatures] = given(request.headers);
      const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) < 301;
      return signatures !== '' && isRecent ? 200 : right(request);
    },
    fails: ['other-id', 'other-secret', 'other-time', 'part', 'tampered-body'].map((name) => `signature/${name}`),
  },
  'compares as much as is given': {
    fault: () => (request, right) => {
      const [id, timestamp, signatures] = given(request.headers);
      const signedAt = new Date(Number(timestamp) * 1000);
      const whole = new Webhook(SECRET).sign(id, signedAt, request.body);
      return signatures !== '' && whole.startsWith(signatures) ? right(signedAs(request, whole)) : right(request);
    },
    fails: ['signature/part'],
  },
  'signs without the fields that it does not know': {
    fault: () => changedBody((body) => Buffer.from(body.toString().replace('"Tampered":true,', ''))),
    fails: ['signature/tampered-body'],
  },
  'takes the id of the event for that of the header': {
    fault: () => (request, right) => {
      const { id } = eventIn(request);
      return right({ ...request, headers: { ...request.headers, 'webhook-id': String(id) } });
    },
    fails: ['signature/other-id'],
  },
  'takes any time of the last minutes': {
    fault: () => (request, right) => {
      const timestamp = Number(request.headers['webhook-timestamp']);
      const times = Array.from({ length: 90 }, (_, age) => String(timestamp - age));
      const isTaken = times.some(
        (time) => right({ ...request, headers: { ...request.headers, 'webhook-timestamp': time } }) === 204,
      );
      return isTaken ? 204 : 401;
    },
    fails: ['signature/other-time'],
  },
  'takes old requests': {
    fault: () => (request) => statusAt(request, Math.min),
    fails: ['signature/old'],
  },
  'takes requests from the future': {
    fault: () => (request) => statusAt(request, Math.max),
    fails: ['signature/from-the-future'],
  },
  'answers 410 to forged requests': {
    fault: () => changed((status) => (status === 401 ? 410 : status)),
    fails: refusals,
  },
  'breaks at forged requests': { fault: () => changed((status) => (status === 401 ? 500 : status)), fails: refusals },
  'hangs up on forged requests': {
    fault: () => changed((status) => (status === 401 ? undefined : status)),
    fails: refusals,
  },
  'sends forged requests to a login': {
    fault: () => changed((status) => (status === 401 ? 302 : status)),
    fails: [...refusals, 'replies/redirect'],
  },
  'redirects to another address': {
    fault: () => changed((status) => (status === 204 ? 308 : status)),
    fails: [...acceptances, 'replies/redirect'],
  },
  'has another secret': {
    fault: () => () => 401,
    fails: acceptances,
    says: 'It refuses events that are rightly signed: check --secret',
  },
  'is at another path': { fault: () => () => 404, fails: acceptances, says: 'It has no such path' },
  'does the work before the answer': {
    fault: () => async (request, right) => {
      if (isLone(eventIn(request))) await sleep(400);
      return right(request);
    },
    fastSeconds: 0.2,
    args: ['--only', 'replies/fast', '--only', LONE],
    fails: ['replies/fast'],
    says: LONE,
  },
  'does not answer an event': {
    fault: () => (request, right) => (isLone(eventIn(request)) ? null : right(request)),
    args: ['--timeout', '4'],
    fails: [`events/${LONE}`],
    says: 'no reply within 4 s',
  },
};

export interface Event extends Record<string, unknown> {
  data: Record<string, unknown>;
}

export function eventIn({ body }: Request): Event {
  return JSON.parse(body.toString());
}

function isLone({ type, data }: Event): boolean {
  return type === 'Group.CallbackAfterGroupFull' && data.EventTime === undefined;
}

function given(headers: IncomingHttpHeaders): [id: string, timestamp: string, signatures: string] {
  const value = (name: string) => String(headers[name] ?? '');
  return [value('webhook-id'), value('webhook-timestamp'), value('webhook-signature')];
}

/** Refuses what the correct endpoint accepts, unless the condition holds. */
function unless(isSo: (event: Event) => boolean, status: number): Fault {
  return (request, right) => (right(request) === 204 && !isSo(eventIn(request)) ? status : right(request));
}

function changed(change: (status: number) => Answer): Fault {
  return (request, right) => change(right(request));
}

function changedBody(change: (body: Buffer) => Buffer): Fault {
  return (request, right) => right({ ...request, body: change(request.body) });
}

function changedSignatures(change: (signatures: string) => string): Fault {
  return (request, right) => right(signedAs(request, change(given(request.headers)[2])));
}

function signedAs({ headers, body }: Request, signatures: string): Request {
  return { body, headers: { ...headers, 'webhook-signature': signatures } };
}

/** Judges by a clock that depends on the request. */
function statusAt({ headers, body }: Request, clock: (timestamp: number, now: number) => number): number {
  const [id, timestamp, signatures] = given(headers);
  const now = clock(Number(timestamp), Math.floor(Date.now() / 1000));
  return isSigned(SECRET, id, timestamp, signatures, body, now) ? 204 : 401;
}
