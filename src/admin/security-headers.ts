import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Sources = Readonly<Record<string, readonly string[]>>;

/** Nothing but what this listener serves itself, and nothing inline. */
const OWN_ONLY: Sources = {
  defaultSrc: ["'none'"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  imgSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The headers of every reply of the private listener. */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      // Speaks plain HTTP; over HTTPS the host of whoever ends TLS is his to bind.
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    contentPolicy(),
    (_request, response, next) => {
      // Users' data belongs into no cache, and a page behind a password not into the back button's.
      response.setHeader('Cache-Control', 'no-store');
      next();
    },
  ];
}

/**
 * The Content-Security-Policy; later on a route it takes the place of the earlier one, as in
 * `app.use('/docs', contentPolicy({ imgSrc: ["'self'", 'data:'] }))`.
 *
 * @param change replaces directives of the strict policy
 */
export function contentPolicy(change: Sources = {}): RequestHandler {
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: { ...OWN_ONLY, ...change } });
}
