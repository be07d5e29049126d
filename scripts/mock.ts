import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChecker } from './mock/checker.ts';
import { mockGreeting, proxyGreeting, proxySummary } from './mock/greeting.ts';
import { createMock } from './mock/mock-listener.ts';
import { helpText, type Options, readContract, readOptions } from './mock/options.ts';
import { createProxy } from './mock/proxy-listener.ts';
import { printable } from './simulator/printable.ts';
import { UsageError } from './simulator/usage-error.ts';

try {
  process.exitCode = await mock(process.argv.slice(2));
} catch (error) {
  console.error(`mock: ${printable((error as Error).message)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** Serves until a signal ends it and returns the exit status. */
async function mock(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(helpText);
    return 0;
  }
  const contract = readContract(options.contract);
  // It takes most of a second to load, which wrong usage and --help need not wait for.
  const { openPrism } = await import('./mock/open-prism.ts');
  const prism = await openPrism(contract, options);
  const print = (line: string) => console.log(printable(line).replaceAll('\n', '\\n'));
  const { upstream } = options;
  if (upstream === undefined) {
    await serve(createMock(prism, print), options, (url) => mockGreeting(url, contract));
    return 0;
  }
  const checker = createChecker(prism, print);
  await serve(createProxy(upstream, checker, print), options, (url) => proxyGreeting(url, upstream));
  await checker.settled();
  console.log(proxySummary(checker.tally));
  return checker.tally.violations > 0 ? 1 : 0;
}

/** Resolves when SIGINT or SIGTERM came and every connection is closed. */
async function serve(listener: RequestListener, { port }: Options, greeting: (url: string) => string): Promise<void> {
  const server = createServer(listener);
  const stopped = Promise.withResolvers<void>();
  // npm passes on the signal that the terminal has sent already, so a second one means nothing.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopped.resolve());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise.catch((error: NodeJS.ErrnoException) => {
    throw new Error(explain(error, port), { cause: error });
  });
  console.log(greeting(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
  await stopped.promise;
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}

function explain({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE')
    return `port ${port} on 127.0.0.1 is taken: end what listens there, or choose one by --port`;
  if (code === 'EACCES') return `port ${port} may not be used by this user: choose one above 1023 by --port`;
  return message;
}
