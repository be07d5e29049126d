import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Sendable } from '../../simulator/send.ts';
import type { Check, Demand, Finding } from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { acceptance, inTime } from '../expect.ts';
import { isAccepted, outcomeText } from '../judge.ts';
import { rules } from '../rules.ts';

const answered: Demand = { rule: rules.answered, expected: `${inTime}, over the kept connection too` };
const kept: Demand = { rule: rules.persistent, expected: 'one connection' };
const sensible: Demand = { rule: rules.otherMethods, expected: '405, or another 4xx, or a page: 2xx or 3xx' };

/** What concerns connections and methods rather than callbacks. */
export const connectionChecks: Check[] = [
  {
    name: 'connections/kept',
    what: 'ten callbacks, one after the other, over one connection',
    stage: 'callbacks',
    inTurn: true,
    demands: [answered, kept],
    find: (vendor) => overOneConnection(vendor, () => true, 10),
  },
  {
    name: 'connections/kept-after-refusal',
    what: "another app's callback and then two of ours, over one connection",
    stage: 'callbacks',
    inTurn: true,
    demands: [answered, kept],
    find: (vendor) =>
      overOneConnection(
        vendor,
        (turn) => turn > 0,
        3,
        () => vendor.faulty('wrong-app'),
      ),
  },
  {
    name: 'connections/kept-after-malformed',
    what: 'a malformed body and then two callbacks, over one connection',
    stage: 'hostile',
    inTurn: true,
    demands: [answered, kept],
    find: (vendor) =>
      overOneConnection(
        vendor,
        (turn) => turn > 0,
        3,
        () => vendor.faulty('malformed'),
      ),
  },
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

/** Sends one request after the other over a connection that is kept; where `isOurs` says no, another is sent. */
async function overOneConnection(
  vendor: Conversation,
  isOurs: (turn: number) => boolean,
  count: number,
  other: () => Sendable = () => vendor.callback(),
): Promise<Finding> {
  const { timeoutSeconds } = vendor.options;
  const agent = vendor.agent();
  const started = performance.now();
  const outcomes: Outcome[] = [];
  // Where there was no reply, there is no connection left either.
  const ports = new Set<number | string | undefined>();
  try {
    for (let turn = 0; turn < count; turn++) {
      const ours = isOurs(turn);
      const request = ours ? vendor.callback() : other();
      let outcome = await vendor.send(request, agent);
      if (turn > 0 && 'failure' in outcome && outcome.closed) {
        // Closed at the very moment at which it was used again: as HTTP has it, the request goes out once more.
        ports.add(`closed in turn ${turn}`);
        outcome = await vendor.send(request, agent);
      }
      ports.add('status' in outcome ? outcome.localPort : `lost in turn ${turn}`);
      if (ours) outcomes.push(outcome);
      if (ours && !isAccepted(outcome, timeoutSeconds)) break;
      // An endpoint that takes its time, within the limit, must not make the run a long one.
      if (outcomes.length > 1 && performance.now() - started > 2 * timeoutSeconds * 1000) break;
      // An end of the connection that comes right after the reply has to be noticed before the next request.
      await sleep(20);
    }
  } finally {
    agent.destroy();
  }
  const finding = acceptance(outcomes, timeoutSeconds, answered);
  if (finding.broken) return finding;
  if (ports.size > 1) return { got: `${finding.got}, over ${ports.size} connections`, broken: kept };
  return { got: `${finding.got}, over one connection` };
}
