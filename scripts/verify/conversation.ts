import http from 'node:http';
import https from 'node:https';
import { commandOf, type Examples } from '../simulator/examples.ts';
import { faults } from '../simulator/faults.ts';
import { freshPayload, type Payload } from '../simulator/payload.ts';
import { type Outcome, type Reply, type Sendable, send } from '../simulator/send.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';
import type { Options } from './options.ts';

export interface Gathered {
  check: string;
  /** The command of the URL; undefined where it had none, or more than one. */
  command: string | undefined;
  reply: Reply;
}

// A reply that is a little late is still seen, and how late it is.
const graceSeconds = 0.2;

/** What one check says to the endpoint, as the vendor would. */
export class Conversation {
  readonly options: Options;
  /** Every reply of the run to a POST at the callback URL. */
  readonly gathered: Gathered[];
  readonly #check: string;
  readonly #examples: Examples;
  readonly #plain: string;

  /** @param plain the example that callbacks are made of where no other is named */
  constructor(check: string, options: Options, examples: Examples, plain: string, gathered: Gathered[]) {
    this.options = options;
    this.gathered = gathered;
    this.#check = check;
    this.#examples = examples;
    this.#plain = plain;
  }

  /** An example as a new callback: with an id and a time of its own, changed by `change`, signed where there is a token. */
  callback(key = this.#plain, change: (payload: Payload) => void = () => {}): Sendable {
    const payload = freshPayload(this.#examples[key]?.value ?? {}, []);
    change(payload);
    return vendorRequest(commandOf(key), JSON.stringify(payload), this.options);
  }

  /** A new callback with a fault that trigger knows too. */
  faulty(fault: keyof typeof faults): Sendable {
    const request = this.callback() as Sendable & { body: string };
    faults[fault]?.apply(request, this.options);
    return request;
  }

  /** Sends on a connection of its own, or on one of the agent's. Never rejects. */
  async send(request: Sendable, agent?: http.Agent): Promise<Outcome> {
    const own = agent ?? this.agent();
    const outcome = await send(request, own, this.options.timeoutSeconds + graceSeconds);
    if (!agent) own.destroy();
    const callbackPath = new URL(this.options.url).pathname;
    if ('status' in outcome && request.method === 'POST' && request.url.pathname === callbackPath) {
      const [command, ...more] = request.url.searchParams.getAll('CallbackCommand');
      this.gathered.push({ check: this.#check, command: more.length > 0 ? undefined : command, reply: outcome });
    }
    return outcome;
  }

  /** An agent with a single connection, which is kept; to be destroyed. */
  agent(): http.Agent {
    const { Agent } = this.options.url.startsWith('https:') ? https : http;
    return new Agent({ keepAlive: true, maxSockets: 1 });
  }
}
