import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CallbackHandler } from './receiver.ts';
import { Refusal, replyRefusal } from './reply.ts';

/** The handler for servers that speak the Fetch API. It never rejects. */
export function fetchBy(handle: CallbackHandler): (request: Request) => Promise<Response> {
  return async (request) => {
    // Loaded where it is used: it takes as long as the rest of the receiver.
    const { fetchNodeHandler } = await import('srvx/node');
    const bodyUsed = request.bodyUsed || request.body?.locked === true;
    return fetchNodeHandler(async (nodeRequest: IncomingMessage, response: ServerResponse) => {
      Object.assign(nodeRequest, { bodyUsed });
      const socket: Duplex = nodeRequest.socket;
      // A request that came through srvx's own server is Node's, and Node handles its errors.
      if (socket instanceof Socket) return handle(nodeRequest, response);
      // Otherwise nothing but the socket is told when the request is aborted, or its body fails.
      socket.once('error', () => nodeRequest.destroy());
      await handle(nodeRequest, response);
      // What is left of a body that was refused is not read: it may never end.
      nodeRequest.pause();
      // Here a sender that is gone has to be answered as well.
      if (!response.headersSent) replyRefusal(response, new Refusal('malformed HTTP', 'The body broke off'));
    }, request);
  };
}
