import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultName, faults, refusals } from '../../simulator/faults.ts';
import { connect, type Outcome, type Sendable } from '../../simulator/send.ts';
import {
  acceptance,
  accepts,
  type Check,
  type Demand,
  IN_TIME,
  inStage,
  isAccepted,
  outcomeText,
  refuses,
} from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { rules } from '../rules.ts';

// Deep enough for a recursive parser, short enough for every limit.
const DEPTH = 20_000;

const bodies: [name: string, what: string, body: string | Uint8Array][] = [
  ['list', 'a JSON list', '[]'],
  ['null', 'null', 'null'],
  ['text', 'a JSON string', '"ok"'],
  ['not-utf-8', 'bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d)],
  ['deep', `lists in lists, ${DEPTH.toLocaleString('en-US')} deep`, '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
];

/** Hostile bodies, and whether the endpoint still works after them. */
export const hostileChecks: Check[] = [
  ...inStage('hostile', [
    refuses('bodies/malformed', faults.malformed.does, refusals.invalid, (vendor) => vendor.faulty('malformed')),
    ...bodies.map(([name, what, body]) =>
      refuses(`bodies/${name}`, what, refusals.invalid, (vendor) => ({ ...vendor.callback(), body })),
    ),
    ...[false, true].map((chunked) =>
      refuses(
        chunked ? 'bodies/oversized-chunked' : 'bodies/oversized',
        `a body of one byte more than --max-body-bytes${chunked ? ', in chunks without Content-Length' : ''}`,
        refusals.tooLarge,
        (vendor) => ({ ...vendor.faulty('oversized'), chunked }),
      ),
    ),
  ]),
  ...inStage('aftermath', [
    accepts('aftermath/hung-up', 'half a body, then the sender hangs up; then a callback', rules.harmless, hangUp),
    accepts('aftermath/callback', 'a callback after all that was wrong before', rules.harmless, (vendor) =>
      vendor.callback(),
    ),
  ]),
];

/** Sends half a callback, closes the connection, and returns the callback to send next. */
function hangUp(vendor: Conversation): Promise<Sendable> {
  const { url, body } = vendor.callback();
  const { promise, resolve } = Promise.withResolvers<Sendable>();
  const socket = connect(url);
  socket.setTimeout(vendor.options.timeoutSeconds * 1000, () => socket.destroy());
  socket.on('error', () => {});
  socket.on('close', () => resolve(vendor.callback()));
  const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`;
  const half = body.slice(0, Math.floor(body.length / 2));
  socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${half}`, () => socket.destroy());
  return promise;
}

const answered: Demand = { rule: rules.answered, expected: `${IN_TIME}, over the kept connection too` };
const kept: Demand = { rule: rules.persistent, expected: 'one connection' };
const sensible: Demand = { rule: rules.otherMethods, expected: '405, or another 4xx, or a page: 2xx or 3xx' };

/** Persistent connections, and other methods than POST. */
export const connectionChecks: Check[] = [
  keeps('kept', 'ten callbacks, one after the other, over one connection', 10),
  keeps('kept-after-refusal', "another app's callback and then two of ours, over one connection", 2, 'wrong-app'),
  ...inStage('hostile', [
    keeps('kept-after-malformed', 'a malformed body and then two callbacks, over one connection', 2, 'malformed'),
  ]),
  {
    name: 'methods/GET',
    what: 'GET of the callback URL, without parameters',
    stage: 'callbacks',
    demands: [sensible],
    async find(vendor) {
      const { url, timeoutSeconds } = vendor.options;
      const outcome = await vendor.send({ method: 'GET', url: new URL(url), body: '', contentType: null });
      const fine = 'status' in outcome && outcome.status < 500;
      return { got: outcomeText(outcome, timeoutSeconds), broken: fine ? undefined : sensible };
    },
  },
];

/** A check that callbacks, optionally after a faulty request, are answered over one connection. */
function keeps(name: string, what: string, callbacks: number, fault?: FaultName): Check {
  return {
    name: `connections/${name}`,
    what,
    stage: 'callbacks',
    inTurn: true,
    demands: [answered, kept],
    async find(vendor) {
      const { timeoutSeconds } = vendor.options;
      const agent = vendor.agent();
      const started = performance.now();
      const outcomes: Outcome[] = [];
      // A request without a reply has lost its connection as well.
      const ports = new Set<number | string | undefined>();
      const sendOne = async (request: Sendable) => {
        let outcome = await vendor.send(request, agent);
        if (ports.size > 0 && 'failure' in outcome && outcome.closed) {
          // Closed at the moment of reuse: as HTTP allows, the request is sent once more.
          ports.add('closed');
          outcome = await vendor.send(request, agent);
        }
        ports.add('status' in outcome ? outcome.localPort : 'lost');
        return outcome;
      };
      // The end of a connection after a reply has to be noticed before the next request.
      const pause = () => sleep(20);
      try {
        if (fault) {
          await sendOne(vendor.faulty(fault));
          await pause();
        }
        while (outcomes.length < callbacks) {
          const outcome = await sendOne(vendor.callback());
          outcomes.push(outcome);
          if (!isAccepted(outcome, timeoutSeconds)) break;
          // Limits the duration against an endpoint that is slow, but within the time limit.
          if (outcomes.length > 1 && performance.now() - started > 2 * timeoutSeconds * 1000) break;
          await pause();
        }
      } finally {
        agent.destroy();
      }
      const finding = acceptance(outcomes, timeoutSeconds, answered);
      if (finding.broken) return finding;
      if (ports.size > 1) return { got: `${finding.got}, over ${ports.size} connections`, broken: kept };
      return { got: `${finding.got}, over one connection` };
    },
  };
}
