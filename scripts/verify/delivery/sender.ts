import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import { factsOf } from '../../../generated/commands.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { unixSeconds, vendorUrl } from '../../../src/callback/vendor-url.ts';
import { EVENT_TYPE, eventOf } from '../../../src/delivery/event.ts';
import { callbackReader } from '../../../src/delivery/read.ts';
import type { LoggedCallback } from '../../../src/store/consumers.ts';
import { commandOf, type Examples, freshPayload, type Payload, usualDecision } from '../../simulator/examples.ts';
import { keepAliveAgent, type Outcome, type Reply, send } from '../../simulator/send.ts';
import type { Options } from './options.ts';

/** A request to the endpoint, correct unless a check changes it. Undefined: header absent. */
export interface Request {
  id: string | undefined;
  timestamp: string | undefined;
  signatures: string | undefined;
  body: string;
}

/** A callback to deliver, with the number of the attempt. */
export interface Event {
  id: string;
  body: string;
  /** The next attempt of the same event. */
  again(): Event;
}

interface Change {
  /** The example that the event is made from. */
  key?: string;
  /** A command outside the contract. */
  unknown?: string;
  /** Override those of the example. */
  fields?: Payload;
  /** Serializes the callback's body. */
  text?: (payload: Payload) => string;
}

/** Sends deliveries as the receiver does, and keeps the replies of the run. */
export class Sender {
  readonly options: Options;
  readonly gathered: { check: string; reply: Reply }[] = [];
  /** Consecutive unanswered requests so far. */
  unanswered = 0;
  /** The check that the requests belong to. */
  check = '';
  readonly #examples: Examples;
  readonly #plain: string;
  readonly #read: ReturnType<typeof callbackReader>;
  #count = 0;

  /** @param examples that may be sent; the first one is the default */
  constructor(options: Options, examples: Examples) {
    this.options = options;
    this.#examples = examples;
    [this.#plain = ''] = Object.keys(examples);
    // Ids of another run are different events: an endpoint remembers the events it has received.
    const storeId = randomBytes(4).toString('hex');
    this.#read = callbackReader(callbackDocument, { sdkAppId: options.sdkAppId, storeId });
  }

  /** A new event as the receiver makes it from a stored callback, with a fresh group and time. */
  event({ key = this.#plain, unknown, fields, text = JSON.stringify }: Change = {}): Event {
    const { url, sdkAppId } = this.options;
    const command = unknown ?? commandOf(key);
    const example = freshPayload(commandOf(key), this.#examples[key]?.value ?? {});
    const facts = factsOf(command);
    const payload = { ...example, ...(unknown && { CallbackCommand: unknown }), ...fields };
    this.#count++;
    const logged: LoggedCallback & { body: Uint8Array } = {
      place: `0-${this.#count}`,
      id: String(this.#count),
      command,
      status: unknown ? 'unknown' : 'accepted',
      ignored: false,
      receivedAt: new Date(),
      decision: facts ? usualDecision(facts) : null,
      query: vendorUrl(command, { url, sdkAppId, token: undefined }).search.slice(1),
      body: Buffer.from(text(payload)),
    };
    // For a batch, its first item.
    const [{ content } = { content: { problem: 'it has no items' } }] = this.#read(logged);
    if ('problem' in content) throw new Error(`${key}: ${content.problem}`);
    const attempt = (number: number): Event => ({
      id: content.id,
      body: eventOf({ ...content, group: null, attempt: number, late: false }, sdkAppId),
      again: () => attempt(number + 1),
    });
    return attempt(1);
  }

  /** @param secrets each of them signs the request */
  signed({ id, body }: Pick<Event, 'id' | 'body'>, { secrets = [this.options.secret], secondsAgo = 0 } = {}): Request {
    const timestamp = unixSeconds() - secondsAgo;
    const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(timestamp * 1000), body));
    return { id, timestamp: String(timestamp), signatures: signatures.join(' '), body };
  }

  /** Sends on a new connection. Never rejects. */
  async send({ id, timestamp, signatures, body }: Request): Promise<Outcome> {
    const { url, timeoutSeconds } = this.options;
    const { check } = this;
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures };
    const given = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
    const agent = keepAliveAgent(url, 1);
    const outcome = await send(
      {
        method: 'POST',
        url: new URL(url),
        contentType: EVENT_TYPE,
        headers: { 'User-Agent': `${packageJson.name}/${packageJson.version}`, ...Object.fromEntries(given) },
        body,
      },
      agent,
      timeoutSeconds,
    );
    agent.destroy();
    if ('status' in outcome) {
      this.gathered.push({ check, reply: outcome });
      this.unanswered = 0;
    } else if (!outcome.closed) this.unanswered++;
    return outcome;
  }
}

/** A secret that the endpoint does not have. */
export function otherSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}
