import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** The event; throws where the receiver did not send it. */
export function readEvent(
  secret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): unknown {
  const given = headers as Record<string, string>;
  return new Webhook(secret).verify(body, given);
}
