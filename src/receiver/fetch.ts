import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CallbackHandler } from './receiver.ts';
import { Refusal, replyRefusal } from './reply.ts';

/** Adapts the handler to the Fetch API. Never rejects. */
export function fetchBy(handle: CallbackHandler): (request: Request) => Promise<Response> {
  return async (request) => {
    // Loaded on first use: loading it takes as long as the rest of the receiver.
    const { fetchNodeHandler } = await import('srvx/node');
    const bodyUsed = request.bodyUsed || request.body?.locked === true;
    return fetchNodeHandler(async (nodeRequest: IncomingMessage, response: ServerResponse) => {
      Object.assign(nodeRequest, { bodyUsed });
      const socket: Duplex = nodeRequest.socket;
      // With srvx's own server, this is a request of Node's, and Node handles its errors.
      if (socket instanceof Socket) return handle(nodeRequest, response);
      // Otherwise only the socket learns that the request was aborted, or that its body failed.
      socket.once('error', () => nodeRequest.destroy());
      await handle(nodeRequest, response);
      // Do not read the rest of a refused body: it may never end.
      nodeRequest.pause();
      // The Fetch API needs an answer even if the sender is gone.
      if (!response.headersSent) replyRefusal(response, new Refusal('malformed HTTP', 'The body broke off'));
    }, request);
  };
}
