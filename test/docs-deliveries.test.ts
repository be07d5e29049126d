import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text as textOf } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { isSigned } from '../openapi/guide/deliveries/is-signed.ts';
import { readEvent } from '../openapi/guide/deliveries/with-package.ts';
import { COMPILER_TIMEOUT_MS, type Language, programOutput, whereInstalled } from './support/languages.ts';
import { teardown } from './support/start.ts';

const DELIVERIES = join(import.meta.dirname, '../openapi/guide/deliveries');
const SECRET = `whsec_${Buffer.from('a secret of 24 bytes +/~').toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.from('another one of 24 bytes!').toString('base64')}`;
const ID = '80c9839a-1043';
const TIME = 1796112000;
const BODY = '{"type":"Group.CallbackAfterCreateGroup","data":{"GroupId":"@TGS#1"}}';

type Question = { secret: string; id: string; timestamp: string; signatures: string; body: string; now: number };
const right: Question = {
  secret: SECRET,
  id: ID,
  timestamp: String(TIME),
  signatures: signatureOf(BODY),
  body: BODY,
  now: TIME,
};
const valid = right.signatures;
const withOther = signatureOf(BODY, OTHER_SECRET);
const foreign = '{"data":{"Name":"测试群 😀 ف"}}';
const spaced = '{ "data": {"Random" : 9007199254740993, "Name": "\\u7fa4"} }\n';
const unkeyed = `v1,${createHmac('sha256', '').update(`${ID}.${TIME}.${BODY}`).digest('base64')}`;

const questions: [string, Question, boolean][] = [
  ['a correct signature', right, true],
  ['a secret without prefix', { ...right, secret: SECRET.slice('whsec_'.length) }, true],
  ['300 s late', { ...right, now: TIME + 300 }, true],
  ['300 s early', { ...right, now: TIME - 300 }, true],
  ['301 s late', { ...right, now: TIME + 301 }, false],
  ['301 s early', { ...right, now: TIME - 301 }, false],
  ['non-ASCII text', { ...right, body: foreign, signatures: signatureOf(foreign) }, true],
  ['spaces, escapes and a large number', { ...right, body: spaced, signatures: signatureOf(spaced) }, true],
  ['two signatures, the first matches', { ...right, signatures: `${valid} ${withOther}` }, true],
  ['two signatures, the second matches', { ...right, signatures: `${withOther} ${valid}` }, true],
  ['an additional signature of another version', { ...right, signatures: `v1a,${'A'.repeat(86)}== ${valid}` }, true],
  ['two signatures, none matches', { ...right, signatures: `${withOther} ${withOther}` }, false],
  ['another secret', { ...right, secret: OTHER_SECRET }, false],
  ['a tampered body', { ...right, body: BODY.replace('#1', '#2') }, false],
  ['tampered non-ASCII text', { ...right, body: foreign, signatures: signatureOf(foreign.replace('群', '组')) }, false],
  ['another id', { ...right, id: '80c9839a-1044' }, false],
  ['another time', { ...right, timestamp: String(TIME + 1) }, false],
  ['another version', { ...right, signatures: valid.replace('v1', 'v2') }, false],
  ['a signature without version', { ...right, signatures: valid.slice('v1,'.length) }, false],
  ['a part of the signature', { ...right, signatures: valid.slice(0, -4) }, false],
  ['a signature with trailing text', { ...right, signatures: `${valid}A` }, false],
  ['no value', { ...right, signatures: 'v1,' }, false],
  ['no signature', { ...right, signatures: '' }, false],
  ['no id', { ...right, id: '' }, false],
  ['no time', { ...right, timestamp: '' }, false],
  ['a time that is not a number', { ...right, timestamp: `${TIME}x` }, false],
  ['a time with a sign', { ...right, timestamp: `+${TIME}` }, false],
  ['a time with a line feed', { ...right, timestamp: `${TIME}\n` }, false],
  ['a time out of range', { ...right, timestamp: '9'.repeat(30) }, false],
  ['an empty secret', { ...right, secret: '', signatures: unkeyed }, false],
  ['only the prefix of a secret', { ...right, secret: 'whsec_', signatures: unkeyed }, false],
];
const answers = questions.map(([title, , answer]) => [title, answer]);
/** Six words per question. The body is in Base64: the content of an argument depends on the language's locale. */
const words = questions.flatMap(([, { secret, id, timestamp, signatures, body, now }]) => [
  ...[secret, id, timestamp, signatures],
  Buffer.from(body).toString('base64'),
  String(now),
]);

const languages: [string, Language][] = [
  [
    'Go',
    {
      command: 'go',
      snippet: 'is_signed.go',
      program: 'ask.go',
      text: `package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	for i := 1; i < len(os.Args); i += 6 {
		body, _ := base64.StdEncoding.DecodeString(os.Args[i+4])
		now, _ := strconv.ParseInt(os.Args[i+5], 10, 64)
		fmt.Println(IsSigned(os.Args[i], os.Args[i+1], os.Args[i+2], os.Args[i+3], body, time.Unix(now, 0)))
	}
}
`,
      commands: [['go', 'build', '-o', 'ask', 'is_signed.go', 'ask.go'], ['./ask']],
    },
  ],
  [
    'Java',
    {
      command: 'javac',
      snippet: 'DeliverySignature.java',
      program: 'Ask.java',
      text: `class Ask {
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < args.length; i += 6) {
      var body = java.util.Base64.getDecoder().decode(args[i + 4]);
      var now = java.time.Instant.ofEpochSecond(Long.parseLong(args[i + 5]));
      System.out.println(DeliverySignature.isSigned(args[i], args[i + 1], args[i + 2], args[i + 3], body, now));
    }
  }
}
`,
      commands: [
        ['javac', 'DeliverySignature.java', 'Ask.java'],
        ['java', '-cp', '.', 'Ask'],
      ],
    },
  ],
  [
    'PHP',
    {
      command: 'php',
      snippet: 'is-signed.php',
      program: 'ask.php',
      text: `<?php
require __DIR__ . '/is-signed.php';
foreach (array_chunk(array_slice($argv, 1), 6) as [$secret, $id, $timestamp, $signatures, $body, $now]) {
    $answer = isSigned($secret, $id, $timestamp, $signatures, base64_decode($body), (int) $now);
    echo var_export($answer, true), "\\n";
}
`,
      commands: [['php', 'ask.php']],
    },
  ],
  [
    'Python',
    {
      command: 'python3',
      snippet: 'is_signed.py',
      program: 'ask.py',
      text: `import base64
import sys
from is_signed import is_signed

words = sys.argv[1:]
for i in range(0, len(words), 6):
    *given, body, now = words[i : i + 6]
    print(str(is_signed(*given, base64.b64decode(body), int(now))).lower())
`,
      commands: [['python3', 'ask.py']],
    },
  ],
];

describe('the code of the reference that checks a delivery', () => {
  test.each(questions)('TypeScript: %s', (_title, { secret, id, timestamp, signatures, body, now }, answer) => {
    expect(isSigned(secret, id, timestamp, signatures, Buffer.from(body), now)).toBe(answer);
  });

  for (const [name, language] of languages) {
    whereInstalled(
      [language.command],
      name,
      async () => {
        const lines = (await programOutput(DELIVERIES, language, words)).trimEnd().split('\n');
        expect(questions.map(([title], index) => [title, lines[index] === 'true'])).toEqual(answers);
        expect(lines).toHaveLength(questions.length);
      },
      COMPILER_TIMEOUT_MS,
    );
  }

  whereInstalled(
    ['openssl', 'sh'],
    'openssl',
    async () => {
      const found: [string, boolean][] = [];
      for (const [title, { secret, id, timestamp, signatures, body, now }] of questions) {
        const { status } = await shell('is-signed.sh', [id, timestamp, signatures], body, {
          DELIVERY_SECRET: secret,
          NOW: String(now),
        });
        found.push([title, status === 0]);
      }
      expect(found).toEqual(answers);
    },
    COMPILER_TIMEOUT_MS,
  );
});

describe('the package standardwebhooks', () => {
  const now = Math.floor(Date.now() / 1000);
  const headersOf = (signature: string, timestamp = now): IncomingHttpHeaders => ({
    'webhook-id': ID,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  });

  test('returns the event if one of the signatures matches', () => {
    const event = { data: { Name: '测试群 😀 ف' } };
    const signature = `${signatureOf(foreign, OTHER_SECRET, now)} ${signatureOf(foreign, SECRET, now)}`;
    expect(readEvent(SECRET, headersOf(signature), Buffer.from(foreign))).toEqual(event);
  });

  test.each<[string, IncomingHttpHeaders, string]>([
    ['no header', {}, foreign],
    ['another secret', headersOf(signatureOf(foreign, OTHER_SECRET, now)), foreign],
    ['a tampered body', headersOf(signatureOf(foreign, SECRET, now)), foreign.replace('群', '组')],
    ['an old timestamp', headersOf(signatureOf(foreign, SECRET, now - 301), now - 301), foreign],
  ])('throws at %s', (_title, headers, body) => {
    expect(() => readEvent(SECRET, headers, Buffer.from(body))).toThrow();
  });
});

whereInstalled(['curl', 'openssl', 'sh'], 'curl and openssl send a signed event', async () => {
  const taken: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    taken.push(request.headers['content-type'], readEvent(SECRET, request.headers, body));
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  teardown(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const sent = await shell('send-signed.sh', [], '', { DELIVERY_URL: url, DELIVERY_SECRET: SECRET });
  expect(sent).toEqual({ status: 0, stdout: '204\n' });
  expect(taken).toMatchObject([
    'application/cloudevents+json; charset=utf-8',
    { type: 'Group.CallbackAfterGroupFull', data: { GroupId: '@TGS#2J4SZEAEL' } },
  ]);
});

function signatureOf(body: string, secret = SECRET, seconds = TIME): string {
  return new Webhook(secret).sign(ID, new Date(seconds * 1000), body);
}

async function shell(file: string, args: string[], input: string, env: Record<string, string>) {
  const child = spawn('sh', [join(DELIVERIES, file), ...args], {
    env: { PATH: process.env.PATH, ...env } as unknown as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // A program that refuses before it has read closes the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [[status], stdout] = await Promise.all([once(child, 'close'), textOf(child.stdout)]);
  return { status, stdout };
}
