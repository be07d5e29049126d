import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { isLoopback } from '../config.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { isAuthorized } from './password.ts';
import { replyProblem } from './problem.ts';

interface Needs {
  config: { adminHost: string; adminPassword: string | null };
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Stands in front of everything that the private listener serves, whether the contract routes it or not: who asks in
 * the name of another site is refused, and so is who lacks the password.
 */
export function createGuard({ config, log, now }: Needs): RequestHandler {
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
    // Without credentials nobody guesses: a browser asks so before it asks the person.
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

/** A site whose name is made to point at 127.0.0.1 could read everything in a visitor's browser; its Host tells. */
function isOwnName(host: string, adminHost: string): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, '');
  return isLoopback(name.replace(/^\[(.*)\]$/, '$1')) || name === adminHost.toLowerCase();
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * As in Go's net/http CrossOriginProtection: browsers send Sec-Fetch-Site to https and loopback addresses, and Origin
 * with every write; what has neither is no browser, and nobody's password is in it unasked.
 */
function isCrossOrigin({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host?.toLowerCase());
}
