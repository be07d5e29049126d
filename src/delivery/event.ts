import type { Delivery } from './target.ts';

/** Exact spelling: the CloudEvents SDK for JavaScript compares it as a string. */
export const EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** All of a delivered event except `data`. */
export interface EventAttributes {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject?: string;
  time: string;
  datacontenttype: 'application/json';
  subjectkind?: string;
  receivedtime: string;
  clientip?: string;
  platform?: string;
  decision?: string;
  attempt?: number;
  late?: true;
}

/** A webhook counts attempts, since each one sends the event again; a stream receives the event once. */
type Delivered = Omit<Delivery, 'attempt'> & { attempt?: number };

/**
 * The event sent out for a callback, as `openapi/delivery.yaml` describes it: a CloudEvent in JSON. `data` is the text
 * of the body as received, which preserves numbers beyond 2^53.
 */
export function eventOf(delivery: Delivered, sdkAppId: number): string {
  const { raw } = delivery;
  const attributes = JSON.stringify(attributesOf(delivery, sdkAppId));
  return `${attributes.slice(0, -1)},"data":${textOf(raw)}}`;
}

function attributesOf(delivery: Delivered, sdkAppId: number): EventAttributes {
  const { id, command, subject, happenedAt, receivedAt, clientIp, optPlatform, decision, attempt, late } = delivery;
  return {
    specversion: '1.0',
    id,
    source: `/tencent-chat/${sdkAppId}`,
    type: command,
    ...(subject && { subject: subject.value }),
    time: happenedAt.toISOString(),
    datacontenttype: 'application/json',
    ...(subject && { subjectkind: subject.kind }),
    receivedtime: receivedAt.toISOString(),
    ...(clientIp && { clientip: clientIp }),
    ...(optPlatform && { platform: optPlatform }),
    ...(decision && { decision: decision.action }),
    ...(attempt !== undefined && { attempt }),
    ...(late && { late }),
  };
}

/** Drops a byte order mark, which is allowed only at the start of a text. */
function textOf(json: Buffer): string {
  const text = json.toString();
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
