// Hono with @hono/zod-openapi: the contract is written in Zod, as its users do.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { openStore } from './store.ts';
import { judgeSender, OK, type Payload, refusal, rowsOf, tellReady } from './vendor.ts';

const store = await openStore('each');

const query = z.looseObject({
  SdkAppid: z.string().regex(/^[0-9]+$/),
  CallbackCommand: z.string().min(1),
  contenttype: z.string().optional(),
  ClientIP: z.string().optional(),
  OptPlatform: z.string().optional(),
  RequestTime: z
    .string()
    .regex(/^[0-9]+$/)
    .optional(),
});

const groupCreated = z.looseObject({
  CallbackCommand: z.literal('Group.CallbackAfterCreateGroup'),
  GroupId: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[ -~]+$/),
  Operator_Account: z.string(),
  Owner_Account: z.string().optional(),
  Type: z.string().min(1),
  Name: z.string(),
  Introduction: z.string().optional(),
  Notification: z.string().optional(),
  MemberList: z.array(z.looseObject({ Member_Account: z.string() })).optional(),
  UserDefinedDataList: z.array(z.looseObject({ Key: z.string(), Value: z.string() })).optional(),
  InviteOption: z.string().optional(),
  EventTime: z.union([z.int().min(0).max(99_999_999_999_999), z.string().regex(/^[0-9]{1,14}$/)]).optional(),
});

const reply = z.object({ ActionStatus: z.enum(['OK', 'FAIL']), ErrorInfo: z.string(), ErrorCode: z.int() });

const route = createRoute({
  method: 'post',
  path: '/',
  request: { query, body: { content: { 'application/json': { schema: groupCreated } }, required: true } },
  responses: {
    200: { content: { 'application/json': { schema: reply } }, description: 'Stored.' },
    400: { content: { 'application/json': { schema: reply } }, description: 'Against the contract.' },
  },
  middleware: [
    async (c, next) => {
      const refused = judgeSender(c.req.query());
      if (refused) return c.json(refused.reply, refused.status);
      await next();
    },
  ] as const,
});

const app = new OpenAPIHono({
  defaultHook: (result, c) => {
    if (!result.success) return c.json(refusal(400, 10100, result.error.message).reply, 400);
  },
});
app.openapi(route, async (c) => {
  const body = Buffer.from(await c.req.text());
  await store(rowsOf({ url: c.req.url, body, payload: c.req.valid('json') as Payload }));
  return c.json(OK, 200);
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) => tellReady(port));
