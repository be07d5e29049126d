// Fastify with its own JSON Schema validation. COMMITS=together: with group commit.
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyError } from 'fastify';
import { openStore } from './store.ts';
import {
  bodySchema,
  judgeSender,
  OK,
  type Payload,
  querySchema,
  refusal,
  replySchema,
  rowsOf,
  tellReady,
} from './vendor.ts';

declare module 'fastify' {
  interface FastifyRequest {
    bytes: Buffer;
  }
}

const store = await openStore(process.env.COMMITS === 'together' ? 'together' : 'each');
const app = fastify({
  // The vendor's contract is open and allows several types for one field; by default, Fastify would remove and convert
  // values.
  ajv: { customOptions: { discriminator: true, removeAdditional: false, coerceTypes: false, strict: false } },
});
app.decorateRequest('bytes');

app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
  request.bytes = body as Buffer;
  try {
    done(null, JSON.parse(body.toString()));
  } catch (error) {
    done(error as Error);
  }
});

app.addHook('onRequest', async (request, reply) => {
  const refused = judgeSender(request.query);
  if (refused) return reply.code(refused.status).send(refused.reply);
});

app.setErrorHandler((error: FastifyError, _request, reply) => {
  const refused = refusal(400, 10100, error.message);
  return reply.code(refused.status).send(refused.reply);
});

app.post(
  '/',
  { schema: { querystring: querySchema, body: bodySchema, response: { 200: replySchema } } },
  async (request) => {
    await store(rowsOf({ url: request.url, body: request.bytes, payload: request.body as Payload }));
    return OK;
  },
);

await app.listen({ host: '127.0.0.1', port: 0 });
tellReady((app.server.address() as AddressInfo).port);
