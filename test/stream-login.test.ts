import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { nkeys } from '@nats-io/transport-node';
import { NatsStream } from '../src/delivery/stream.ts';
import { createAuthority, createPair, type Pair } from './support/certificates.ts';
import { until } from './support/deliveries.ts';
import { describeWithNats, settingsOf, useNats } from './support/nats.ts';
import { silent } from './support/publishing.ts';
import { type Running, start, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

/** A receiver with one callback for the stream. */
async function publishing(env: Record<string, string>): Promise<Running> {
  const running = await start({ env });
  expect((await running.send(pathOf(), post(payload()))).status).toBe(200);
  return running;
}

async function consumer({ read }: Running): Promise<{ state: string; detail: string | null; lag: number }> {
  return (await read('/api/consumers')).json.consumers[0];
}

async function expectPublished(env: Record<string, string>): Promise<void> {
  const running = await publishing(env);
  await until(async () => (await consumer(running)).lag === 0, 20);
  expect(await consumer(running)).toMatchObject({ name: 'stream', kind: 'stream', state: 'running', detail: null });
  expect(running.logged.join('')).not.toMatch(/s3cret|SUAC/);
}

async function expectRefused(env: Record<string, string>, detail: RegExp): Promise<void> {
  const running = await publishing(env);
  await until(async () => (await consumer(running)).state === 'backing off', 20);
  const shown = await consumer(running);
  expect(shown).toMatchObject({ lag: 1, detail: expect.stringMatching(detail) });
  expect(running.logged.join('') + JSON.stringify(shown)).not.toMatch(/s3cret|wr0ng/);
}

const REFUSED =
  /^NATS at 127\.0\.0\.1:\d+ refuses the login \(.*\): check user and password in NATS_URL, or NATS_CREDS_FILE/;

describeWithNats('a server that requires', () => {
  test('user and password gets those of the URL, and a wrong one is named without being shown', async () => {
    const { url } = await useNats({ config: 'authorization { user: app, password: "s3cret@%" }' });
    await expectPublished({ NATS_URL: url.replace('//', `//app:${encodeURIComponent('s3cret@%')}@`) });
    await expectRefused({ NATS_URL: url.replace('//', '//app:wr0ng@') }, REFUSED);
  });

  test('a token gets that of the URL', async () => {
    const { url } = await useNats({ config: 'authorization { token: "s3cret" }' });
    await expectPublished({ NATS_URL: url.replace('//', '//s3cret@') });
    await expectRefused({ NATS_URL: url }, REFUSED);
  });

  test('a signature gets one by the key of the credentials file', async () => {
    const user = nkeys.createUser();
    const { url } = await useNats({ config: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }` });
    const file = join(temporaryFolder(), 'user.creds');
    const seed = Buffer.from(user.getSeed()).toString();
    // The server checks only the key: it trusts no operator, who would have signed the token.
    const block = (name: string, text: string) => `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n\n`;
    writeFileSync(file, `${block('NATS USER JWT', 'e30.e30.e30')}${block('USER NKEY SEED', seed)}`);
    await expectPublished({ NATS_URL: url, NATS_CREDS_FILE: file });
    await expectRefused({ NATS_URL: url }, REFUSED);
    const settings = settingsOf({ NATS_URL: url, NATS_CREDS_FILE: file });
    rmSync(file);
    const stream = new NatsStream(settings, { sdkAppId: 1_400_000_000, log: silent });
    await expect(stream.open('0a1b2c3d', () => {})).rejects.toThrow(
      /^The credentials of ".*user\.creds" cannot be read \(ENOENT.*\): check NATS_CREDS_FILE$/,
    );
  });
});

describeWithNats('a server with TLS', () => {
  let authority: Pair;
  let pair: Pair;
  beforeAll(async () => {
    authority = await createAuthority('testbed');
    pair = await createPair('nats', authority);
  });

  test('is trusted only by the authority of NATS_CA_FILE, and one without TLS is not used for tls://', async () => {
    const folder = temporaryFolder();
    const [cert, key, ca] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(cert, pair.cert);
    writeFileSync(key, pair.key);
    writeFileSync(ca, authority.cert);
    const { url } = await useNats({
      config: `tls { cert_file: ${JSON.stringify(cert)}, key_file: ${JSON.stringify(key)} }`,
    });
    const secure = url.replace('nats:', 'tls:');
    await expectPublished({ NATS_URL: secure, NATS_CA_FILE: ca });
    await expectRefused({ NATS_URL: url }, /cannot be reached \(unable to verify the first certificate/);
    await expectRefused({ NATS_URL: secure }, /cannot be reached \(unable to verify the first certificate/);
    const open = await useNats();
    await expectRefused({ NATS_URL: open.url.replace('nats:', 'tls:') }, /cannot be reached \(.*tls/i);
  });
});
