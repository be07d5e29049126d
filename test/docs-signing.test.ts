import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { isSigned } from '../openapi/guide/signing/is-signed.ts';
import { start, temporaryFolder } from './support/start.ts';

const run = promisify(execFile);
const SIGNING = join(import.meta.dirname, '../openapi/guide/signing');
/** A compiler on a busy machine takes its time. */
const TIMEOUT_MS = 180_000;

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
  ['more than the sign', { ...right, sign: `${SIGN}0` }, false],
  ['no sign', { ...right, sign: '' }, false],
  ['no time', { ...right, requestTime: '' }, false],
  ['a time that is no number', { ...right, requestTime: `${TIME}x` }, false],
  ['a time with a sign', { ...right, requestTime: `+${TIME}` }, false],
  ['a time with a line feed', { ...right, requestTime: `${TIME}\n` }, false],
  ['a time that no number holds', { ...right, requestTime: '9'.repeat(30) }, false],
];
const answers = questions.map(([title, , answer]) => [title, answer]);
/** Token, time, sign and clock of each question, one after the other: every language can read arguments. */
const words = questions.flatMap(([, { token, requestTime, sign, now }]) => [token, requestTime, sign, String(now)]);

interface Language {
  /** What must be installed. */
  command: string;
  snippet: string;
  /** A program that prints a line of `true` or `false` for every four of its arguments. */
  program: string;
  text: string;
  /** What to run in the folder of both files, one after the other; the last one gets the arguments. */
  commands: string[][];
}

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

  for (const [name, { command, snippet, program, text, commands }] of languages) {
    const there = isInstalled(command);
    (there ? test : test.skip)(
      there ? name : `${name}: skipped, ${command} is not installed here`,
      async () => {
        const folder = temporaryFolder();
        copyFileSync(join(SIGNING, snippet), join(folder, snippet));
        writeFileSync(join(folder, program), text);
        let printed = '';
        for (const [index, [file = '', ...args]] of commands.entries()) {
          const last = index === commands.length - 1;
          printed = (await run(file, [...args, ...(last ? words : [])], { cwd: folder })).stdout;
        }
        const lines = printed.trimEnd().split('\n');
        expect(questions.map(([title], index) => [title, lines[index] === 'true'])).toEqual(answers);
        expect(lines).toHaveLength(questions.length);
      },
      TIMEOUT_MS,
    );
  }
});

describe('curl and openssl', () => {
  const missing = ['curl', 'openssl', 'sh'].filter((command) => !isInstalled(command));
  const testHere = missing.length === 0 ? test : test.skip;
  const title = (text: string) => (missing.length === 0 ? text : `${text}: skipped, no ${missing.join(', ')} here`);

  testHere(title('sends the vector, which the receiver takes at its time'), async () => {
    const { receiverUrl, read } = await start({ env: { CALLBACK_TOKEN: 'xxxxyyyy' }, now: () => TIME * 1000 });
    const reply = await send({ CALLBACK_URL: `${receiverUrl}/`, REQUEST_TIME: String(TIME) });
    expect(reply).toEqual({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' });
    expect((await read('/api/groups')).json.groups).toMatchObject([{ groupId: '@TGS#2J4SZEAEL' }]);
  });

  testHere(title('signs with the clock'), async () => {
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

function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
}
