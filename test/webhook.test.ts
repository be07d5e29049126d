import { expect, test } from '@jest/globals';
import { until } from './support/deliveries.ts';
import { receiver, send } from './support/library.ts';
import { serve } from './support/start.ts';
import { APP, CREATED, pathOf, payload, post } from './support/vendor.ts';
import { accept, freshSecret, status, webhookEndpoint } from './support/webhook.ts';

test('a callback is posted as a signed event', async () => {
  const endpoint = await webhookEndpoint();
  const secret = freshSecret();
  const opened = await receiver({ deliveryUrl: `${endpoint.url}/hook?key=1`, deliverySecret: secret });
  const url = await serve(opened.handler);
  const body = payload();
  await send(url + pathOf(), post(body));
  await until(() => endpoint.received.length === 1);
  console.log(endpoint.received, opened.lines);
  console.log(accept(endpoint.received[0]!, secret));
});
