// Express with openapi-backend, as its README sets it up: express.json, and every request through handleRequest.
import type { AddressInfo } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import express, { type Request, type Response } from 'express';
import { type Document, OpenAPIBackend, type Request as ParsableRequest } from 'openapi-backend';
import { openStore } from './store.ts';
import { contract, isSigned, OK, type Refusal, refusal, rowsOf, tellReady } from './vendor.ts';

const store = await openStore('each');
const bytes = new WeakMap<object, Buffer>();
const refuse = (response: Response, { status, reply }: Refusal) => response.status(status).json(reply);

const api = new OpenAPIBackend({
  definition: contract as Document,
  // Its own check and its own Ajv support OpenAPI 3.0 only.
  quick: true,
  customizeAjv: (_ajv, options) =>
    addFormats.default(new Ajv2020({ ...(options as object), strict: false, discriminator: true })),
});
api.register({
  receiveCallback: async (_context, request: Request, response: Response) => {
    await store(rowsOf({ url: request.originalUrl, body: bytes.get(request) as Buffer, payload: request.body }));
    return response.status(200).json(OK);
  },
  validationFail: (context, _request, response: Response) =>
    refuse(response, refusal(400, 10100, JSON.stringify(context.validation.errors))),
  unauthorizedHandler: (_context, _request, response: Response) =>
    refuse(response, refusal(401, 10102, 'Sign or RequestTime is wrong')),
  notFound: (_context, _request, response: Response) => response.status(404).json({ err: 'not found' }),
});
api.registerSecurityHandler('Sign', ({ request: { query } }) => isSigned(query.Sign, query.RequestTime));
await api.init();

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
  refuse(response, refusal(403, 10103, 'not the app of this receiver'));
});
app.use((request, response) => api.handleRequest(request as ParsableRequest, request, response));

const server = app.listen(0, '127.0.0.1', () => tellReady((server.address() as AddressInfo).port));
