import type { LookupFunction } from 'node:net';
import { expect, test } from '@jest/globals';
import { isRefusedAddress } from '../src/delivery/refused-addresses.ts';
import { judgeWebhook } from '../src/delivery/webhook-settings.ts';
import { until } from './support/deliveries.ts';
import { createMemoryLog } from './support/memory-log.ts';
import { CREATED } from './support/vendor.ts';
import { deliverToWebhook, freshSecret, storedOf, webhookEndpoint } from './support/webhook.ts';

const problemsOf = (url: string) => judgeWebhook({ url, secret: freshSecret(), commands: undefined }).problems;

test.each([
  '169.254.169.254',
  '169.254.0.1',
  '0xa9fea9fe',
  '0xA9.0xFE.0xA9.0xFE',
  '2852039166',
  '0251.0376.0251.0376',
  '169.254.43518',
  '１６９.254.169.254',
  '169.254.169.254.',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[fe80::1]',
  '[febf:ffff::1]',
  '[fd00:ec2::254]',
  '[fd00:0ec2:0:0::0254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '[::ffff:100.100.100.200]',
  '192.0.0.192',
  '168.63.129.16',
  '[fd00:ec2::23]',
])('nothing is delivered to %s', (host) => {
  for (const url of [`http://${host}/latest/meta-data?key=hunter2`, `https://me:hunter2@${host}:8443/`]) {
    expect(problemsOf(url)).toMatchObject([{ setting: 'url', shown: '(redacted)' }]);
    expect(problemsOf(url)[0]?.expected).toMatch(
      /^another host than \S+: nothing is delivered to link-local addresses and those of cloud metadata$/,
    );
  }
});

test.each([
  '127.0.0.1',
  'localhost',
  '10.0.0.7',
  '172.16.1.1',
  '192.168.1.1',
  '100.100.100.201',
  '169.253.255.255',
  '[::1]',
  '[fd00::1]',
  '[fec0::1]',
  '[::ffff:10.0.0.7]',
  'crm.example.com',
])('%s may be the endpoint', (host) => {
  expect(problemsOf(`http://${host}:8080/`)).toEqual([]);
});

test('an address with a zone is recognized by the address', () => {
  expect(isRefusedAddress('fe80::1%eth0')).toBe(true);
  expect(isRefusedAddress('::1%lo')).toBe(false);
});

const failureOf = async (url: string, lookup: LookupFunction) => {
  const log = createMemoryLog();
  log.append(CREATED, { GroupId: 'a' });
  deliverToWebhook(log.connect(), url, { options: { lookup } });
  await until(() => storedOf(log).length === 1);
  return storedOf(log)[0]?.error;
};

const leadingTo =
  (...addresses: string[]): LookupFunction =>
  (_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

test.each([
  [['169.254.169.254'], '169.254.169.254'],
  [['10.0.0.7', '169.254.169.254'], '169.254.169.254'],
  [['::ffff:169.254.169.254'], '::ffff:169.254.169.254'],
  [['fe80::1%eth0'], 'fe80::1%eth0'],
  [['fd00:ec2::254', '127.0.0.1'], 'fd00:ec2::254'],
])('a name that resolves to %j is refused when a connection is made', async (addresses, refused) => {
  for (const scheme of ['http', 'https']) {
    expect(await failureOf(`${scheme}://metadata.example.com/`, leadingTo(...addresses))).toBe(
      `the endpoint's name leads to ${refused}: nothing is delivered to link-local addresses and those of cloud metadata`,
    );
  }
});

test('a name that does not exist is an ordinary failure', async () => {
  const missing: LookupFunction = (_name, _options, done) =>
    done(Object.assign(new Error('getaddrinfo ENOTFOUND hunter2.example.com'), { code: 'ENOTFOUND' }), []);
  expect(await failureOf('http://hunter2.example.com/', missing)).toBe('no answer from the endpoint: ENOTFOUND');
});

test('each connection uses the very address that was checked for it', async () => {
  const endpoint = await webhookEndpoint((response) => response.writeHead(204, { Connection: 'close' }).end());
  const answers = ['127.0.0.1', '127.0.0.1', '169.254.169.254'];
  const asked: string[] = [];
  const rebinding: LookupFunction = (name, options, done) => {
    asked.push(name);
    leadingTo(answers[asked.length - 1] ?? '127.0.0.1')(name, options, done);
  };
  const log = createMemoryLog();
  const { port } = new URL(endpoint.url);
  deliverToWebhook(log.connect(), `http://crm.example.com:${port}/`, { options: { lookup: rebinding } });
  for (let index = 1; index <= 3; index += 1) {
    log.append(CREATED, { GroupId: 'a' });
    await until(() => asked.length === index);
  }
  await until(() => storedOf(log).length === 1);
  expect(endpoint.received.map(({ headers }) => headers.host)).toEqual(Array(2).fill(`crm.example.com:${port}`));
  expect(asked).toEqual(Array(3).fill('crm.example.com'));
});
