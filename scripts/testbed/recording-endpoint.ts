import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { RecordedDelivery } from './recording-handlers.ts';

// A team's endpoint, in its own process: checks the signature, records the event, answers. Settings: PORT,
// DELIVERY_SECRET, and RECORD_FILE, whose lines survive a kill of the process.

const webhook = new Webhook(process.env.DELIVERY_SECRET as string);
const file = openSync(process.env.RECORD_FILE as string, 'a');

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const status = record(request, body);
  response.writeHead(status).end();
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'ready', callbackUrl: `http://127.0.0.1:${port}/`, time: Date.now() }));
});

function record({ headers }: IncomingMessage, body: Buffer): number {
  let event: { id: string; attempt: number; data: { GroupId: string; EventTime: number } };
  try {
    event = webhook.verify(body, headers as Record<string, string>) as typeof event;
  } catch {
    return 401;
  }
  if (headers['webhook-id'] !== event.id) return 400;
  const { GroupId: group, EventTime: at } = event.data;
  const line: RecordedDelivery = { pid: 0, id: event.id, group, at, attempt: event.attempt, when: Date.now() };
  writeSync(file, `${JSON.stringify(line)}\n`);
  return 204;
}
