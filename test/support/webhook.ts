import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { type CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import type { DeliverToOptions } from '../../src/delivery/delivery.ts';
import type { EventAttributes } from '../../src/delivery/event.ts';
import type { DeliveryOptions } from '../../src/delivery/start.ts';
import type { DeliveryStore } from '../../src/delivery/target.ts';
import type { StoredDelivery } from '../../src/store/consumers.ts';
import { deliver } from './deliveries.ts';
import { deliveriesOf, type MemoryLog } from './memory-log.ts';
import { serve } from './start.ts';

export function freshSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** Deliveries to a webhook over a store, with every line of their log. */
export function deliverToWebhook(
  store: DeliveryStore,
  url: string,
  { options = {}, ...given }: Partial<DeliverToOptions> & { options?: Partial<DeliveryOptions> } = {},
) {
  const deliveries = deliver(store, options);
  deliveries.deliverTo(url, { secret: freshSecret(), from: 'beginning', ...given });
  return deliveries;
}

/** The webhook's stored deliveries with a status; none before it is registered. */
export function storedOf(log: MemoryLog, status: StoredDelivery['status'] = 'parked'): StoredDelivery[] {
  return log.consumers.has('webhook') ? deliveriesOf(log, 'webhook', status) : [];
}

/** What an endpoint received. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: as the callback has it
  event: EventAttributes & { data: any };
  at: number;
}

/** Answers one delivery. If it leaves the response open, the status is 204. */
export type Answer = (response: ServerResponse, received: Received) => unknown;

/** Answers with a status, and with headers. */
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('the answer of the endpoint');

/** Receives deliveries; `answer` can be changed at any time. */
export function endpointOf(answer: Answer = status(204)) {
  const endpoint = { received: [] as Received[], answer, listener: null as unknown as RequestListener };
  endpoint.listener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { url: path = '', headers } = request;
    const received = { path, headers, body, event: JSON.parse(body), at: Date.now() };
    endpoint.received.push(received);
    endpoint.answer(response, received);
  };
  return endpoint;
}

/** The same on a free port; closed with the test. */
export async function webhookEndpoint(answer?: Answer) {
  const endpoint = endpointOf(answer);
  return Object.assign(endpoint, { url: await serve(endpoint.listener) });
}

/** Checks a delivery like an endpoint in TypeScript. @throws if signature or event are wrong */
export function accept({ headers, body }: Received, secret: string): CloudEvent<unknown> {
  new Webhook(secret).verify(body, headers as Record<string, string>);
  const event = HTTP.toEvent({ headers, body }) as CloudEvent<unknown>;
  event.validate();
  return event;
}
