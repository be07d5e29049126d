import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { isSigned } from '../openapi/guide/signing/is-signed.ts';
import { COMPILER_TIMEOUT_MS, type Language, programOutput, whereInstalled } from './support/languages.ts';
import { start } from './support/start.ts';

const run = promisify(execFile);
const SIGNING = join(import.meta.dirname, '../openapi/guide/signing');

const TIME = 1669872112;
const SIGN = '17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061';

type Question = { token: string; requestTime: string; sign: string; now: number };
const right: Question = { token: 'xxxxyyyy', requestTime: String(TIME), sign: SIGN, now: TIME };

const questions: [string, Question, boolean][] = [
  ['the vector', right, true],
  ['60 s late', { ...right, now: TIME + 60 }, true],
  ['60 s early', { ...right, now: TIME - 60 }, true],
  ['61 s late', { ...right, now: TIME + 61 }, false],
  ['61 s early', { ...right, now: TIME - 61 }, false],
  ['the token of the older page', { ...right, token: 'xxxyyy' }, false],
  ['another time', { ...right, requestTime: String(TIME + 1) }, false],
  ['upper case', { ...right, sign: SIGN.toUpperCase() }, false],
  ['a part of the sign', { ...right, sign: SIGN.slice(0, 63) }, false],
  ['a sign with trailing text', { ...right, sign: `${SIGN}0` }, false],
  ['no sign', { ...right, sign: '' }, false],
  ['no time', { ...right, requestTime: '' }, false],
  ['a time that is not a number', { ...right, requestTime: `${TIME}x` }, false],
  ['a time with a sign', { ...right, requestTime: `+${TIME}` }, false],
  ['a time with a line feed', { ...right, requestTime: `${TIME}\n` }, false],
  ['a time out of range', { ...right, requestTime: '9'.repeat(30) }, false],
];
const answers = questions.map(([title, , answer]) => [title, answer]);
/** Token, time, sign and clock of each question: every language can read arguments. */
const words = questions.flatMap(([, { token, requestTime, sign, now }]) => [token, requestTime, sign, String(now)]);

const languages: [string, Language][] = [
  [
    'Go',
    {
      command: 'go',
      snippet: 'is_signed.go',
      program: 'ask.go',
      text: `package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	for i := 1; i < len(os.Args); i += 4 {
		now, _ := strconv.ParseInt(os.Args[i+3], 10, 64)
		fmt.Println(IsSigned(os.Args[i], os.Args[i+1], os.Args[i+2], time.Unix(now, 0)))
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
      snippet: 'Signature.java',
      program: 'Ask.java',
      text: `class Ask {
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < args.length; i += 4) {
      var now = java.time.Instant.ofEpochSecond(Long.parseLong(args[i + 3]));
      System.out.println(Signature.isSigned(args[i], args[i + 1], args[i + 2], now));
    }
  }
}
`,
      commands: [
        ['javac', 'Signature.java', 'Ask.java'],
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
for ($i = 1; $i < $argc; $i += 4) {
    echo var_export(isSigned($argv[$i], $argv[$i + 1], $argv[$i + 2], (int) $argv[$i + 3]), true), "\\n";
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
      text: `import sys
from is_signed import is_signed

words = sys.argv[1:]
for i in range(0, len(words), 4):
    token, request_time, sign, now = words[i : i + 4]
    print(str(is_signed(token, request_time, sign, int(now))).lower())
`,
      commands: [['python3', 'ask.py']],
    },
  ],
];

describe('the code of the reference that checks a signature', () => {
  test.each(questions)('TypeScript: %s', (_title, { token, requestTime, sign, now }, answer) => {
    expect(isSigned(token, requestTime, sign, now)).toBe(answer);
  });

  for (const [name, language] of languages) {
    whereInstalled(
      [language.command],
      name,
      async () => {
        const lines = (await programOutput(SIGNING, language, words)).trimEnd().split('\n');
        expect(questions.map(([title], index) => [title, lines[index] === 'true'])).toEqual(answers);
        expect(lines).toHaveLength(questions.length);
      },
      COMPILER_TIMEOUT_MS,
    );
  }
});

describe('curl and openssl', () => {
  const commands = ['curl', 'openssl', 'sh'];

  whereInstalled(commands, 'sends the vector, which the receiver accepts at its time', async () => {
    const { receiverUrl, read } = await start({ env: { CALLBACK_TOKEN: 'xxxxyyyy' }, now: () => TIME * 1000 });
    const reply = await send({ CALLBACK_URL: `${receiverUrl}/`, REQUEST_TIME: String(TIME) });
    expect(reply).toEqual({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' });
    expect((await read('/api/groups')).json.groups).toMatchObject([{ groupId: '@TGS#2J4SZEAEL' }]);
  });

  whereInstalled(commands, 'signs with the clock', async () => {
    const { receiverUrl } = await start({ env: { CALLBACK_TOKEN: 'secret' } });
    expect(await send({ CALLBACK_URL: `${receiverUrl}/`, CALLBACK_TOKEN: 'secret' })).toMatchObject({ ErrorCode: 0 });
    expect(await send({ CALLBACK_URL: `${receiverUrl}/`, CALLBACK_TOKEN: 'other' })).toMatchObject({
      ErrorCode: 10102,
    });
  });
});

async function send(env: Record<string, string>): Promise<unknown> {
  const { stdout } = await run('sh', [join(SIGNING, 'send-signed.sh')], {
    env: { PATH: process.env.PATH, ...env } as unknown as NodeJS.ProcessEnv,
  });
  return JSON.parse(stdout);
}
