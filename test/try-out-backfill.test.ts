import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { freePort } from '../scripts/testbed/process.ts';
import { blocksOf, commandsOf } from './support/blocks.ts';
import { until } from './support/deliveries.ts';
import { root, run, startReceiver } from './support/documentation.ts';
import { teardown } from './support/start.ts';

// Follows "Try it" of docs/backfill.md literally, except for the ports, which are free ones here.

const { sh, text } = blocksOf('docs/backfill.md', 'Try it');
const [[mock = ''] = [], [settings = '', fill, start] = [], [call = '', audit = ''] = [], [mend = ''] = []] = sh.map(
  (block) => commandsOf(block),
);

test('the groups of a simulated vendor are filled, an audit finds a wrong name, and a run for its group repairs it', async () => {
  const port = await freePort();
  const vendor = spawn('sh', ['-c', `exec ${await direct(mock)} --port ${port}`], { cwd: root });
  teardown(() => vendor.kill('SIGKILL'));
  let told = '';
  vendor.stdout.on('data', (chunk) => (told += chunk));
  await until(() => told.includes('REST_KEY='));
  const given = Object.fromEntries(
    [...settings.matchAll(/(REST_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  for (const [name, value] of Object.entries(given))
    expect(told.replaceAll(String(port), '4010')).toContain(`${name}=${value}`);

  const { adminUrl, callbackUrl, database } = await startReceiver();
  expect(start).toBe('npm start');
  const env = { ...given, REST_DOMAIN: `http://127.0.0.1:${port}`, DATABASE_URL: database };
  expect(await run(await direct(fill ?? ''), env)).toMatchObject({
    ...{ code: 0, output: expect.stringContaining('1,000 snapshots stored') },
  });
  const nameOf = async () => {
    const group = await (await fetch(`${adminUrl}/api/groups/%40TGS%231G0000000`)).json();
    return (group as { name: string }).name;
  };
  expect(await nameOf()).toBe('Group 0');
  expect(await run(call.replace('http://127.0.0.1:3000/', callbackUrl).replace('curl', 'curl -sS'))).toMatchObject({
    output: expect.stringContaining('"ErrorCode":0'),
  });
  expect(await nameOf()).toBe('Another name');
  const audited = await run(await direct(audit), env);
  expect({ code: audited.code, output: audited.output }).toEqual({
    ...{ code: 1, output: expect.stringContaining(text[0] as string) },
  });
  expect(await run(await direct(mend), env)).toMatchObject({ code: 0 });
  expect(await nameOf()).toBe('Group 0');
}, 120_000);

/** The command that npm would run, without the time and output of npm itself. */
async function direct(command: string): Promise<string> {
  const { scripts } = (await import('../package.json', { with: { type: 'json' } })).default;
  return command.replace(/^npm run (\w+)(?: --)?/, (_match, name: keyof typeof scripts) => scripts[name]);
}
