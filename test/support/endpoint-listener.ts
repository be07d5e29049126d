import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './fault.ts';
import { minimalEndpoint } from './minimal-endpoint.ts';

/** Serves an endpoint with a fault, or a correct one without. */
export function listenerOf(fault: Fault = (request, right) => right(request), token?: string): RequestListener {
  const right = minimalEndpoint(token);
  return async (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return;
    }
    const url = new URL(incoming.url ?? '/', 'http://endpoint');
    const { method = '', headers, socket } = incoming;
    const request = {
      method,
      headers,
      socket,
      path: url.pathname,
      query: url.searchParams,
      body: Buffer.concat(chunks),
    };
    const answer = await fault(request, right);
    if (!answer) return void socket.destroy();
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body, () => answer.hangsUp && socket.end());
  };
}

/** Serves on a free loopback port until it is disposed. */
export async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}/`, close, [Symbol.asyncDispose]: close };
}
