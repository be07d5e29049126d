import net from 'node:net';
import tls from 'node:tls';
import { faults } from '../../simulator/faults.ts';
import type { Sendable } from '../../simulator/send.ts';
import type { Check } from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { accepts, refuses } from '../expect.ts';
import { rules } from '../rules.ts';

// Deep enough for a parser that calls itself, short enough for every limit.
const depth = 20_000;

const bodies: [name: string, what: string, body: string | Uint8Array][] = [
  ['list', 'a JSON list', '[]'],
  ['null', 'null', 'null'],
  ['text', 'a JSON string', '"ok"'],
  ['not-utf-8', 'bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d)],
  ['deep', `lists in lists, ${depth.toLocaleString('en-US')} deep`, '['.repeat(depth) + ']'.repeat(depth)],
];

/** What may upset an endpoint, and whether it did. */
export const hostileChecks: Check[] = [
  refuses({
    name: 'bodies/malformed',
    what: faults.malformed?.does ?? '',
    stage: 'hostile',
    status: 400,
    errorCode: 10100,
    request: (vendor) => vendor.faulty('malformed'),
  }),
  ...bodies.map(([name, what, body]) =>
    refuses({
      name: `bodies/${name}`,
      what,
      stage: 'hostile',
      status: 400,
      errorCode: 10100,
      request: (vendor) => ({ ...vendor.callback(), body }),
    }),
  ),
  ...[false, true].map((chunked) =>
    refuses({
      name: chunked ? 'bodies/oversized-chunked' : 'bodies/oversized',
      what: `a body of one byte more than --max-body-bytes${chunked ? ', in chunks without Content-Length' : ''}`,
      stage: 'hostile',
      status: 413,
      errorCode: 10105,
      request: (vendor) => ({ ...vendor.faulty('oversized'), chunked }),
    }),
  ),
  accepts({
    name: 'aftermath/hung-up',
    what: 'half a body, then the sender hangs up; then a callback',
    rule: rules.harmless,
    stage: 'aftermath',
    requests: hangUpFirst,
  }),
  accepts({
    name: 'aftermath/callback',
    what: 'a callback after all that was wrong before',
    rule: rules.harmless,
    stage: 'aftermath',
    requests: (vendor) => vendor.callback(),
  }),
];

/** Sends the half of a callback, hangs up, and gives the callback to send next. */
function hangUpFirst(vendor: Conversation): Promise<Sendable> {
  const { url, body } = vendor.callback();
  const { promise, resolve } = Promise.withResolvers<Sendable>();
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort(url)) };
  const socket = url.protocol === 'https:' ? tls.connect({ ...target, servername: url.hostname }) : net.connect(target);
  socket.setTimeout(vendor.options.timeoutSeconds * 1000, () => socket.destroy());
  socket.on('error', () => {});
  socket.on('close', () => resolve(vendor.callback()));
  const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`;
  const text = String(body);
  socket.write(
    `${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text.slice(0, Math.floor(text.length / 2))}`,
    () => socket.destroy(),
  );
  return promise;
}

function defaultPort({ protocol }: URL): number {
  return protocol === 'https:' ? 443 : 80;
}
