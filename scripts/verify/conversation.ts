import type http from 'node:http';
import { UsageError } from '../command-line.ts';
import { commandOf, type Examples, freshPayload, type Payload } from '../simulator/examples.ts';
import { type FaultName, faults } from '../simulator/faults.ts';
import { connect, keepAliveAgent, type Outcome, type Reply, type Sendable, send } from '../simulator/send.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';
import type { Options } from './options.ts';

export interface Gathered {
  check: string;
  /** The command of the URL; undefined if it had none, or several. */
  command: string | undefined;
  reply: Reply;
}

/** Shared by all conversations of a run. */
export interface Setting {
  options: Options;
  examples: Examples;
  /** How long a reply is awaited beyond the time limit, to report how late it is. */
  graceSeconds: number;
  /** The example that callbacks are made from by default. */
  plain: string;
  /** Every reply of the run to a POST at the callback URL. */
  gathered: Gathered[];
}

/** The exchange of one check with the endpoint, as the vendor would conduct it. */
export class Conversation {
  readonly options: Options;
  readonly gathered: Gathered[];
  /** Requests answered within the time limit, and others. */
  inTime = 0;
  late = 0;
  readonly #check: string;
  readonly #setting: Setting;

  constructor(check: string, setting: Setting) {
    this.options = setting.options;
    this.gathered = setting.gathered;
    this.#check = check;
    this.#setting = setting;
  }

  /** An example as a new callback: with a fresh id and time, modified by `change`, signed if there is a token. */
  callback(key = this.#setting.plain, change: (payload: Payload) => void = () => {}): Sendable & { body: string } {
    const payload = freshPayload(commandOf(key), this.#setting.examples[key]?.value ?? {});
    change(payload);
    return vendorRequest(commandOf(key), JSON.stringify(payload), this.options);
  }

  /** A new callback with one of the faults that trigger offers. */
  faulty(fault: FaultName): Sendable {
    const request = this.callback();
    faults[fault].apply(request, this.options);
    return request;
  }

  /** Sends on a new connection, or on one of the agent's. Never rejects. */
  async send(request: Sendable, agent?: http.Agent): Promise<Outcome> {
    const own = agent ?? this.agent();
    const { timeoutSeconds } = this.options;
    const started = performance.now();
    const outcome = await send(request, own, timeoutSeconds + this.#setting.graceSeconds);
    if (performance.now() - started > timeoutSeconds * 1000) this.late++;
    else this.inTime++;
    if (!agent) own.destroy();
    const callbackPath = new URL(this.options.url).pathname;
    if ('status' in outcome && request.method === 'POST' && request.url.pathname === callbackPath) {
      const [command, ...more] = request.url.searchParams.getAll('CallbackCommand');
      this.gathered.push({ check: this.#check, command: more.length > 0 ? undefined : command, reply: outcome });
    }
    return outcome;
  }

  /** An agent with a single kept-alive connection; the caller destroys it. */
  agent(): http.Agent {
    return keepAliveAgent(this.options.url, 1);
  }
}

/** @throws {UsageError} if no connection to the URL's host can be established */
export function demandReachable(url: URL, seconds: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (reason: string) => {
    socket.destroy();
    reject(new UsageError(`${url.origin} cannot be reached: ${reason}`));
  };
  const socket = connect(url);
  socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
    socket.destroy();
    resolve();
  });
  socket.setTimeout(seconds * 1000, () => fail(`no connection within ${seconds} s: check --url`));
  socket.on('error', (error: NodeJS.ErrnoException) => fail(explain(error)));
  return promise;
}

function explain({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there: start the endpoint, or check --url';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host: check --url';
  if (/CERT|VERIFY|ERR_TLS/.test(code)) {
    return `its certificate is not trusted (${code}): name its issuer by NODE_EXTRA_CA_CERTS=<file>`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'it does not speak https: check --url';
  return message || code;
}
