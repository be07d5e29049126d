import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, get, type RequestOptions, request } from 'node:https';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type ConfigError, readConfig } from '../src/config.ts';
import { createTlsServer } from '../src/receiver/tls-server.ts';
import { createAuthority, createPair, type Pair } from './support/certificates.ts';
import { startProcess } from './support/process.ts';
import { callbackContract, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload } from './support/vendor.ts';

let authority: Pair;
let stranger: Pair;
let first: Pair;
let second: Pair;
beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority('Ours'), createAuthority('A stranger')]);
  [first, second] = await Promise.all([createPair('first', authority), createPair('second', authority)]);
});

/** Writes the files, and returns the environment that names them. */
function write(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      const path = join(folder, `${name}.pem`);
      writeFileSync(path, text);
      return [name, path];
    }),
  );
}

async function serveTls(paths: Record<string, string>): Promise<{ port: number; logged: string[] }> {
  const logged: string[] = [];
  const log = pino({}, { write: (line) => void logged.push(line) });
  const server = createTlsServer({ paths, log, pollMs: 10 }, (_request, response) => response.end('served'));
  teardown(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, logged };
}

/** The body of the reply, or the error's code. */
function ask(port: number, options: RequestOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, ca: authority.cert, agent: false, ...options }, async (response) => {
      resolve((await response.toArray()).join(''));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** The common name of the certificate that a new connection gets. */
async function servedName(port: number): Promise<unknown> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.cert });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

async function until(what: string, happened: () => unknown): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await happened())) {
    if (Date.now() > end) throw new Error(`Not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('problems with the files are reported at the start, in the same list', () => {
  const cut = (text: string) => text.slice(0, text.length / 2);
  const encrypted = ({ key }: Pair) =>
    createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();

  test.each<[string, () => Record<string, string>, RegExp[]]>([
    ['a certificate without key', () => ({ TLS_CERT_FILE: first.cert }), [/^TLS_KEY_FILE is unset: expected the priv/]],
    ['a key without certificate', () => ({ TLS_KEY_FILE: first.key }), [/^TLS_CERT_FILE is unset: expected the cert/]],
    [
      'a client CA alone',
      () => ({ TLS_CLIENT_CA_FILE: authority.cert }),
      [/^TLS_CERT_FILE is unset/, /^TLS_KEY_FILE is unset/],
    ],
    [
      'the two swapped',
      () => ({ TLS_CERT_FILE: first.key, TLS_KEY_FILE: first.cert }),
      [/^TLS_CERT_FILE is ".*".*the file has a private key/, /^TLS_KEY_FILE is ".*".*the file has a certificate/],
    ],
    [
      "another certificate's key",
      () => ({ TLS_CERT_FILE: first.cert, TLS_KEY_FILE: second.key }),
      [/^TLS_KEY_FILE is ".*": expected the private key of the first.*\(CN=first\); it is the key of another$/],
    ],
    [
      'the chain in the wrong order',
      () => ({ TLS_CERT_FILE: authority.cert + first.cert, TLS_KEY_FILE: first.key }),
      [/^TLS_KEY_FILE.*\(CN=Ours\)/],
    ],
    [
      'text',
      () => ({ TLS_CERT_FILE: 'hello', TLS_KEY_FILE: '', TLS_CLIENT_CA_FILE: 'x' }),
      [/^TLS_CERT_FILE.*no -----BEGIN/, /^TLS_KEY_FILE.*no private key/, /^TLS_CLIENT_CA_FILE.*no -----BEGIN/],
    ],
    [
      'files that are cut off',
      () => ({
        TLS_CERT_FILE: first.cert + cut(authority.cert),
        TLS_KEY_FILE: cut(first.key),
        TLS_CLIENT_CA_FILE: authority.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'),
      }),
      [/^TLS_CERT_FILE.*cut off or/, /^TLS_KEY_FILE.*cut off or/, /^TLS_CLIENT_CA_FILE.*cut off or/],
    ],
    [
      'a key with a passphrase',
      () => ({ TLS_CERT_FILE: first.cert, TLS_KEY_FILE: encrypted(first) }),
      [/^TLS_KEY_FILE.*expected a private key without passphrase/],
    ],
  ])('%s', (_title, files, want) => {
    const env = write(temporaryFolder(), files());
    const problems = problemsOf(env);
    expect(problems).toEqual(want.map((pattern) => expect.stringMatching(pattern)));
    expect(problems.join()).not.toContain(first.key.split('\n')[1]);
  });

  test('no such file, a folder', () => {
    const folder = temporaryFolder();
    expect(problemsOf({ TLS_CERT_FILE: join(folder, 'no.pem'), TLS_KEY_FILE: folder, PORT: 'x' })).toEqual([
      expect.stringMatching(/^PORT/),
      `TLS_CERT_FILE is ${JSON.stringify(join(folder, 'no.pem'))}: expected a PEM file that can be read; there is no such file`,
      `TLS_KEY_FILE is ${JSON.stringify(folder)}: expected a PEM file that can be read; it is a folder`,
    ]);
  });

  test('a key that is too weak is reported by its certificate', async () => {
    const weak = await createAuthority('weak', { keyType: 'rsa', keySize: 1024 });
    expect(problemsOf(write(temporaryFolder(), { TLS_CERT_FILE: weak.cert, TLS_KEY_FILE: weak.key }))).toEqual([
      expect.stringMatching(/^TLS_CERT_FILE.*OpenSSL takes; it says: .*key too small/),
    ]);
  });

  function problemsOf(env: Record<string, string>): readonly string[] {
    try {
      readConfig(env);
    } catch (error) {
      return (error as ConfigError).problems;
    }
    return [];
  }
});

test('one file may hold both, even without line breaks in between', async () => {
  const both = first.key + first.cert + authority.cert;
  const paths = write(temporaryFolder(), { TLS_CERT_FILE: both, TLS_KEY_FILE: both });
  expect(readConfig(paths).tls).toEqual(paths);
  expect(await ask((await serveTls(paths)).port)).toBe('served');
});

test('an expired certificate is served with a warning', async () => {
  const old = await createPair('old', authority, {
    notBeforeDate: new Date('2020-01-01'),
    notAfterDate: new Date('2021-01-01'),
  });
  const { port, logged } = await serveTls(write(temporaryFolder(), { TLS_CERT_FILE: old.cert, TLS_KEY_FILE: old.key }));
  expect(await ask(port, { rejectUnauthorized: false })).toBe('served');
  expect(logged.join('')).toMatch(/"level":40.*"validTo":"2021-01-01.*has expired/);
});

test.each<[SecureVersion, string | undefined, string]>([
  ['TLSv1.3', undefined, 'TLSv1.3'],
  ['TLSv1.2', undefined, 'TLSv1.2'],
  ['TLSv1.1', 'DEFAULT@SECLEVEL=0', 'refused'],
  ['TLSv1', 'DEFAULT@SECLEVEL=0', 'refused'],
  // One without forward secrecy, one without AEAD.
  ['TLSv1.2', 'AES128-GCM-SHA256', 'refused'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-SHA256', 'refused'],
])('%s with ciphers %s: %s', async (version, ciphers, want) => {
  const { port } = await serveTls(write(temporaryFolder(), { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: first.key }));
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: authority.cert,
    minVersion: version,
    maxVersion: version,
    ...(ciphers ? { ciphers } : {}),
  });
  const got = await Promise.race([
    once(socket, 'secureConnect').then(() => socket.getProtocol()),
    new Promise((resolve) => socket.on('error', () => resolve('refused'))),
  ]).catch(() => 'refused');
  socket.destroy();
  expect(got).toBe(want);
});

describe('client certificates', () => {
  test('only holders of one signed by the CA are admitted; each CA of the file counts', async () => {
    const other = await createAuthority('Other');
    const { port, logged } = await serveTls(
      write(temporaryFolder(), {
        TLS_CERT_FILE: first.cert,
        TLS_KEY_FILE: first.key,
        TLS_CLIENT_CA_FILE: other.cert + authority.cert,
      }),
    );
    expect(await ask(port, second)).toBe('served');
    expect(await ask(port, await createPair('client', other))).toBe('served');
    const expired = { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2021-01-01') };
    for (const client of [{}, await createPair('x', stranger), await createPair('x', authority, expired)])
      expect(await ask(port, client)).not.toBe('served');
    await until('three refusals logged', () => logged.filter((line) => line.includes('"kind":"TLS"')).length === 3);
    expect(logged.join('')).toMatch(/CERT_HAS_EXPIRED/);
  });

  test('of a CA removed from the file are no longer admitted, not even with an old session', async () => {
    const folder = temporaryFolder();
    const paths = write(folder, {
      TLS_CERT_FILE: first.cert,
      TLS_KEY_FILE: first.key,
      TLS_CLIENT_CA_FILE: authority.cert,
    });
    const { port, logged } = await serveTls(paths);
    const agent = new Agent({ maxCachedSessions: 10 });
    expect(await ask(port, { ...second, agent })).toBe('served');
    expect(await ask(port, { ...second, agent })).toBe('served');
    write(folder, { TLS_CLIENT_CA_FILE: stranger.cert });
    await until('reloaded', () => logged.join('').includes('was reloaded'));
    expect(await ask(port, { ...second, agent })).not.toBe('served');
    expect(await ask(port, await createPair('theirs', stranger))).toBe('served');
  });
});

describe('files that change', () => {
  test('are reloaded; a pair that does not match is warned about once and leaves the old one in use', async () => {
    const folder = temporaryFolder();
    const { port, logged } = await serveTls(
      write(folder, { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: first.key, TLS_CLIENT_CA_FILE: authority.cert }),
    );
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    teardown(() => agent.destroy());
    const client = { ...second, agent };
    expect(await ask(port, client)).toBe('served');
    const warnings = () => logged.filter((line) => JSON.parse(line).level === 40);

    write(folder, { TLS_CERT_FILE: second.cert });
    await until('warned of half a pair', () => warnings().length === 1);
    expect(warnings()[0]).toMatch(/the old ones stay.*TLS_KEY_FILE \(.*\): expected the private key of.*CN=second/);
    expect(await servedName(port)).toBe('first');

    write(folder, { TLS_CLIENT_CA_FILE: '' });
    await until('warned of the CA too', () => warnings().length === 2);
    expect(warnings()[1]).toMatch(/TLS_CLIENT_CA_FILE/);
    expect(await ask(port, { agent: false })).not.toBe('served');

    write(folder, { TLS_KEY_FILE: second.key, TLS_CLIENT_CA_FILE: authority.cert });
    await until('the new pair served', async () => (await servedName(port)) === 'second');
    expect(logged.at(-1)).toMatch(/"certificate":"CN=second".*"clientCertificates":true.*was reloaded/);
    expect(await ask(port, client)).toBe('served');
    // Each state of the files is judged once, not at every poll.
    expect(warnings().filter((line) => line.includes('the old ones stay'))).toHaveLength(2);
  });

  test('by symbolic links, as with Kubernetes and certbot', async () => {
    const folder = temporaryFolder();
    for (const [name, pair] of Object.entries({ one: first, two: second })) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'tls.crt'), pair.cert);
      writeFileSync(join(folder, name, 'tls.key'), pair.key);
    }
    symlinkSync('one', join(folder, '..data'));
    symlinkSync('..data/tls.crt', join(folder, 'tls.crt'));
    symlinkSync('..data/tls.key', join(folder, 'tls.key'));
    const { port } = await serveTls({
      TLS_CERT_FILE: join(folder, 'tls.crt'),
      TLS_KEY_FILE: join(folder, 'tls.key'),
    });
    expect(await servedName(port)).toBe('first');
    symlinkSync('two', join(folder, '..new'));
    renameSync(join(folder, '..new'), join(folder, '..data'));
    await until('the swapped folder served', async () => (await servedName(port)) === 'second');

    for (const file of ['tls.crt', 'tls.key']) {
      symlinkSync(join('one', file), join(folder, 'new'));
      renameSync(join(folder, 'new'), join(folder, file));
    }
    await until('the swapped files served', async () => (await servedName(port)) === 'first');
  });

  test('and disappear for a while', async () => {
    const folder = temporaryFolder();
    const { port, logged } = await serveTls(write(folder, { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: first.key }));
    renameSync(join(folder, 'TLS_CERT_FILE.pem'), join(folder, 'away'));
    await until('warned', () => logged.join('').includes('there is no such file'));
    expect(await servedName(port)).toBe('first');
  });
});

test('plain HTTP on the port is reported, in a reply of the contract', async () => {
  const { port, logged } = await serveTls(
    write(temporaryFolder(), { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: first.key }),
  );
  const url = `http://127.0.0.1:${port}`;
  const response = await fetch(`${url}${pathOf()}`, { method: 'POST', body: JSON.stringify(payload()) });
  const text = await response.text();
  callbackContract.match('POST', '/', { status: response.status, headers: response.headers, text });
  expect([response.status, text]).toEqual([400, expect.stringMatching(/HTTPS.*https:\/\//)]);
  expect(logged.join('')).toMatch(/"from":"127.0.0.1","code":"ERR_SSL_HTTP_REQUEST"/);

  const rubbish = connectTcp(port, '127.0.0.1');
  rubbish.on('error', () => {}).end('\0\0 no TLS at all\r\n\r\n');
  await once(rubbish.resume(), 'close');
  expect(await ask(port)).toBe('served');
});

describe('the program', () => {
  test('serves HTTPS, and finishes requests in flight when it is stopped', async () => {
    const folder = temporaryFolder();
    const env = write(folder, { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: first.key });
    const { child, callbackUrl, exited, logged } = await startProcess(env, folder);
    expect(callbackUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    const body = JSON.stringify(payload());
    const sending = request(callbackUrl + pathOf().slice(1), {
      method: 'POST',
      ca: authority.cert,
      agent: new Agent({ keepAlive: true }),
      headers: { 'Content-Length': Buffer.byteLength(body) },
    });
    const answered = once(sending, 'response');
    const connected = once(sending, 'socket').then(([socket]) => once(socket as TLSSocket, 'secureConnect'));
    sending.write(body.slice(0, 20));
    await connected;
    // Answered after earlier connections.
    for (let count = 0; count < 3; count += 1)
      await ask(Number(new URL(callbackUrl).port), { path: '/healthz', ca: authority.cert });
    // A silent connection must not delay the stop.
    const silent = connectTcp(Number(new URL(callbackUrl).port), '127.0.0.1').on('error', () => {});
    await once(silent, 'connect');
    child.kill('SIGTERM');
    await until('stopping', () => logged.join('').includes('stopping'));
    sending.end(body.slice(20));
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(await exited).toBe(0);
  });

  test('keeps its limits behind TLS, and releases failed handshakes', async () => {
    const folder = temporaryFolder();
    const env = write(folder, { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: first.key });
    const { callbackUrl } = await startProcess(env, folder);
    const port = Number(new URL(callbackUrl).port);

    const secure = connect({ host: '127.0.0.1', port, ca: authority.cert }).on('error', () => {});
    secure.write('how do you do\r\n\r\n');
    const text = (await secure.toArray()).join('');
    expect(text).toMatch(/^HTTP\/1\.1 400 .*"ErrorInfo":"The request is not HTTP\/1\.1/s);

    const plain = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
    expect(await plain.text()).toMatch(/This port speaks HTTPS/);

    const silent = connectTcp(port, '127.0.0.1').on('error', () => {});
    const rubbish = connectTcp(port, '127.0.0.1').on('error', () => {});
    rubbish.write('\0\0 no TLS at all\r\n\r\n');
    await Promise.all([silent, rubbish].map((socket) => once(socket.resume(), 'close')));
  });

  test('does not start with unusable files', async () => {
    const folder = temporaryFolder();
    const env = write(folder, { TLS_CERT_FILE: first.cert, TLS_KEY_FILE: second.key });
    await expect(startProcess({ ...env, PORT: 'x' }, folder)).rejects.toThrow(
      /ended with 1: The environment cannot be used:\n {2}- PORT is "x".*\n {2}- TLS_KEY_FILE is .*another\n$/,
    );
  });
});
