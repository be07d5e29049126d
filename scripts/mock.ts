import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import packageJson from '../package.json' with { type: 'json' };
import { invocation } from '../src/invocation.ts';
import { Failure, grouped, type Io, plural, printable, runMain } from './command-line.ts';
import { createMock } from './mock/mock-listener.ts';
import { type Contract, readAdminContract, readContract, readOptions } from './mock/options.ts';
import { createChecker, createProxy, type Tally } from './mock/proxy.ts';
import { commandOf } from './simulator/examples.ts';
import { generateGroups } from './simulator/rest/generated-groups.ts';
import { createRestApi } from './simulator/rest/rest-server.ts';
import type { RestApp } from './simulator/rest/user-sig.ts';
import { vendorRequest } from './simulator/vendor-request.ts';

const EVENT_MEDIA = 'application/cloudevents+json';
const PRISM = '@stoplight/prism-http';

await runMain(import.meta, 'mock', mock);

/** Serves until a signal arrives, and returns the exit status. */
export async function mock(args: string[], io: Io): Promise<number> {
  const print = (text: string) => io.stdout.write(`${text}\n`);
  const options = readOptions(args);
  const printLine = (line: string) => print(printable(line).replaceAll('\n', '\\n'));
  if (options.delivery) {
    const contract = readContract(options.contract, EVENT_MEDIA);
    const { createEndpoint, openEndpoint } = await import('./mock/endpoint.ts').catch(explainMissing);
    const endpoint = await openEndpoint(contract);
    await serve(createEndpoint(endpoint, printLine), options, io, (url) => print(endpointGreeting(url)));
    return 0;
  }
  if (options.rest) {
    const { answers, app, listener } = createRestApi({ groups: generateGroups(options) });
    const stop = showCounts(answers, print);
    await serve(listener, options, io, (url) => print(restGreeting(url, app, options.groups))).finally(stop);
    return 0;
  }
  if (options.admin) {
    const contract = readAdminContract(options.contract);
    const { createAdminMock } = await import('./mock/admin.ts').catch(explainMissing);
    await serve(createAdminMock(contract, printLine), options, io, (url) => print(adminGreeting(url)));
    return 0;
  }
  const contract = readContract(options.contract);
  // Prism takes most of a second to load: wrong usage and --help do not wait for it.
  const { openPrism } = await import('./mock/prism.ts').catch(explainMissing);
  const prism = await openPrism(contract, options);
  const { upstream, strict } = options;
  if (upstream === undefined) {
    const describes = (command: string) => contract.components?.schemas?.[command]?.['x-kind'] !== undefined;
    await serve(createMock(prism, { print: printLine, describes, strict }), options, io, (url) =>
      print(mockGreeting(url, contract)),
    );
    return 0;
  }
  const checker = createChecker(prism, printLine);
  const proxy = createProxy(upstream, checker, printLine);
  await serve(proxy, options, io, (url) => print(proxyGreeting(url, upstream)));
  await checker.settled();
  print(proxySummary(checker.tally));
  return checker.tally.violations > 0 ? 1 : 0;
}

/** Resolves after SIGINT or SIGTERM, once all connections are closed. */
async function serve(
  listener: RequestListener,
  { host, port }: { host: string; port: number },
  io: Io,
  onListening: (url: string) => void,
) {
  const server = createServer(listener);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) io.on(signal, () => stopped.resolve());
  await once(server.listen(port, host), 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(explain(error, { host, port }), { cause: error });
  });
  // Of all addresses, this machine reaches it by its loopback one.
  const shown = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  onListening(`http://${shown}:${(server.address() as AddressInfo).port}/`);
  await stopped.promise;
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}

/** The package does not include Prism, which is as large as the rest of it and only serves development. */
function explainMissing(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  const version = packageJson.devDependencies[PRISM];
  throw new Failure(`${PRISM} is not installed: npm install --save-dev ${PRISM}@${version}`, { cause: error });
}

function explain({ code, message }: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): string {
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine: give another one by --host, such as 0.0.0.0 for all`;
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is taken: end what listens there, or choose one by --port`;
  if (code === 'EACCES') return `port ${port} may not be used by this user: choose one above 1023 by --port`;
  return message;
}

/** The mock's URL and a call to paste, with the contract's first example. */
function mockGreeting(mockUrl: string, { paths }: Contract): string {
  const examples = paths['/']?.post?.requestBody?.content['application/json']?.examples ?? {};
  const [[key, { value }] = ['', { value: {} }]] = Object.entries(examples);
  const receiver = { url: mockUrl, sdkAppId: 1400000000, token: 'any-token' };
  const { url, body } = vendorRequest(commandOf(key), JSON.stringify(value), receiver);
  return `The mock of the contract listens at ${mockUrl}

  curl '${url}' \\
    -H 'Content-Type: application/json' \\
    -d '${body.replaceAll("'", "'\\''")}'

Another reply: add -H 'Prefer: code=401'. Other callbacks: ${invocation('trigger', `--url ${mockUrl}`)}
`;
}

function endpointGreeting(url: string): string {
  return `A mock of the endpoint that events are delivered to listens at ${url}
Start the receiver with DELIVERY_URL=${url} and a DELIVERY_SECRET. Signatures are not verified. Silence means that no
event has come; each one is a line, with the reason where the contract forbids it.
`;
}

function adminGreeting(url: string): string {
  return `A mock of the admin listener, its read API, listens at ${url}

  curl '${url}api/groups?limit=1'

Answers are the contract's examples. Another one: add -H 'Prefer: code=404'. It asks for no password.
`;
}

function restGreeting(url: string, { sdkAppId, administrators, key }: RestApp, groups: number): string {
  return `A simulation of the vendor's REST API, with ${plural(groups, 'group')}, listens at ${url}
Give these settings to the receiver, and to ${invocation('backfill')}:

SDK_APP_ID=${sdkAppId}
REST_DOMAIN=${new URL(url).origin}
REST_ADMIN=${administrators[0]}
REST_KEY=${key}

Signatures are verified, and the vendor's limits enforced. Each second with calls is a line: endpoint, ErrorCode, calls.
`;
}

/** Prints the answers once a second if there were any, until the returned function is called. */
function showCounts(answers: ReadonlyMap<string, number>, print: (line: string) => void): () => void {
  let shown = new Map<string, number>();
  const timer = setInterval(() => {
    const counts = Array.from(answers, ([answer, count]) => [answer, count - (shown.get(answer) ?? 0)] as const);
    const fresh = counts.filter(([, count]) => count > 0).map(([answer, count]) => `${answer}  ${count}`);
    if (fresh.length > 0) print(`${new Date().toISOString()}  ${fresh.join(', ')}`);
    shown = new Map(answers);
  }, 1000);
  return () => clearInterval(timer);
}

function proxyGreeting(proxyUrl: string, upstream: URL): string {
  return `Passing on ${proxyUrl} to ${upstream.href}
Give the sender ${proxyUrl} as callback URL. Each violation of the contract is a line; silence means there is none.
`;
}

function proxySummary({ requests, violations, violating }: Tally): string {
  const exchanges = `\n${plural(requests, 'exchange')}, `;
  if (violations === 0) return `${exchanges}no violation of the contract`;
  return `${exchanges}${grouped(violating)} with ${plural(violations, 'violation')} of the contract`;
}
