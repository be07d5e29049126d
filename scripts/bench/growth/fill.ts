import { randomUUID } from 'node:crypto';
import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import { openContract } from '../../../src/callback/contract.ts';
import { judgeBy } from '../../../src/receiver/judge.ts';
import { openStoreForBatch } from '../../../src/store/open-store.ts';
import { vendorRequest } from '../../simulator/vendor-request.ts';
import { BODY_BYTES } from '../options.ts';
import { COMMAND, RequestTemplate, SDK_APP_ID, TOKEN } from '../request-template.ts';

const AT_ONCE = 1_000;

/** Puts so many callbacks, each of a group of its own, into a new database, as the receiver would, but without HTTP. */
export async function fill(databaseUrl: string, count: number, onProgress: (stored: number) => void): Promise<void> {
  const judge = judgeBy(await openContract(callbackDocument), SDK_APP_ID);
  const url = 'http://127.0.0.1/';
  const query = vendorRequest(COMMAND, '', { url, sdkAppId: SDK_APP_ID, token: TOKEN }).url.search.slice(1);
  const template = new RequestTemplate(url, BODY_BYTES);
  const store = await openStoreForBatch(databaseUrl, SDK_APP_ID);
  for (let stored = 0; stored < count; stored += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - stored) }, () =>
      judge({ arrival: randomUUID(), query, body: template.nextBody(), receivedAt: new Date() }),
    );
    await Promise.all(batch.map(({ callback }) => store.append(callback)));
    if (stored % (50 * AT_ONCE) === 0) onProgress(stored + batch.length);
  }
  await store.close();
}
