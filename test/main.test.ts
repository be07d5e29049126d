import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { waitedForCoreMs } from '../scripts/testbed/process.ts';
import { startProcess } from './support/process.ts';
import { serve, temporaryFolder } from './support/start.ts';
import { pathOf, payload } from './support/vendor.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** The status of the reply; null when there was none. */
function send(url: string, body: string): Promise<number | null> {
  return new Promise((resolve) => {
    const sending = request(url + pathOf().slice(1), { method: 'POST', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? null));
      response.on('error', () => resolve(null));
    });
    sending.on('error', () => resolve(null));
    sending.end(body);
  });
}

/** Resolves when the receiver reads the request: it accepts connections in order, and the last of these came later. */
async function begun(sending: ClientRequest, callbackUrl: string): Promise<void> {
  if (!sending.socket) await once(sending, 'socket');
  if (sending.socket?.connecting) await once(sending.socket, 'connect');
  for (let count = 0; count < 3; count += 1)
    await (await fetch(new URL('/healthz', callbackUrl), { headers: { Connection: 'close' } })).text();
}

test('kill -9 under load, three times: acknowledged callbacks are stored exactly once', async () => {
  const folder = temporaryFolder();
  const acknowledged = new Set<string>();
  let sent = 0;
  for (let round = 0; round < 3; round += 1) {
    const receiver = await startProcess({ LOG_LEVEL: 'info' }, folder);
    const end = 700 + Math.floor(Math.random() * 500);
    let inThisRound = 0;
    let down = false;
    const sender = async () => {
      while (!down) {
        sent += 1;
        const body = JSON.stringify(payload({ GroupId: `group-${sent}`, EventTime: 1_700_000_000_000 + sent }));
        const status = await send(receiver.callbackUrl, body);
        if (status === 200) {
          acknowledged.add(body);
          inThisRound += 1;
          if (inThisRound === end) receiver.child.kill('SIGKILL');
        } else if (status === null) {
          down = true;
        }
      }
    };
    await Promise.all(Array.from({ length: 64 }, sender));
    await receiver.exited;
    expect(inThisRound).toBeGreaterThanOrEqual(end);
  }
  const receiver = await startProcess({}, folder);
  receiver.child.kill('SIGTERM');
  await receiver.exited;

  const database = new DatabaseSync(join(folder, 'data/callbacks.db'));
  const bodies = database
    .prepare("SELECT CAST(body AS TEXT) AS body FROM callbacks WHERE status = 'accepted'")
    .all()
    .map(({ body }) => String(body));
  const groups = new Set(
    database
      .prepare('SELECT group_id FROM groups')
      .all()
      .map(({ group_id }) => String(group_id)),
  );
  database.close();
  const stored = new Set(bodies);
  expect(bodies).toHaveLength(stored.size);
  expect([...acknowledged].filter((body) => !stored.has(body))).toEqual([]);
  expect([...acknowledged].filter((body) => !groups.has(JSON.parse(body).GroupId))).toEqual([]);
  expect(groups.size).toBe(stored.size);
  expect(acknowledged.size).toBeGreaterThan(2000);
  expect(stored.size).toBeLessThanOrEqual(sent);
}, 120_000);

test('the demo describes itself and suggests what to try next; it accepts a callback', async () => {
  const { callbackUrl, adminUrl, told } = await startProcess({}, temporaryFolder());
  expect(callbackUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  while (!told().includes('trigger')) await sleep(10);
  expect(told()).toMatch(/Demo: SDK_APP_ID is unset.*app 1400000000/);
  expect(await send(callbackUrl, JSON.stringify(payload({ GroupId: 'mine' })))).toBe(200);
  expect(await (await fetch(`${adminUrl}/api/groups`)).json()).toMatchObject({ groups: [{ groupId: 'mine' }] });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: requests in flight are answered, then it ends, and everything is stored',
  async (signal) => {
    const folder = temporaryFolder();
    const { child, callbackUrl, exited, logged } = await startProcess({ SDK_APP_ID: '1400000000' }, folder);
    const body = JSON.stringify(payload());
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    const readiness = async () => {
      const [response] = await once(request(new URL('/readyz', callbackUrl), { agent: kept }).end(), 'response');
      for await (const _ of response);
      return response.statusCode;
    };
    expect(await readiness()).toBe(200);
    const sending = request(`http://127.0.0.1:${new URL(callbackUrl).port}${pathOf()}`, {
      method: 'POST',
      agent: new Agent({ keepAlive: true }),
    });
    const answered = once(sending, 'response');
    sending.write(body.slice(0, 20));
    await begun(sending, callbackUrl);
    child.kill(signal);
    while (!logged.join('').includes('"stopping"')) await sleep(10);
    expect(await send(callbackUrl.replace('0.0.0.0', '127.0.0.1'), body)).toBeNull();
    expect(await readiness()).toBe(503);
    sending.end(body.slice(20));
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(await exited).toBe(0);
    expect(logged.at(-1)).toContain('"stopped"');
    const database = new DatabaseSync(join(folder, 'data/callbacks.db'));
    expect(database.prepare('SELECT CAST(body AS TEXT) AS body FROM callbacks').all()).toEqual([{ body }]);
    database.close();
  },
);

test('a second signal ends it at once', async () => {
  const { child, callbackUrl, exited, logged } = await startProcess({}, temporaryFolder());
  const sending = request(callbackUrl + pathOf().slice(1), { method: 'POST' }).on('error', () => {});
  sending.write('{');
  await begun(sending, callbackUrl);
  child.kill('SIGTERM');
  while (!logged.join('').includes('stopping')) await sleep(10);
  child.kill('SIGTERM');
  expect(await exited).toBe(1);
  expect(logged.at(-1)).toContain('a second signal');
});

test('a failed start gives all its reasons at once, without a stack', async () => {
  const folder = temporaryFolder();
  await expect(startProcess({ SDK_APP_ID: 'x', CALLBACK_TOKEN: '' }, folder)).rejects.toThrow(
    /ended with 1: The environment cannot be used:\n {2}- SDK_APP_ID is "x".*\n {2}- CALLBACK_TOKEN is \(redacted.*\n$/,
  );
  const taken = new URL(await serve(() => {})).port;
  await expect(startProcess({ PORT: taken }, folder)).rejects.toThrow(
    /ended with 1: .*Port \d+ on 127\.0\.0\.1 is taken.*set PORT/,
  );
  for (const HOST of ['192.0.2.1', 'nowhere.invalid']) {
    await expect(startProcess({ SDK_APP_ID: '1', HOST }, folder)).rejects.toThrow(
      `ended with 1: ${HOST} is no address of this machine: set another HOST`,
    );
  }
  await expect(startProcess({ DATABASE_URL: `sqlite:${import.meta.filename}/x.db` }, folder)).rejects.toThrow(
    /DATABASE_URL\) cannot be opened/,
  );
});

test('the environment can come from .env', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, '.env'), 'CALLBACK_PATH=/from-env\nCALLBACK_TOKEN=sesame-open\n');
  const { callbackUrl, logged } = await startProcess({}, folder);
  expect(callbackUrl).toMatch(/\/from-env$/);
  expect(logged.join('')).not.toContain('sesame');
});

test('it is fast and small: ready within 1 s, under 150 MB when idle', async () => {
  const times: number[] = [];
  let pid: number | undefined;
  // The best of three runs: the machine may be busy.
  while (times.length < 3) {
    const started = performance.now();
    pid = (await startProcess({}, temporaryFolder())).child.pid as number;
    times.push(performance.now() - started - waitedForCoreMs(pid));
  }
  expect(Math.min(...times)).toBeLessThan(1000);
  if (process.platform !== 'linux') return;
  await sleep(1000);
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  expect(Number(kilobytes)).toBeLessThan(150_000);
});

test.each(['postgres://me:s3cret@127.0.0.1:1/x', 'postgres://127.0.0.1:1/x?user=me&password=s3cret'])(
  'the password of %s is in no log line',
  async (DATABASE_URL) => {
    const { logged, told } = await startProcess({ DATABASE_URL }, temporaryFolder());
    expect(logged.join('')).toContain('postgres://127.0.0.1:1/x');
    expect(logged.join('') + told()).not.toContain('s3cret');
  },
);

/** Ends the writer thread with an uncaught exception on the second write. */
const BREAKS_AT_THE_SECOND_WRITE = `
  import { Worker } from 'node:worker_threads';
  const { postMessage } = Worker.prototype;
  let writes = 0;
  Worker.prototype.postMessage = function (message) {
    if (message[0] === 'append') writes += 1;
    postMessage.call(this, message[0] === 'append' && writes === 2 ? null : message);
  };`;

test('if the writer thread dies, the callback is refused, and the program ends with the reason', async () => {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(BREAKS_AT_THE_SECOND_WRITE)}`;
  const { callbackUrl, told, exited, logged } = await startProcess({ NODE_OPTIONS }, temporaryFolder());
  const statuses: (number | null)[] = [];
  for (const GroupId of ['a', 'b']) statuses.push(await send(callbackUrl, JSON.stringify(payload({ GroupId }))));
  expect(statuses).toEqual([200, 503]);
  expect(await exited).toBe(1);
  expect(told()).toMatch(/cannot take callbacks any more.*thread that writes.*Start it again/);
  expect(logged.map((line) => JSON.parse(line)).filter(({ level }) => level === 60)).toHaveLength(1);
});
