import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '../src/config.ts';
import { SERVER_LIMITS } from '../src/receiver/guard-server.ts';
import { createAuthority, createPair } from './support/certificates.ts';
import { temporaryFolder } from './support/start.ts';

const example = readFileSync(join(import.meta.dirname, '../deploy/nginx.conf'), 'utf8');
const hasNginx = spawnSync('nginx', ['-v']).status === 0;

(hasNginx ? test : test.skip)('nginx -t takes deploy/nginx.conf (skipped where there is no nginx)', async () => {
  const folder = temporaryFolder();
  const { cert, key } = await createPair('callbacks.example.com', await createAuthority('Ours'));
  writeFileSync(join(folder, 'fullchain.pem'), cert);
  writeFileSync(join(folder, 'privkey.pem'), key);
  const here = example
    .replaceAll('/etc/letsencrypt/live/callbacks.example.com', folder)
    .replaceAll('/var/log/nginx', folder)
    // Ports below 1024 need root.
    .replaceAll(':443', ':8443')
    .replaceAll('listen 443', 'listen 8443');
  writeFileSync(join(folder, 'nginx.conf'), `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\n${here}\n}\n`);
  const { status, stderr } = spawnSync('nginx', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining('syntax is ok')]);
});

interface Directive {
  words: string[];
  block: Directive[] | null;
}

/** The grammar of nginx: words, then `;` or a block. */
function parse(text: string): Directive[] {
  const tokens = text.match(/#.*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[;{}]|[^\s;{}"'#]+/g) ?? [];
  const stack: Directive[][] = [[]];
  let words: string[] = [];
  for (const token of tokens.filter((one) => !one.startsWith('#'))) {
    const level = stack.at(-1) as Directive[];
    if (token === '}') {
      if (words.length > 0) throw new Error(`No ; after ${words.join(' ')}`);
      if (stack.length === 1) throw new Error('One } too many');
      stack.pop();
    } else if (token === ';' || token === '{') {
      if (words.length === 0) throw new Error(`A ${token} without a directive`);
      const block: Directive[] | null = token === '{' ? [] : null;
      level.push({ words, block });
      if (block) stack.push(block);
      words = [];
    } else {
      words.push(token);
    }
  }
  if (stack.length > 1 || words.length > 0) throw new Error('The file ends within a directive');
  return stack[0] as Directive[];
}

test('deploy/nginx.conf matches the limits of vendor and receiver', () => {
  const top = parse(example);
  const block = (level: Directive[], ...words: string[]) => {
    const found = level.find((directive) => directive.words.join(' ') === words.join(' '));
    if (!found?.block) throw new Error(`No block ${words.join(' ')}`);
    return found.block;
  };
  const value = (level: Directive[], name: string) =>
    level
      .find(({ words }) => words[0] === name)
      ?.words.slice(1)
      .join(' ');
  const milliseconds = (text = '') => Number.parseFloat(text) * (text.endsWith('ms') ? 1 : 1000);

  const server = block(top, 'server');
  const location = block(server, 'location', '=', readConfig({}).callbackPath);
  expect(server.filter(({ words }) => words[0] === 'location')).toHaveLength(2);
  expect(value(block(server, 'location', '/'), 'return')).toBe('404');
  expect(value(server, 'listen')).toBe('443 ssl');
  expect(value(server, 'ssl_protocols')).toBe('TLSv1.2 TLSv1.3');
  expect(value(server, 'client_max_body_size')).toBe(String(readConfig({}).maxBodyBytes));

  // With a path or a rewrite, nginx decodes and rebuilds the URL; without, it passes the URL on unchanged.
  expect(value(location, 'proxy_pass')).toBe('http://callbacks');
  expect(value(block(top, 'upstream', 'callbacks'), 'server')).toBe(`127.0.0.1:${readConfig({}).port}`);
  expect(example).not.toMatch(/^\s*(rewrite|set|if)\b/m);
  // $request contains the query, including the signature.
  expect(value(top, 'log_format')).not.toMatch(/\$request\b|\$args|\$query_string|\$request_uri/);

  expect(value(location, 'proxy_next_upstream')).toBe('error non_idempotent');

  const times = ['proxy_connect_timeout', 'proxy_read_timeout'].map((name) => milliseconds(value(location, name)));
  expect(times[0]).toBeGreaterThan(0);
  expect((times[0] as number) + (times[1] as number)).toBeLessThan(2000);
  expect(milliseconds(value(location, 'proxy_send_timeout'))).toBeLessThan(2000);
  for (const name of ['client_header_timeout', 'client_body_timeout'])
    expect(milliseconds(value(server, name))).toBeLessThanOrEqual(10_000);
  const kept = milliseconds(value(block(top, 'upstream', 'callbacks'), 'keepalive_timeout'));
  expect(kept).toBeGreaterThan(10_000);
  expect(kept).toBeLessThan(SERVER_LIMITS.keepAliveTimeout);
});
