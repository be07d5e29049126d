import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { runMock, spawnMock, startMock } from './support/mock.ts';
import { callbackContract, serve, start, temporaryFolder } from './support/start.ts';
import { CREATED, commandOf, examples, pathOf, payload, post } from './support/vendor.ts';

const OK = JSON.stringify({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 });
const RESPONSES: Record<string, { content: { 'application/json': { examples: Record<string, { value: object }> } } }> =
  callbackDocument.paths['/'].post.responses;

describe('the command line', () => {
  test('--help explains it', async () => {
    const { code, output } = await runMock('--help');
    expect(code).toBe(0);
    for (const option of [
      '--port',
      '--host',
      '--proxy',
      '--signed',
      '--strict',
      '--admin',
      '--delivery',
      '--contract',
      'Prefer',
    ])
      expect(output).toContain(option);
  });

  test.each([
    ['--port', 'x', '--port: "x", expected a whole number from 0 to 65535'],
    ['--port', '70000', '--port: "70000"'],
    ['--port', '--proxy', '--port: a value is missing'],
    ['--proxy', 'localhost:3000', '--proxy: "localhost:3000", expected the callback URL'],
    ['--proxy', 'http://localhost/?a=1', 'without query'],
    ['--prot', '4010', '--prot: there is no such option'],
    ['--contract', 'nowhere.json', '--contract: "nowhere.json" is not a bundled contract'],
    ['4010', '', '"4010": nothing but options is expected'],
  ])('%s %s is wrong usage', async (option, value, message) => {
    const { code, output } = await runMock(option, ...(value ? [value] : []));
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
  });

  test('a port in use is named, with the remedy', async () => {
    const taken = new URL(await serve((_request, response) => response.end())).port;
    const { code, output } = await runMock('--port', taken);
    expect(code).toBe(1);
    expect(output).toBe(`mock: port ${taken} on 127.0.0.1 is taken: end what listens there, or choose one by --port\n`);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0', async (signal) => {
    const mock = await spawnMock();
    await fetch(`${mock.url}healthz`);
    expect(await mock.stop(signal)).toBe(0);
  });

  test('a contract that Prism cannot compile, and so would not check, fails the start', async () => {
    const contract = join(temporaryFolder(), 'callback.json');
    const dialect = { jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base' };
    writeFileSync(contract, JSON.stringify({ ...callbackDocument, ...dialect }));
    const { code, output } = await runMock('--contract', contract, '--port', '0');
    expect(code).toBe(1);
    expect(output).toContain('Prism does not check the request body and the response body of POST /');
  });
});

describe('the mock', () => {
  test('prints a call that works when pasted', async () => {
    const { greeting, linesOnceThereAre } = await startMock();
    const call = /^ +curl [\s\S]*?'\n\n/m.exec(greeting)?.[0] ?? '';
    // A curl that prints its arguments, so that the shell's quoting is part of this test.
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'curl'), '#!/bin/sh\nfor argument; do printf "%s\\0" "$argument"; done\n', {
      mode: 0o755,
    });
    const env = { PATH: `${folder}:${process.env.PATH}` } as unknown as NodeJS.ProcessEnv;
    const [url = '', , header = '', , body = ''] = execFileSync('sh', ['-c', call], { env }).toString().split('\0');
    const [name = '', value = ''] = header.split(': ');
    const response = await fetch(url, { method: 'POST', headers: { [name]: value }, body });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('"OK"')]);
    expect(new URL(url).searchParams.get('Sign')).toMatch(/^[0-9a-f]{64}$/);
    expect(await linesOnceThereAre(1)).toEqual([
      expect.stringMatching(/^\S+Z {2}200 {2}POST \/ {2}Group\.CallbackAfterCreateGroup$/),
    ]);
  });

  test('returns every declared reply that Prefer requests, whatever the request', async () => {
    const { url } = await startMock();
    for (const [status, { content }] of Object.entries(RESPONSES)) {
      const { examples } = content['application/json'];
      for (const [key, { value }] of Object.entries(examples)) {
        const response = await fetch(url, { ...post('{}'), headers: { Prefer: `code=${status}, example=${key}` } });
        expect([response.status, await response.json()]).toEqual([Number(status), value]);
      }
      const response = await fetch(url, { ...post(''), headers: { Prefer: `code=${status}` } });
      expect([response.status, await response.json()]).toEqual([Number(status), Object.values(examples)[0]?.value]);
    }
  });

  test('answers each command with its own reply, or with another one that Prefer names', async () => {
    const { url } = await startMock();
    const ask = async (command: string, prefer?: string) => {
      const callback = post(examples[command]);
      const headers = { 'Content-Type': 'application/json', ...(prefer ? { Prefer: prefer } : {}) };
      const path = pathOf({ CallbackCommand: command });
      const response = await fetch(url + path.slice(1), { ...callback, headers });
      const text = await response.text();
      callbackContract.match('POST', path, { status: response.status, headers: response.headers, text });
      return [response.status, JSON.parse(text)];
    };
    const replies = RESPONSES[200]?.content['application/json'].examples ?? {};
    for (const command of Object.keys(examples).filter((name) => name === commandOf(name))) {
      const own = Object.keys(replies).filter((name) => name.startsWith(`${command}.reply`));
      expect([command, ...(await ask(command))]).toEqual([command, 200, replies[own[0] ?? 'reply.200']?.value]);
      for (const name of own) {
        expect(await ask(command, `code=200, example=${name}`)).toEqual([200, replies[name]?.value]);
      }
    }
    const [status, { ErrorInfo }] = await ask(CREATED, 'code=200, example=Group.CallbackBeforeSendMsg.reply.dropped');
    expect([status, ErrorInfo]).toEqual([400, expect.stringMatching(/^header\.Prefer /)]);
  });

  test('refuses a Prefer that the contract has no reply for', async () => {
    const { url } = await startMock();
    const statuses =
      'is no status of the contract, which has 200, 400, 401, 403, 404, 405, 413, 415, 431, 500, 503 here';
    for (const [prefer, reason] of [
      ['code=418', `header.Prefer (418) ${statuses}`],
      ['code=999999999', `header.Prefer (999999999) ${statuses}`],
      ['code=418, example=reply.404', `header.Prefer (418) ${statuses}`],
      [
        'code=403, example=reply.404',
        'header.Prefer ("reply.404") is no example of a 403 here, which has reply.403, reply.403.missing',
      ],
    ] as const) {
      const response = await fetch(url + pathOf().slice(1), { ...post(payload()), headers: { Prefer: prefer } });
      const text = await response.text();
      callbackContract.match('POST', '/', { status: response.status, headers: response.headers, text });
      expect([response.status, JSON.parse(text).ErrorInfo]).toEqual([400, reason]);
    }
  });

  test('answers a command that the contract does not describe as the receiver does, unless it is strict', async () => {
    const path = pathOf({ CallbackCommand: 'Group.CallbackAfterTea' });
    const unknown = post({ CallbackCommand: 'Group.CallbackAfterTea', Cups: 2 });
    const ask = async (origin: string, init: RequestInit, at = path) => {
      const reply = await fetch(new URL(at, origin), init);
      const { ErrorCode } = (await reply.json()) as { ErrorCode: number };
      return [reply.status, ErrorCode, reply.headers.get('callback-outcome')];
    };
    const { receiverUrl } = await start();
    // Of all addresses: reached by that of this machine.
    const lenient = await startMock('--host', '0.0.0.0');
    const strict = await startMock('--strict');
    for (const url of [receiverUrl, lenient.url]) {
      expect(await ask(url, unknown)).toEqual([200, 0, 'unknown']);
      expect(await ask(url, post('{"'))).toEqual([400, 10100, null]);
      expect((await ask(url, post(payload()), pathOf()))[0]).toBe(200);
    }
    expect(await ask(lenient.url, unknown, path.replace('SdkAppid', 'Other'))).toEqual([400, 10100, null]);
    expect(await ask(strict.url, unknown)).toEqual([400, 10100, null]);
    expect(await lenient.linesOnceThereAre(1)).toEqual(
      expect.arrayContaining([expect.stringMatching(/ {2}200 {2}POST \/ {2}Group\.CallbackAfterTea {2}unknown$/)]),
    );
  });

  test('reports violations to the caller and in its output', async () => {
    const { url, linesOnceThereAre } = await startMock();
    const body = payload({ GroupId: undefined, Name: 7, MemberList: [{ Member_Account: 'a' }, { x: 'secret' }] });
    const response = await fetch(url + pathOf({ RequestTime: 'x' }).slice(1), post(body));
    const reason =
      'query.RequestTime ("x") must consist of digits; body.GroupId is required; body.Name (7) must be a string; ' +
      'body.MemberList.1.Member_Account is required';
    expect([response.status, await response.json()]).toEqual([
      400,
      { ActionStatus: 'FAIL', ErrorCode: 10100, ErrorInfo: reason },
    ]);
    expect(await linesOnceThereAre(1)).toEqual([expect.stringContaining(`  400  POST /  ${CREATED}  ${reason}`)]);
  });

  test('requires Sign only with --signed', async () => {
    const { url } = await startMock('--signed');
    const unsigned = await fetch(url + pathOf().slice(1), post(payload()));
    const signed = await fetch(url + pathOf({ Sign: 'any' }).slice(1), post(payload()));
    expect([unsigned.status, await unsigned.json(), signed.status]).toEqual([
      401,
      expect.objectContaining({ ErrorCode: 10102 }),
      200,
    ]);
  });

  test('answers health checks, other methods and other paths according to the contract', async () => {
    const { url } = await startMock();
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(url + path, init);
      const text = await response.text();
      callbackContract.match(init.method ?? 'GET', `/${path}`, {
        status: response.status,
        headers: response.headers,
        text,
      });
      return [response.status, text];
    };
    expect(await ask('healthz')).toEqual([200, '{"status":"ok"}']);
    expect(await ask('readyz', { headers: { Prefer: 'code=503' } })).toEqual([503, '{"status":"unavailable"}']);
    expect(await ask('')).toEqual([405, expect.stringContaining('is not served at /, which takes POST')]);
    expect(await ask('elsewhere', post({}))).toEqual([404, expect.stringContaining('is not in the contract')]);
  });
});

describe('--proxy', () => {
  test('passes everything on unchanged, even if it violates the contract', async () => {
    const got: { url?: string; method?: string; headers: string[]; body: string }[] = [];
    const reply = Buffer.from('{ "ActionStatus" : "OK", "ErrorInfo":"\xe9" }', 'latin1');
    const upstream = await serve(async (request, response) => {
      got.push({
        url: request.url ?? '',
        method: request.method ?? '',
        headers: request.rawHeaders,
        body: (await bytesOf(request)).toString('latin1'),
      });
      const headers = [
        'Content-Type',
        'Text/PLAIN',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'X-Odd',
        'Ärger',
        'Date',
        'never',
      ];
      response.writeHead(418, 'Short and Stout', headers);
      response.end(reply);
    });
    const { url } = await startMock('--proxy', `${upstream}/callbacks/`);
    const body = '{ "CallbackCommand" : "x",  "n": 12345678901234567890, "n": 1.0, "e": "\\u00e9\xe9" ';
    const answer = await exchange(`${url}?b=%41+%2B&a=1&&a=2&Sign`, {
      method: 'PATCH',
      headers: ['X-B', '1', 'x-a', '2', 'X-B', '3', 'Content-Type', 'text/odd', 'User-Agent', 'vendor'],
      body: Buffer.from(body, 'latin1'),
    });
    expect(got).toEqual([
      {
        url: '/callbacks/?b=%41+%2B&a=1&&a=2&Sign',
        method: 'PATCH',
        headers: [
          ...['X-B', '1', 'x-a', '2', 'X-B', '3', 'Content-Type', 'text/odd', 'User-Agent', 'vendor'],
          ...['Content-Length', String(body.length), 'Host', new URL(upstream).host, 'Connection', 'close'],
        ],
        body,
      },
    ]);
    expect([answer.statusCode, answer.statusMessage]).toEqual([418, 'Short and Stout']);
    expect(answer.rawHeaders.slice(0, 10)).toEqual([
      'Content-Type',
      'Text/PLAIN',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'X-Odd',
      'Ärger',
      'Date',
      'never',
    ]);
    expect(answer.body.equals(reply)).toBe(true);
  });

  test('passes chunked and large bodies on in chunks', async () => {
    const got: [string | undefined, number][] = [];
    const upstream = await serve(async (request, response) => {
      got.push([request.headers['transfer-encoding'], (await bytesOf(request)).length]);
      response.end(Buffer.alloc(3_000_000, 'x'));
    });
    const { url, linesOnceThereAre } = await startMock('--proxy', upstream);
    const headers = ['Transfer-Encoding', 'chunked'];
    const answer = await exchange(url, { method: 'DELETE', headers, body: Buffer.alloc(20_000_000, 'y') });
    expect([got, answer.body.length]).toEqual([[['chunked', 20_000_000]], 3_000_000]);
    expect(await linesOnceThereAre(4)).toEqual([
      expect.stringContaining("not checked  DELETE /: the request's body, cut short or very long"),
      expect.stringContaining('request   DELETE /  method ("DELETE")  is not served at /, which takes POST'),
      expect.stringContaining('response  DELETE /  header.Content-Type  is missing, must be application/json'),
      expect.stringContaining('response  DELETE /  body  is not JSON in UTF-8'),
    ]);
  });

  test('accepts a reply that arrives before the request is complete', async () => {
    const { receiverUrl } = await start();
    const { url, linesOnceThereAre, lines } = await startMock('--proxy', receiverUrl);
    const request = httpRequest(url + pathOf().slice(1), { method: 'POST', headers: { 'Content-Length': 300_000 } });
    request.on('error', () => undefined).write('{');
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    expect([reply.statusCode, (await bytesOf(reply)).toString()]).toEqual([413, expect.stringContaining('10105')]);
    request.destroy();
    await linesOnceThereAre(1);
    expect(lines()).toEqual([expect.stringContaining("the request's body, cut short")]);
  });

  const good = { path: pathOf(), body: payload() as unknown, headers: {} as Record<string, string> };
  const goodReply = {
    status: 200,
    type: 'application/json; charset=utf-8' as string | undefined,
    body: OK as string | Buffer,
    encoding: '',
  };
  const violations: [string, Partial<typeof good>, Partial<typeof goodReply>, string[]][] = [
    ['a faultless exchange', {}, {}, []],
    ['the probe', { path: '/?CallbackCommand=x', body: '{}' }, {}, []],
    ['a declared refusal', {}, { status: 403, body: '{"ActionStatus":"FAIL","ErrorInfo":"x","ErrorCode":10103}' }, []],
    ['a compressed reply', {}, { body: gzipSync(OK), encoding: 'gzip' }, []],
    ['a health check', { path: '/healthz' }, { body: '{"status":"ok"}' }, []],
    ['a missing field', { body: payload({ GroupId: undefined }) }, {}, ['request   C  body.GroupId  is required']],
    [
      'a wrong type, within a list',
      { body: payload({ MemberList: [{ Member_Account: 7 }] }) },
      {},
      ['request   C  body.MemberList.0.Member_Account (7)  must be a string'],
    ],
    [
      'a missing parameter',
      { path: pathOf({ SdkAppid: undefined }) },
      {},
      ['request   C  query.SdkAppid  is required'],
    ],
    [
      'an unknown command',
      { path: pathOf({ CallbackCommand: 'A.B' }), body: payload({ CallbackCommand: 'A.B' }) },
      {},
      ['request   A.B  body.CallbackCommand ("A.B")  is no command that the contract describes'],
    ],
    [
      'commands that differ',
      { path: pathOf({ CallbackCommand: 'A.B' }) },
      {},
      ['request   A.B  query.CallbackCommand ("A.B")  differs from body.CallbackCommand ("C")'],
    ],
    ['a body that is not JSON', { body: '{"' }, {}, ['request   C  body  is not JSON in UTF-8']],
    [
      'a request of another media type',
      { headers: { 'Content-Type': 'text/plain' } },
      {},
      ['request   C  header.Content-Type ("text/plain")  must be application/json'],
    ],
    [
      'another path',
      { path: '/else' },
      { status: 404, body: '{"ActionStatus":"FAIL","ErrorInfo":"x","ErrorCode":10104}' },
      ['request   C  path ("/else")  is not in the contract'],
    ],
    [
      'the answer ok',
      {},
      { type: 'text/plain', body: 'ok' },
      [
        'response  C  header.Content-Type ("text/plain")  must be application/json',
        'response  C  body  is not JSON in UTF-8',
      ],
    ],
    [
      'no Content-Type',
      {},
      { type: undefined },
      ['response  C  header.Content-Type  is missing, must be application/json'],
    ],
    [
      'an invalid Content-Type',
      {},
      { type: 'json; charset' },
      ['response  C  header.Content-Type ("json; charset")  must be application/json'],
    ],
    ['no body', {}, { body: '' }, ['response  C  body  is missing']],
    [
      'JSON in a JSON string',
      {},
      { body: JSON.stringify(OK) },
      [`response  C  body (${JSON.stringify(OK).slice(0, 60)}…)  must be an object`],
    ],
    [
      'a missing and a superfluous field',
      {},
      { body: '{"ActionStatus":"OK","ErrorCode":0,"Data":1}' },
      ['response  C  body.ErrorInfo  is required', 'response  C  body.Data  is not in the contract'],
    ],
    [
      'an ErrorCode that does not match the status',
      {},
      { body: '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":10103}' },
      ['response  C  body.ErrorCode (10103)  must be equal to constant'],
    ],
    [
      'an undeclared status',
      {},
      { status: 502 },
      ['response  C  status (502)  is none of 200, 400, 401, 403, 404, 405, 413, 415, 431, 500, 503'],
    ],
    [
      'faults in both directions',
      { body: payload({ Name: undefined }) },
      { body: '[]' },
      ['request   C  body.Name  is required', 'response  C  body (a list)  must be an object'],
    ],
    [
      'a text with line breaks and control characters',
      { body: payload({ GroupId: 'a\n2026\u001b[31m' }) },
      {},
      ['request   C  body.GroupId ("a\\n2026\\u001b[31m")  must consist of printable ASCII characters'],
    ],
  ];
  test('reports each violation in one line, in either direction', async () => {
    let next = goodReply;
    const upstream = await serve((request, response) => {
      request.resume().on('end', () => {
        if (next.type !== undefined) response.setHeader('Content-Type', next.type);
        if (next.encoding) response.setHeader('Content-Encoding', next.encoding);
        response.statusCode = next.status;
        response.end(next.body);
      });
    });
    const { url, linesOnceThereAre, lines, stop } = await startMock('--proxy', upstream);
    let printed = 0;
    for (const [name, request, reply, want] of violations) {
      next = { ...goodReply, ...reply };
      const { path, body, headers } = { ...good, ...request };
      const isGet = path === '/healthz';
      const response = await fetch(
        url + path.slice(1),
        isGet ? {} : { ...post(body), headers: { 'Content-Type': 'application/json', ...headers } },
      );
      expect([name, response.status]).toEqual([name, next.status]);
      await response.arrayBuffer();
      const seen = (await linesOnceThereAre(printed + want.length)).slice(printed);
      expect([name, seen.map((line) => line.replace(/^\S+Z {2}/, '').replaceAll(CREATED, 'C'))]).toEqual([name, want]);
      printed += want.length;
    }
    expect(await stop()).toBe(1);
    const total = violations.flatMap(([, , , want]) => want).length;
    const violating = violations.filter(([, , , want]) => want.length > 0).length;
    expect(lines().slice(printed)).toEqual([
      `${violations.length} exchanges, ${violating} with ${total} violations of the contract`,
    ]);
  });

  test('is silent while sender and receiver keep to the contract, and ends with 0', async () => {
    const { receiverUrl, read } = await start();
    const { url, stop, lines } = await startMock('--proxy', receiverUrl);
    for (let sent = 0; sent < 5; sent++) await (await fetch(url + pathOf().slice(1), post(payload()))).text();
    expect(await stop('SIGTERM')).toBe(0);
    expect(lines()).toEqual(['5 exchanges, no violation of the contract']);
    expect((await read('/api/groups')).json.groups).toHaveLength(5);
  });

  test('stops after 20 lines per message', async () => {
    const { receiverUrl } = await start();
    const { url, linesOnceThereAre } = await startMock('--proxy', receiverUrl);
    await fetch(url + pathOf().slice(1), post(payload({ MemberList: Array(50).fill({}) })));
    expect((await linesOnceThereAre(21)).at(20)).toContain('and 30 more');
  });

  test('reports a missing endpoint, or that it hung up', async () => {
    const upstream = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as { port: number };
    const { url, linesOnceThereAre } = await startMock('--proxy', `http://127.0.0.1:${port}`);
    expect((await fetch(url, post('{}'))).status).toBe(502);
    await new Promise((resolve) => upstream.close(resolve));
    const response = await fetch(url, post('{}'));
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('nothing listens at')]);
    expect(await linesOnceThereAre(2)).toEqual([
      expect.stringContaining('no reply  POST /: socket hang up'),
      expect.stringContaining(`no reply  POST /: nothing listens at http://127.0.0.1:${port}`),
    ]);
  });
});

function exchange(
  url: string,
  { method, headers, body }: { method: string; headers: string[]; body: Buffer },
): Promise<IncomingMessage & { body: Buffer }> {
  return new Promise((resolve, reject) => {
    const length = headers.includes('Transfer-Encoding') ? [] : ['Content-Length', String(body.length)];
    const outgoing = httpRequest(
      url,
      { method, headers: [...headers, ...length, 'Host', 'localhost'], agent: false },
      async (reply) => resolve(Object.assign(reply, { body: await bytesOf(reply) })),
    );
    outgoing.on('error', reject).end(body);
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await message.toArray());
}
