import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import type { EventAttributes } from '../../src/delivery/event.ts';
import { serve } from './start.ts';

export function freshSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** What an endpoint was sent. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: as the callback has it
  event: EventAttributes & { data: any };
  at: number;
}

/** Answers one delivery. What it leaves open is answered 204. */
export type Answer = (response: ServerResponse, received: Received) => unknown;

/** Answers with a status, and with headers. */
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('the answer of the endpoint');

/** Takes deliveries: `answer` can be changed at any time. */
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

/** The same on a free port, until the test ends. */
export async function webhookEndpoint(answer?: Answer) {
  const endpoint = endpointOf(answer);
  return Object.assign(endpoint, { url: await serve(endpoint.listener) });
}

/** As an endpoint in TypeScript checks what it was sent. @throws where the signature or the event is wrong */
export function accept({ headers, body }: Received, secret: string): ReturnType<typeof HTTP.toEvent> {
  new Webhook(secret).verify(body, headers as Record<string, string>);
  return HTTP.toEvent({ headers, body });
}
