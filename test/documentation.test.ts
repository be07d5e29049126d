import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import contract from '../generated/callback.json' with { type: 'json' };
import deliveries from '../generated/delivery.json' with { type: 'json' };
import { readConfig } from '../src/config.ts';
import { blocksIn, commandsOf, project } from './support/blocks.ts';
import { root, run, startReceiver } from './support/documentation.ts';
import { anchorOf, linksIn, sectionsOf } from './support/markdown.ts';
import { teardown } from './support/start.ts';

const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));

/** Commands that are not run below, with the reason, or with the test that runs them. */
const NOT_RUN: Record<string, string> = {
  'npm ci': 'it installs what runs this',
  'npm start': 'startReceiver, and test/main.test.ts',
  'npm test': 'it runs this',
  'npm run generate': 'test/how-to.test.ts',
  'npm run lint': 'test/how-to.test.ts',
  'npm run contract:diff': 'test/how-to.test.ts',
  'DATABASE_URL=postgres://callbacks:password@db.example.com/callbacks npm start': 'test/store-and-forward.test.ts',
  'npm run trigger -- --count 5000 --rate 500': 'it takes 10 s; test/trigger.test.ts',
  'npm run trigger -- --fault tampered-sign --token my-token': 'test/trigger-receiver.test.ts runs every fault',
  'npm run mock': 'it runs until it is ended; startMock, and test/mock.test.ts',
  'npm run mock -- --host 0.0.0.0': 'other machines could reach it; test/mock.test.ts',
  'npm run mock -- --admin': 'it runs until it is ended; test/mock-admin.test.ts',
  "curl 'http://127.0.0.1:4010/api/groups?limit=1'": 'test/mock-admin.test.ts',
  "curl -H 'Prefer: code=404' http://127.0.0.1:4010/api/groups/x": 'test/mock-admin.test.ts',
  'npm run mock -- --delivery': 'it runs until it is ended; test/mock-delivery.test.ts',
  'npm run mock -- --rest': 'it runs until it is ended; test/rest-simulator.test.ts',
  'npm run mock -- --rest --groups 1000000': 'it runs until it is ended; test/rest-simulator.test.ts',
  'npm run mock -- --signed': 'it runs until it is ended; test/mock.test.ts',
  'npm run mock -- --proxy https://backend.example.com/callbacks': 'test/mock.test.ts',
  'npm run verify -- --url https://example.com/im/callback --sdk-app-id 1400123456 --token my-token':
    'it needs an endpoint elsewhere; test/verify.test.ts',
  'npm run verify -- --url http://127.0.0.1:3000/': 'test/verify.test.ts',
  'npm run verify -- --delivery --url https://example.com/deliveries --secret whsec_…':
    'it needs an endpoint elsewhere; test/verify-delivery.test.ts',
  'npm run verify -- --delivery --url http://127.0.0.1:8080/ --secret "$DELIVERY_SECRET"':
    'it needs an endpoint that takes deliveries; test/verify-delivery.test.ts',
  'npm run mock -- --rest --groups 1000': 'test/try-out-backfill.test.ts',
  'npm run backfill': 'test/try-out-backfill.test.ts',
  'npm run backfill -- --dry-run': 'test/try-out-backfill.test.ts',
  "npm run backfill -- --group '@TGS#1G0000000'": 'test/try-out-backfill.test.ts',
  'node endpoint.mjs &': 'test/try-out.test.ts',
  'DELIVERY_URL=http://127.0.0.1:8080/ npm start': 'test/try-out.test.ts',
  'nats-server --jetstream --store_dir data/nats &': 'test/try-out.test.ts',
  'NATS_URL=nats://127.0.0.1:4222 npm start': 'test/try-out.test.ts',
  'DATABASE=data/groups.db node examples/nats-consumer/consumer.ts': 'test/try-out.test.ts',
  'curl -N http://127.0.0.1:3001/api/live': 'it has no end; test/live.test.ts',
  'curl -X POST http://127.0.0.1:3001/api/groups/%40TGS%231G0000000/reconcile':
    'it needs a vendor; test/reconcile-group.test.ts',
  'npm run screenshots': 'its pictures depend on the fonts of the machine',
  'npm run soak': 'it takes minutes; test/faults.test.ts',
  'npm run soak -- --only postgres-stopped': 'it takes half a minute; test/faults.test.ts',
  'npm run soak -- --minutes 60': 'it takes an hour',
  'npm run soak:hostile -- --requests 100000': 'it takes minutes; test/hostile.test.ts',
  'npm run bench': 'it takes ten minutes; test/bench.test.ts',
  'npm run bench -- --quick': 'it takes a minute; test/bench.test.ts',
  'npm run bench -- --commands': 'it takes minutes; test/bench.test.ts',
  'npm run bench -- --delivery': 'it takes minutes; test/bench.test.ts',
  'npm run bench -- --scaling': 'it takes minutes; test/bench.test.ts',
  'npm run bench -- --growth --minutes 10': 'it takes an hour; test/bench.test.ts',
  'npm run test:one -- test/signature.test.ts': 'it is how this runs',
  'npm run test:one -- test/signature.test.ts -t rotating': 'it is how this runs',
  'npm run trigger -- --command Group.CallbackAfterGroupMuted': 'test/how-to.test.ts',
  'npm run dev': 'it runs until it is ended; test/handlers-file.test.ts',
  'npm pack': 'test/dockerfile.test.ts',
  'curl https://callbacks.example.com/': 'it needs a server that the internet reaches',
  'pg_dump --format=custom --file=callbacks.dump postgres://callbacks:password@db.example.com/callbacks':
    'test/backup.test.ts',
  'pg_restore --no-owner --exit-on-error --dbname=postgres://callbacks:password@db.example.com/callbacks callbacks.dump':
    'test/backup.test.ts',
  'psql postgres://callbacks:password@db.example.com/callbacks -c "SELECT setval(\'callbacks_id_seq\', (SELECT last_value FROM callbacks_id_seq) + 1000000)"':
    'test/backup.test.ts',
  'npm install':
    'test/package.test.ts installs an example without a network; test/stream-example.test.ts runs the other',
  'npm install tencent-chat-callbacks express': 'test/package.test.ts installs it without a network',
};

/** Files that users create, and git ignores. */
const MADE = ['src/handlers.ts', 'deploy/.env'];

/** The command that CONTRIBUTING.md adds. */
const ADDED = 'Group.CallbackAfterGroupMuted';

const documents = [
  ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(project, 'examples')).map((name) => `examples/${name}/README.md`),
  ...readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** Commands of the package are run by test/package.test.ts. */
const OF_THE_PACKAGE = /^npx tencent-chat-callbacks /;
/** Commands for a server, a container engine or a cluster. test/deployment.test.ts checks the files that they are given. */
const FOR_A_SERVER = /^(sudo|docker|kubectl|ssh) /;
const blocks = documents.flatMap((name) => blocksIn(readFileSync(join(project, name), 'utf8')).sh);
const all = [...new Set(blocks.flatMap(commandsOf))];
const settings = all.filter((line) => /^[A-Z_]+=\S+$/.test(line));

test('the documentation has no command that fails', async () => {
  const { send, callbackUrl, adminUrl, database } = await startReceiver();
  const mockUrl = await startMock();
  // Callback 17 must be a rejected one.
  for (let id = 1; id <= 17; id += 1) {
    let [status] = await send({ GroupId: undefined });
    // A receiver on a busy machine may need a retry, which the vendor also makes.
    while (status === 503) [status] = await send({ GroupId: undefined });
    expect(status).toBe(400);
  }
  const env = { DATABASE_URL: database, PORT: new URL(callbackUrl).port };
  const results: Record<string, number | string> = {};
  for (const command of all) {
    if (settings.includes(command) || Object.hasOwn(NOT_RUN, command)) continue;
    if (OF_THE_PACKAGE.test(command) || FOR_A_SERVER.test(command)) continue;
    const here = withoutNpm(command)
      .replace(/http:\/\/127\.0\.0\.1:(3000|8080)\//, callbackUrl)
      .replace('http://127.0.0.1:3001', adminUrl)
      .replace('http://127.0.0.1:4010/', mockUrl)
      .replace(/^curl /, 'curl -sS ');
    const { code, output } = await run(here, env);
    results[command] = code === 0 && !/^\{"(error|status":4)/.test(output) ? 0 : `${code}: ${output}`;
  }
  expect(results).toEqual(Object.fromEntries(Object.keys(results).map((command) => [command, 0])));
  expect(Object.keys(NOT_RUN).filter((command) => !all.includes(command))).toEqual([]);
}, 180_000);

test('the documentation shows the output of a demo at its start, and the reply to the call to paste', async () => {
  const { callbackUrl, adminUrl, told } = await startReceiver();
  const { sh, json, text } = blocksIn(readFileSync(join(project, 'README.md'), 'utf8'));
  const elsewhere = ` -- --url ${callbackUrl}`;
  // Printed after the log line "ready".
  while (!told().includes('try now')) await sleep(20);
  const hint = told().replace(`${adminUrl}/`, 'http://127.0.0.1:3001/').replace(elsewhere, '');
  expect(hint.replace(callbackUrl, 'http://127.0.0.1:3000/')).toContain(text[0]);

  const call = sh.flatMap(commandsOf).find((command) => command.startsWith('curl')) ?? '';
  const { output } = await run(call.replace('http://127.0.0.1:3000/', callbackUrl).replace('curl', 'curl -sS'));
  expect(output).toBe(json[0]?.trimEnd());
});

test('the documentation shows an event as the delivery contract has it', () => {
  const [shown] = blocksIn(readFileSync(join(project, 'docs/webhook.md'), 'utf8')).json;
  const { examples } = deliveries.paths['/'].post.requestBody.content['application/cloudevents+json'];
  expect(JSON.parse(shown ?? '')).toEqual(examples['Group.CallbackAfterCreateGroup'].value);
});

test('the documentation has no invalid setting', () => {
  const plain = settings.filter((line) => !line.startsWith('TLS_')).map((line) => line.split(/=(.*)/).slice(0, 2));
  expect(plain.length).toBeGreaterThan(3);
  expect(() => readConfig(Object.fromEntries(plain))).not.toThrow();
  const listed = readFileSync(join(project, 'README.md'), 'utf8').split('\n## Settings\n')[1] ?? '';
  for (const line of settings) expect(listed).toContain(`\`${line.split('=')[0]}\``);
});

test('the documentation has every status of the contract, in the README and in the output of the mock', () => {
  const statuses = Object.keys(contract.paths['/'].post.responses);
  const readme = readFileSync(join(project, 'README.md'), 'utf8').split('\n## Statuses\n')[1] ?? '';
  const shown = [...readme.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', '));
  // 431, and replies to requests that are not HTTP, are in docs/limits.md.
  expect([...new Set(shown)]).toEqual(statuses.filter((status) => status !== '431'));
  expect(readFileSync(join(project, 'docs/mock.md'), 'utf8')).toContain(`is none of ${statuses.join(', ')}\n`);
});

test('the documentation has no broken link to a file', () => {
  const missing = documents.flatMap((name) => {
    const links = readFileSync(join(project, name), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g);
    const files = [...links].map(([, link = '']) => join(dirname(name), link));
    return files.filter((file) => !existsSync(join(project, file))).map((file) => `${name}: ${file}`);
  });
  expect(missing).toEqual([]);
});

test('the documentation has no link to a heading that does not exist', () => {
  const missing = documents.flatMap((name) =>
    linksIn(name, readFileSync(join(project, name), 'utf8')).filter((link) => {
      const [file = '', anchor] = link.split('#');
      if (anchor === undefined || !file.endsWith('.md') || !existsSync(join(project, file))) return false;
      const headings = sectionsOf(readFileSync(join(project, file), 'utf8')).map(({ heading }) => anchorOf(heading));
      return !headings.includes(anchor);
    }),
  );
  expect(missing).toEqual([]);
});

test('the documentation names no file of the project that does not exist', () => {
  const missing = documents.flatMap((name) => {
    const named = readFileSync(join(project, name), 'utf8').matchAll(
      /`((?:src|scripts|test|openapi|generated|deploy|docs)\/[\w./-]*)`/g,
    );
    const paths = [...new Set([...named].map(([, path = '']) => path))];
    return paths
      .filter((path) => !path.includes(ADDED) && !MADE.includes(path) && !existsSync(join(project, path)))
      .map((path) => `${name}: ${path}`);
  });
  expect(missing).toEqual([]);
});

test('the documentation describes the path of a callback through at most 22 files', () => {
  const contributing = readFileSync(join(project, 'CONTRIBUTING.md'), 'utf8');
  const way = /<!-- way-of-a-callback.*?<!-- \/way-of-a-callback -->/s.exec(contributing)?.[0] ?? '';
  const steps = way.match(/^\d+\. /gm) ?? [];
  expect(steps.length).toBeGreaterThan(10);
  expect(steps.length).toBeLessThanOrEqual(22);
});

test('the documentation passes no missing file of deploy/ to a command', () => {
  const named = all.flatMap((command) => command.match(/(?<= )deploy\/\S+/g) ?? []);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(join(project, path)))).toEqual([]);
});

test('the documentation has no missing npm script', () => {
  const named = all.flatMap((command) => /npm run (?:-s )?([\w:]+)/.exec(command)?.[1] ?? []);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(['README.md', 'README.zh-CN.md'])('the documentation begins with a %s of at most 200 lines', (readme) => {
  expect(readFileSync(join(project, readme), 'utf8').split('\n').length).toBeLessThanOrEqual(201);
});

/** Starts `npm run mock` of the copy on a free port. @returns its URL */
async function startMock(): Promise<string> {
  const mock = spawn(process.execPath, ['scripts/mock.ts', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  teardown(async () => {
    mock.kill('SIGKILL');
    await once(mock, 'exit');
  });
  for await (const line of createInterface({ input: mock.stdout })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The mock ended before it said where it listens');
}

/** The command that npm would run, without the time for npm itself. */
function withoutNpm(command: string): string {
  return command.replace(/^npm run (?:-s )?([\w:]+)(?: --)?/, (_match, name) => scripts[name] ?? name);
}
