import type { Delivery } from './target.ts';

/** In this very spelling: the CloudEvents SDK for JavaScript compares it as a text. */
export const EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** Of the event that a delivery sends out, all but `data`. */
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

/** Attempts are counted where each one sends the event again; into a stream it goes once. */
type Delivered = Omit<Delivery, 'attempt'> & { attempt?: number };

/**
 * What is sent out of a callback, by `openapi/delivery.yaml`: a CloudEvent in JSON. `data` is the body's text as received,
 * so that numbers beyond 2^53 stay whole.
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

/** Without a byte order mark, which may stand only at the start of a text. */
function textOf(json: Buffer): string {
  const text = json.toString();
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
