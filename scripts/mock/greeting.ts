import { commandOf } from '../simulator/examples.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';
import { grouped } from '../trigger/print.ts';
import type { Checker } from './checker.ts';
import type { Contract } from './options.ts';

/** What the mock says when it listens: its URL and a call to paste, of the contract's first example. */
export function mockGreeting(mockUrl: string, { paths }: Contract): string {
  const examples = paths['/']?.post?.requestBody?.content['application/json']?.examples ?? {};
  const [[key, { value }] = ['', { value: {} }]] = Object.entries(examples);
  const sender = { url: mockUrl, sdkAppId: 1400000000, token: 'any-token' };
  const { url, body } = vendorRequest(commandOf(key), JSON.stringify(value), sender);
  return `The mock of the contract listens at ${mockUrl}

  curl '${url}' \\
    -H 'Content-Type: application/json' \\
    -d '${body.replaceAll("'", "'\\''")}'

Another reply: add -H 'Prefer: code=401'. Other callbacks: npm run trigger -- --url ${mockUrl}
`;
}

export function proxyGreeting(proxyUrl: string, upstream: URL): string {
  return `Passing on ${proxyUrl} to ${upstream.href}
Give the sender ${proxyUrl} as callback URL. Each violation of the contract is a line; silence means there is none.
`;
}

export function proxySummary({ requests, violations, violating }: Checker['tally']): string {
  const counted = (count: number, noun: string) => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
  if (violations === 0) return `\n${counted(requests, 'exchange')}, no violation of the contract`;
  return `\n${counted(requests, 'exchange')}, ${grouped(violating)} with ${counted(violations, 'violation')} of the contract`;
}
