import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countDeliveries } from './delivery-statistics.ts';

// The endpoint of a webhook, in its own process: only counts events.

const delivered = countDeliveries();
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    delivered(Date.parse(JSON.parse(body).receivedtime));
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'ready', callbackUrl: `http://127.0.0.1:${port}/`, time: Date.now() }));
});
