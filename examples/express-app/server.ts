import type { IncomingMessage } from 'node:http';
import express from 'express';
import { ALLOW, createReceiver, reject } from 'tencent-chat-callbacks';

const receiver = await createReceiver({
  sdkAppId: Number(process.env.SDK_APP_ID ?? 1400000000),
  tokens: [process.env.CALLBACK_TOKEN ?? 'my-token'],
});

receiver.on('Group.CallbackAfterCreateGroup', async ({ payload, group }) => {
  console.log(`${payload.Owner_Account} created ${payload.Name}, which has ${group?.memberCount} members`);
});
receiver.decide('Group.CallbackBeforeSendMsg', ({ payload }) =>
  JSON.stringify(payload.MsgBody).includes('buy now') ? reject('No advertising', 10120) : ALLOW,
);
receiver.on('fatal', () => process.exit(1));

const app = express();
app.use(express.json({ limit: '256kb', verify: keepRawBody }));
app.get('/', (_request, response) => response.json({ hello: 'world' }));
app.use('/im/callback', receiver.handler);
const server = app.listen(Number(process.env.PORT ?? 8080), () => console.log('ready', server.address()));

process.once('SIGTERM', () => server.close(() => receiver.close()));

/** Keeps the bytes: a callback is stored byte for byte, so the parsed body is not enough. */
function keepRawBody(request: IncomingMessage, _response: unknown, body: Buffer): void {
  Object.assign(request, { rawBody: body });
}
