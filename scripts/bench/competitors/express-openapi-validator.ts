// Express with express-openapi-validator, as its README sets it up.
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Request } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { openStore } from './store.ts';
import { contract, isSigned, OK, refusal, rowsOf, tellReady } from './vendor.ts';

const store = await openStore('each');
const bytes = new WeakMap<object, Buffer>();
const app = express();
app.use(
  express.json({
    verify: (request, _response, body) => {
      bytes.set(request, body);
    },
  }),
);
app.use((request, response, next) => {
  if (request.query.SdkAppid === process.env.SDK_APP_ID) return next();
  const refused = refusal(403, 10103, 'not the app of this receiver');
  response.status(refused.status).json(refused.reply);
});
app.use(
  OpenApiValidator.middleware({
    apiSpec: contract as never,
    validateRequests: { allowUnknownQueryParameters: true },
    validateSecurity: { handlers: { Sign: ({ query }: Request) => isSigned(query.Sign, query.RequestTime) } },
  }),
);
app.post('/', async (request, response) => {
  await store(rowsOf({ url: request.originalUrl, body: bytes.get(request) as Buffer, payload: request.body }));
  response.json(OK);
});
app.use(((error, _request, response, _next) => {
  const refused = error.status === 401 ? refusal(401, 10102, error.message) : refusal(400, 10100, error.message);
  response.status(refused.status).json(refused.reply);
}) satisfies ErrorRequestHandler);

const server = app.listen(0, '127.0.0.1', () => tellReady((server.address() as AddressInfo).port));
