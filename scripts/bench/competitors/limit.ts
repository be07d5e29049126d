// The limit: what Node and the database achieve alone. No framework, no signature, no validation.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openStore } from './store.ts';
import { OK, rowsOf, tellReady } from './vendor.ts';

const store = await openStore('together');
const reply = Buffer.from(JSON.stringify(OK));
const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': reply.length };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    await store(rowsOf({ url: request.url ?? '', body, payload: JSON.parse(body.toString()) }));
    response.writeHead(200, headers);
    response.end(reply);
  });
});
server.listen(0, '127.0.0.1', () => tellReady((server.address() as AddressInfo).port));
