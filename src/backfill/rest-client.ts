import { randomInt } from 'node:crypto';
import { fieldOf } from '../callback/callback.ts';
import { parseJson, type Reviver } from '../callback/json.ts';
import type { Logger } from '../callback/logger.ts';
import { type Clock, RateLimit, Slots, systemClock, untilAborted } from './limits.ts';
import { errorOfCode, meaningOf, type Reaction, type RestAccess, RestError } from './rest-errors.ts';
import { type RestAccount, type UserSig, UserSigs } from './user-sig.ts';
import { NoAnswer, type VendorAnswer, VendorHost } from './vendor-host.ts';
import { codeOf, listOf } from './vendor-replies.ts';

interface Endpoint {
  path: string;
  /** Calls per second that the vendor allows. */
  perSecond: number;
  /** The list in the reply whose items have their own ErrorCode, which makes the outer one meaningless. */
  items?: string;
}

const ENDPOINTS = {
  get_appid_group_list: { path: '/v4/group_open_http_svc/get_appid_group_list', perSecond: 1 },
  get_group_info: { path: '/v4/group_open_http_svc/get_group_info', perSecond: 200, items: 'GroupInfo' },
  get_group_member_info: { path: '/v4/group_open_http_svc/get_group_member_info', perSecond: 200 },
  get_role_in_group: { path: '/v4/group_open_http_svc/get_role_in_group', perSecond: 200 },
} satisfies Record<string, Endpoint>;
export type EndpointName = keyof typeof ENDPOINTS;

/** Longer than the 3 s after which the vendor gives up and says so. */
const TIMEOUT_MS = 5_000;
/** Enough for 200 calls a second of 160 ms each. */
const CONCURRENCY = 32;
/** About 90 s with the delays between them. */
const MOST_ATTEMPTS = 10;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** The vendor counts calls per second. */
const LIMITED_FOR_MS = 1_000;

export interface RestClientOptions extends RestAccount {
  /** The vendor's, then its stand-by's: see `restOriginsOf`. */
  origins: readonly URL[];
  log: Logger;
  /** Calls per second of any endpoint, to stay below the vendor's limit, which includes the app's own calls. */
  rate?: number | undefined;
  timeoutMs?: number;
  /** Attempts of a call that fails for a reason that may pass. */
  mostAttempts?: number;
  clock?: Clock;
}

export interface CallOptions {
  /** The group that the call is about: an error may concern only this group. */
  groupId?: string | undefined;
  reviver?: Reviver | undefined;
  signal?: AbortSignal | undefined;
}

export interface RestReply {
  reply: unknown;
  /** When the request was sent, by the vendor's clock: the reply describes that time or later. */
  sentAt: Date;
}

/** The outcome of an attempt without a usable reply. */
interface Failure {
  reaction: Reaction;
  error: RestError;
}

/** Calls the vendor's REST API within its limits, with retries where they can help. */
export class RestClient {
  readonly #hosts: readonly VendorHost[];
  readonly #account: RestAccount;
  readonly #userSigs: UserSigs;
  readonly #slots = new Slots(CONCURRENCY);
  readonly #limits: Readonly<Record<string, RateLimit>>;
  readonly #mostAttempts: number;
  readonly #log: Logger;
  readonly #clock: Clock;
  #current = 0;

  constructor({
    origins,
    log,
    rate,
    timeoutMs = TIMEOUT_MS,
    mostAttempts = MOST_ATTEMPTS,
    clock = systemClock,
    ...account
  }: RestClientOptions) {
    const options = { timeoutMs, clock };
    this.#hosts = origins.map((origin) => new VendorHost(origin, options));
    this.#account = account;
    this.#userSigs = new UserSigs(account, clock);
    this.#limits = Object.fromEntries(
      Object.entries(ENDPOINTS).map(([name, { perSecond }]) => [
        name,
        new RateLimit(Math.min(perSecond, rate ?? perSecond), clock),
      ]),
    );
    this.#mostAttempts = mostAttempts;
    this.#log = log;
    this.#clock = clock;
  }

  /** Closes idle connections. */
  close(): void {
    for (const host of this.#hosts) host.close();
  }

  /**
   * @param body of the request
   * @throws {RestError} if it fails for good, or the signal's reason
   */
  call(endpoint: EndpointName, body: object, options: CallOptions = {}): Promise<RestReply> {
    return untilAborted(this.#call(endpoint, JSON.stringify(body), options), options.signal);
  }

  /** Waits before a retry. @param attempts failed attempts so far */
  async backOff(attempts: number, signal?: AbortSignal): Promise<void> {
    await this.#clock.sleep(delayAfter(attempts), signal);
  }

  /** The error for a group whose item in a reply is missing or has no data. */
  errorOf(item: unknown, endpoint: EndpointName, groupId: string, sentAt: Date): RestError {
    const code = codeOf(item);
    const evidence = { endpoint, groupId, sentAt };
    if (!code) return new RestError('group', 'the answer of the vendor lacks it', { ...evidence, code });
    const host = this.#hosts[this.#current] as VendorHost;
    return errorOfCode(fieldOf(item, 'ErrorInfo'), this.#access(host), { ...evidence, code }, 'group');
  }

  async #call(endpoint: EndpointName, body: string, options: CallOptions): Promise<RestReply> {
    const { signal } = options;
    let isSignedAgain = false;
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.#slots.run(async () => {
        await this.#limits[endpoint]?.take(signal);
        return this.#attempt(endpoint, body, options);
      }, signal);
      if ('reply' in outcome) return outcome;
      const { reaction, error } = outcome;
      const mayRepeat = reaction === 'sign again' ? !isSignedAgain : reaction === 'retry' || reaction === 'slow down';
      if (!mayRepeat || attempts === this.#mostAttempts) throw error;
      this.#log.debug({ endpoint, code: error.code, attempts }, `a call of the vendor failed: ${error.message}`);
      if (reaction === 'slow down') this.#limits[endpoint]?.pause(Math.max(delayAfter(attempts), LIMITED_FOR_MS));
      else if (reaction === 'retry') await this.backOff(attempts, signal);
      else isSignedAgain = true;
    }
  }

  async #attempt(endpoint: EndpointName, body: string, options: CallOptions): Promise<RestReply | Failure> {
    const index = this.#current;
    const host = this.#hosts[index] as VendorHost;
    const userSig = this.#userSigs.current();
    const evidence = { endpoint, groupId: options.groupId ?? null, code: null, sentAt: null };
    let answer: VendorAnswer;
    try {
      answer = await host.post(this.#pathOf(endpoint, userSig), body, options.signal);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.remedy !== null) {
        const what = `${host.name} cannot be called: ${error.message}: ${error.remedy}`;
        return { reaction: 'stop', error: new RestError('stop', what, evidence) };
      }
      this.#leave(index, error.message);
      return { reaction: 'retry', error: new RestError('away', awayText(host.name, error.message), evidence) };
    }
    const { value } = parseJson(answer.body, options.reviver);
    const code = codeOf(value);
    if (code === null) return this.#notTheVendor(index, answer, evidence);
    const { items }: Endpoint = ENDPOINTS[endpoint];
    const isReply = code === 0 || (items !== undefined && listOf(value, items).length > 0);
    const { reaction } = meaningOf(code);
    const sentAt = answer.sentAt === null ? null : new Date(answer.sentAt);
    if (sentAt && isReply) return { reply: value, sentAt };
    if (!sentAt && (isReply || reaction === 'group' || reaction === 'split')) {
      const what = `the answer of ${host.name} has no Date header, which tells when it holds: nothing on the way to REST_DOMAIN may remove it`;
      return { reaction: 'stop', error: new RestError('stop', what, { ...evidence, code }) };
    }
    if (reaction === 'sign again' && this.#userSigs.refused(userSig, answer.sentAt)) {
      this.#log.warn({ endpoint, code }, 'the vendor refused the UserSig: a new one is made');
    }
    const error = errorOfCode(fieldOf(value, 'ErrorInfo'), this.#access(host), { ...evidence, code, sentAt });
    return { reaction, error };
  }

  /** An answer without an ErrorCode comes from a proxy or another server. */
  #notTheVendor(
    index: number,
    { status, statusText }: VendorAnswer,
    evidence: ConstructorParameters<typeof RestError>[2],
  ): Failure {
    const { name } = this.#hosts[index] as VendorHost;
    if (status === 429) {
      const what = `${name} answered ${statusText}, too many calls: try again later`;
      return { reaction: 'slow down', error: new RestError('away', what, evidence) };
    }
    if (status >= 300 && status < 500 && status !== 408) {
      const what = `${name} answered ${statusText}, which the vendor does not: REST_DOMAIN must be the vendor's domain for the app's region`;
      return { reaction: 'stop', error: new RestError('stop', what, evidence) };
    }
    const what = status >= 400 ? `it answered ${statusText}` : `it answered ${statusText} without an ErrorCode`;
    this.#leave(index, what);
    return { reaction: 'retry', error: new RestError('away', awayText(name, what), evidence) };
  }

  /** If several calls find a domain unreachable, the first one switches to the other. */
  #leave(index: number, why: string): void {
    if (index !== this.#current || this.#hosts.length < 2) return;
    this.#current = (index + 1) % this.#hosts.length;
    const from = this.#hosts[index]?.name;
    const to = this.#hosts[this.#current]?.name;
    this.#log.warn({ from, to }, `the vendor is called at another domain: ${why}`);
  }

  #access({ name }: VendorHost): RestAccess {
    return { ...this.#account, host: name };
  }

  /** The result holds a secret. */
  #pathOf(endpoint: EndpointName, { text }: UserSig): string {
    const { sdkAppId, admin } = this.#account;
    const identifier = encodeURIComponent(admin);
    const query = `sdkappid=${sdkAppId}&identifier=${identifier}&usersig=${text}&random=${randomInt(2 ** 32)}&contenttype=json`;
    return `${ENDPOINTS[endpoint].path}?${query}`;
  }
}

function awayText(host: string, what: string): string {
  return `${host} is away, ${what}: try again later, and see whether this machine reaches REST_DOMAIN`;
}

/** Doubles, with jitter: calls that failed together must not be retried together. */
function delayAfter(attempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS) * (0.5 + 0.5 * Math.random());
}
