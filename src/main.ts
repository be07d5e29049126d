import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { type App, createApp } from './app.ts';
import { type ProgramConfig, readConfig } from './config.ts';
import { invocation } from './invocation.ts';
import { createListeners, demandFreePorts, fromThisMachine } from './listeners.ts';
import { loadHandlers, registerHandlers } from './load-handlers.ts';
import { type LogFormat, prettyLine } from './log-format.ts';
import { startHelp } from './settings.ts';

/** Deadline for requests in flight at shutdown; process managers kill soon after it. */
const SHUTDOWN_MS = 10_000;
/** Deadline for flushing the log at the end: its reader may be gone. */
const LAST_LINES_MS = 500;
try {
  answerArguments();
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  const output = pino.destination();
  const format = config.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const log = pino({ level: config.logLevel }, format === 'pretty' ? prettyTo(output, config) : output);
  // Before the database is created: a start that fails leaves no file behind.
  const handlers = await loadHandlers(config.handlers);
  await demandFreePorts(config);
  const app = await createApp(config, { log });
  if (handlers) await registerHandlers(handlers, app.receiver, log);
  collectDefaultMetrics({ register: app.metrics.registry });
  const listeners = createListeners(app, config, { log });
  tellReady({ config, log, output, format }, await listeners.listen());
  endInOrder(app, listeners, log, output);
} catch (error) {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exit(1);
}

/** Answers `npm start -- --help`. The package's command parses its own arguments before it imports this module. */
function answerArguments(): void {
  const [, program, argument] = process.argv;
  if (argument === undefined || program === undefined || realpathSync(program) !== import.meta.filename) return;
  const isHelp = argument === '--help' || argument === '-h';
  if (isHelp) process.stdout.write(`${startHelp(invocation('start'))}\n`);
  else process.stderr.write(`start: "${argument}" is no option: settings are environment variables, see --help\n`);
  process.exit(isHelp ? 0 : 2);
}

type Listeners = ReturnType<typeof createListeners>;
type Output = ReturnType<typeof pino.destination>;

/** In this process, not in a worker thread: the last lines before an exit must be written, too. */
function prettyTo(output: Output, { logLevel }: ProgramConfig) {
  const colors = process.stdout.isTTY && process.stdout.hasColors() && !process.env.NO_COLOR;
  const stacks = logLevel === 'debug' || logLevel === 'trace';
  return { write: (line: string) => void output.write(`${prettyLine(line, { colors, stacks })}\n`) };
}

function tellReady(
  { config, log, output, format }: { config: ProgramConfig; log: Logger; output: Output; format: LogFormat },
  { about, ...urls }: Awaited<ReturnType<Listeners['listen']>>,
): void {
  const { demo, sdkAppId, databaseUrl, tokens } = config;
  const database = withoutSecrets(databaseUrl);
  // The URL's own query may contain a secret.
  const publicUrl = config.publicUrl?.replace(/\?.*/, '');
  // The pretty format shows the addresses below.
  log.info({ ...(format === 'json' && urls), publicUrl, sdkAppId, database }, 'ready');
  if (tokens.length === 0) {
    log.warn(
      {},
      'CALLBACK_TOKEN is unset: unsigned callbacks are taken. Switch authentication on in the console and set it.',
    );
  }
  if (!demo && format === 'json') return;
  const app = demo
    ? `Demo: SDK_APP_ID is unset, so this is app ${sdkAppId}, on this machine only.`
    : `App ${sdkAppId}, ${tokens.length === 0 ? 'unsigned' : 'signed'} callbacks.`;
  const [page, callbackUrl] = [urls.adminUrl, urls.callbackUrl].map(fromThisMachine);
  if (format === 'pretty') output.flushSync();
  process.stderr.write(
    `\n${app}\n  page           ${page}/\n  callback URL   ${callbackUrl}\n  try now        ${about.triggerCommand}\n\n`,
  );
}

function endInOrder({ receiver }: App, listeners: Listeners, log: Logger, output: Output): void {
  let stopping = false;

  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (stopping) {
      log.warn({ signal }, 'a second signal: ended at once');
      return end(1);
    }
    log.info({ signal }, 'stopping');
    await finish(0);
  }

  /** Not recoverable within this process: exits, so that a supervisor starts another one. */
  async function fail(error: Error): Promise<void> {
    const text = `The receiver cannot take callbacks any more and ends: ${error.message}. Start it again`;
    log.fatal({ err: error }, text);
    process.stderr.write(`${text}\n`);
    if (!stopping) await finish(1);
  }

  async function finish(code: number): Promise<void> {
    stopping = true;
    setTimeout(() => {
      log.error(`requests are still in flight after ${SHUTDOWN_MS} ms: ended`);
      void end(1);
    }, SHUTDOWN_MS).unref();
    await listeners.close();
    await receiver.close();
    log.info('stopped');
    await end(code);
  }

  /** Exits once the log is written. pino's own flush on exit never returns if nobody reads the pipe. */
  async function end(code: number): Promise<void> {
    await Promise.race([new Promise((resolve) => output.once('close', resolve).end()), sleep(LAST_LINES_MS)]);
    process.removeAllListeners('exit');
    process.exit(code);
  }

  receiver.on('fatal', (error) => void fail(error));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A URL may contain a password before the host, or in its parameters. */
function withoutSecrets(databaseUrl: string): string {
  return databaseUrl.startsWith('sqlite:') ? databaseUrl : databaseUrl.replace(/\/\/.*@/, '//').replace(/\?.*/, '');
}

function explain(error: NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number }): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${error.port} on ${error.address} is taken: end what listens there, or set PORT or ADMIN_PORT`;
  }
  if (error.code === 'EADDRNOTAVAIL' || error.syscall === 'getaddrinfo') {
    return `${error.address ?? error.hostname} is no address of this machine: set another HOST or ADMIN_HOST`;
  }
  if (error.code === 'EACCES' && error.port !== undefined)
    return `Port ${error.port} may not be used by this user: set another PORT`;
  return error.message;
}
