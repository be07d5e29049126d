import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { factsOf } from '../../generated/commands.ts';
import deliveryDocument from '../../generated/delivery.json' with { type: 'json' };
import { usualDecision } from '../../scripts/simulator/examples.ts';
import { eventOf } from '../../src/delivery/event.ts';
import { callbackReader } from '../../src/delivery/read.ts';
import type { LoggedCallback } from '../../src/store/consumers.ts';
import { APP } from './vendor.ts';

export const EVENT_MEDIA = 'application/cloudevents+json';
const STORE = '80c9839a';

/** A CloudEvent as JSON. */
export type Event = Record<string, unknown> & { id: string; type: string; time: string; data: unknown };

/** The examples of the delivery contract, by name. */
export const eventExamples = Object.fromEntries(
  Object.entries(deliveryDocument.paths['/'].post.requestBody.content[EVENT_MEDIA].examples).map(
    ([name, { value }]) => [name, value as Event],
  ),
);

const read = callbackReader(callbackDocument, { sdkAppId: Number(APP), storeId: STORE });

const CLIENT = { ClientIP: '203.0.113.7', OptPlatform: 'iOS' };

/** The text sent for a callback, or for the first item of a batch: read from its stored row like for a delivery. */
export function eventText(command: string, body: string, change: Partial<LoggedCallback> = {}): string {
  const facts = factsOf(command);
  const [{ content } = { content: { problem: 'it has no items' } }] = read({
    place: '0-1043',
    id: '1043',
    command,
    status: facts ? 'accepted' : 'unknown',
    ignored: false,
    receivedAt: new Date('2022-12-09T08:26:54.298Z'),
    decision: facts ? usualDecision(facts) : null,
    query: new URLSearchParams(
      facts?.clientParameters.map((name): [string, string] => [name, CLIENT[name]]),
    ).toString(),
    ...change,
    body: Buffer.from(body),
  });
  if ('problem' in content) throw new Error(content.problem);
  return eventOf({ ...content, group: null, attempt: 1, late: false }, Number(APP));
}
