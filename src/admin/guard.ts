import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { LogSampler } from '../callback/log-sampling.ts';
import type { Logger } from '../callback/logger.ts';
import { replyProblem } from './problem.ts';

const USER = 'admin';
const WINDOW_MS = 60_000;
const FAILURES_OF_ONE = 10;
const FAILURES_OF_ALL = 100;

interface GuardOptions {
  config: {
    /** Null if it is mounted into an app's server, whose host names only the app knows. */
    adminHost: string | null;
    /** Null: no password is required. */
    adminPassword: string | null;
  };
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Runs before everything that the admin listener serves, whether the contract routes it or not. Refuses requests that
 * another site caused (DNS rebinding, cross-site writes and reads) and requests without the password.
 */
export function createGuard({ config, log, now }: GuardOptions): RequestHandler {
  const limit = new FailureLimit(now);
  const refusals = new LogSampler();
  const warn = (fields: object, message: string) =>
    refusals.sample(message, (sampled) => log.warn({ ...fields, ...sampled }, message));

  return (request, response, next) => {
    const { host = '', authorization, origin } = request.headers;
    const from = request.socket.remoteAddress ?? '';
    const { adminHost } = config;
    if (adminHost !== null && isLoopback(adminHost) && !isOwnName(host, adminHost)) {
      warn({ from, host }, 'a request for another host was refused: DNS rebinding, or a proxy that passes on Host');
      return replyProblem(response, 403, 'The Host header must be localhost, a loopback address or ADMIN_HOST');
    }
    if (isRead(request) ? isCrossSiteRead(request) : isCrossOrigin(request)) {
      warn({ from, origin }, `a ${isRead(request) ? 'read' : 'write'} from another site was refused`);
      return replyProblem(response, 403, 'Another site asks for this in your name: it is refused');
    }
    if (config.adminPassword === null) return next();
    // A request without credentials is not an attempt: browsers send one before they prompt.
    if (authorization === undefined) return replyUnauthorized(response);
    // Before any limit, and in constant time: wrong passwords of others never lock out the right one.
    if (isAuthorized(authorization, config.adminPassword)) return next();
    const seconds = limit.failed(from);
    warn({ from }, 'a wrong password was refused');
    if (seconds === 0) return replyUnauthorized(response);
    response.setHeader('Retry-After', seconds);
    replyProblem(response, 429, `Too many wrong passwords: wait ${seconds} s, or send the right one`);
  };
}

export function replyUnauthorized(response: Response): void {
  response.setHeader('WWW-Authenticate', 'Basic realm="tencent-chat-callbacks", charset="UTF-8"');
  replyProblem(response, 401, 'User admin and ADMIN_PASSWORD are required');
}

/** Whether an Authorization header contains user `admin` and this password (HTTP Basic, RFC 7617). */
export function isAuthorized(authorization: string | undefined, password: string): boolean {
  const [scheme, credentials] = authorization?.split(' ', 2) ?? [];
  if (scheme?.toLowerCase() !== 'basic' || credentials === undefined) return false;
  // Digests have equal lengths, so the comparison's time does not depend on the password.
  const [given, expected] = [Buffer.from(credentials, 'base64').toString(), `${USER}:${password}`].map((text) =>
    createHash('sha256').update(text).digest(),
  ) as [Buffer, Buffer];
  return timingSafeEqual(given, expected);
}

/** Whether an address or host name refers to this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Guards against DNS rebinding: a foreign name that resolves to 127.0.0.1 still shows in the Host header. */
function isOwnName(host: string, adminHost: string): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, '');
  return isLoopback(name.replace(/^\[(.*)\]$/, '$1')) || name === adminHost.toLowerCase();
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Another site cannot read the reply, but it could make a browser send any number of expensive requests, for example as
 * the source of an image. Links to the listener work: navigation of a window is allowed, but not of a frame in that
 * site's page.
 */
function isCrossSiteRead(request: Request): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers;
  return isForeign(request.headers['sec-fetch-site']) && !(mode === 'navigate' && destination === 'document');
}

/**
 * As in Go's net/http CrossOriginProtection: browsers send Sec-Fetch-Site to https and loopback addresses, and Origin
 * with every write. A request with neither is not from a browser, so no stored password was attached to it.
 */
function isCrossOrigin({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return isForeign(site);
  const { origin, host } = headers;
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host?.toLowerCase());
}

function isForeign(site: string | string[] | undefined): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/**
 * Rate limit on wrong passwords, per minute: 10 from one network, 100 in total. The right password is never limited:
 * behind a proxy all clients share one address, and an attacker there must not be able to lock out the operators.
 *
 * The price: a 429 still reveals that a guess was wrong, so the limit does not slow down guessing. It stops clients
 * that repeat an old password. Protection against guessing is the length of ADMIN_PASSWORD (SECURITY.md): at 10,000
 * guesses a second, 12 random letters and digits last for billions of years, a word does not last a minute.
 *
 * A failure beyond the limits is not counted, so at most 100 networks are in memory.
 */
export class FailureLimit {
  readonly #now: () => number;
  readonly #failures = new Map<string, number>();
  #all = 0;
  #endsAt = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Counts a wrong password.
   * @returns the seconds until the limit ends; 0 if it is not reached
   */
  failed(address: string): number {
    const now = this.#now();
    // Also if the clock was set back; otherwise the wait could be longer than the window.
    if (now >= this.#endsAt || now < this.#endsAt - WINDOW_MS) {
      this.#failures.clear();
      this.#all = 0;
      this.#endsAt = now + WINDOW_MS;
    }
    const network = networkOf(address);
    const failures = this.#failures.get(network) ?? 0;
    if (failures >= FAILURES_OF_ONE || this.#all >= FAILURES_OF_ALL) return Math.ceil((this.#endsAt - now) / 1000);
    this.#failures.set(network, failures + 1);
    this.#all += 1;
    return 0;
  }
}

/** An IPv4 address itself; for IPv6 the /64, because one customer gets at least that much. */
function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
