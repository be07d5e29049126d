import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { replyProblem } from './problem.ts';

const USER = 'admin';
const WINDOW_MS = 60_000;
const FAILURES_OF_ONE = 10;
const FAILURES_OF_ALL = 100;
/** Networks that are remembered for having sent the right password. */
const KNOWN_NETWORKS = 1000;

interface GuardOptions {
  config: { adminHost: string; adminPassword: string | null };
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Runs before everything that the private listener serves, whether the contract routes it or not. Refuses requests
 * that another site caused (DNS rebinding, cross-site writes) and requests without the password.
 */
export function createGuard({ config, log, now }: GuardOptions): RequestHandler {
  const limit = new AttemptLimit(now);

  return (request, response, next) => {
    const { host = '', authorization } = request.headers;
    const from = request.socket.remoteAddress ?? '';
    if (isLoopback(config.adminHost) && !isOwnName(host, config.adminHost)) {
      log.warn({ from, host }, 'a request for another host was refused: DNS rebinding, or a proxy that passes on Host');
      return replyProblem(response, 403, 'The Host header must be localhost, a loopback address or ADMIN_HOST');
    }
    if (!isRead(request) && isCrossOrigin(request)) {
      log.warn({ from, origin: request.headers.origin }, 'a write from another site was refused');
      return replyProblem(response, 403, 'Another site asks for this in your name: it is refused');
    }
    if (config.adminPassword === null) return next();
    // A request without credentials is not an attempt: browsers send one before they prompt.
    if (authorization === undefined) return replyUnauthorized(response);
    const seconds = limit.wait(from);
    if (seconds > 0) {
      response.setHeader('Retry-After', seconds);
      return replyProblem(response, 429, `Too many wrong passwords: none is heard for ${seconds} s`);
    }
    if (!isAuthorized(authorization, config.adminPassword)) {
      limit.failed(from);
      log.warn({ from }, 'a wrong password was refused');
      return replyUnauthorized(response);
    }
    limit.succeeded(from);
    next();
  };
}

export function replyUnauthorized(response: Response): void {
  response.setHeader('WWW-Authenticate', 'Basic realm="tencent-chat-callbacks", charset="UTF-8"');
  replyProblem(response, 401, 'User admin and ADMIN_PASSWORD are required');
}

/** Whether an Authorization header holds user `admin` and this password (HTTP Basic, RFC 7617). */
export function isAuthorized(authorization: string | undefined, password: string): boolean {
  const [scheme, credentials] = authorization?.split(' ', 2) ?? [];
  if (scheme?.toLowerCase() !== 'basic' || credentials === undefined) return false;
  // Digests have equal lengths, so the comparison's time does not depend on the password.
  const [given, expected] = [Buffer.from(credentials, 'base64').toString(), `${USER}:${password}`].map((text) =>
    createHash('sha256').update(text).digest(),
  ) as [Buffer, Buffer];
  return timingSafeEqual(given, expected);
}

/** Whether an address or host name means this machine only. */
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
 * As in Go's net/http CrossOriginProtection: browsers send Sec-Fetch-Site to https and loopback addresses, and Origin
 * with every write. A request with neither is not from a browser, so no stored password was attached to it.
 */
function isCrossOrigin({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host?.toLowerCase());
}

/**
 * Rate limit on wrong passwords, a minute: 10 from one network, 100 from all together. The limit for all does not apply
 * to a network that has sent the right password before, so that an attacker cannot lock out the people at work.
 *
 * The limit also bounds the memory: a window holds at most 100 failures of unknown networks and 10 of each known one.
 */
export class AttemptLimit {
  readonly #now: () => number;
  readonly #known = new Set<string>();
  readonly #failures = new Map<string, number>();
  #all = 0;
  #endsAt = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds until an attempt from this address is checked again; 0 when it is checked now. */
  wait(address: string): number {
    const now = this.#now();
    // Also when the clock was set back, or the wait could be longer than the window.
    if (now >= this.#endsAt || now < this.#endsAt - WINDOW_MS) {
      this.#failures.clear();
      this.#all = 0;
      this.#endsAt = now + WINDOW_MS;
    }
    const network = networkOf(address);
    const held =
      (this.#failures.get(network) ?? 0) >= FAILURES_OF_ONE ||
      (this.#all >= FAILURES_OF_ALL && !this.#known.has(network));
    return held ? Math.ceil((this.#endsAt - now) / 1000) : 0;
  }

  failed(address: string): void {
    const network = networkOf(address);
    this.#failures.set(network, (this.#failures.get(network) ?? 0) + 1);
    this.#all += 1;
  }

  succeeded(address: string): void {
    const network = networkOf(address);
    // LRU eviction: a Set keeps insertion order.
    this.#known.delete(network);
    this.#known.add(network);
    if (this.#known.size > KNOWN_NETWORKS) this.#known.delete(this.#known.values().next().value as string);
  }
}

/** An IPv4 address itself; the /64 of an IPv6 address, because one customer gets at least that. */
function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
