import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { beginningOf } from './static-files.ts';

const GENERATED = join(import.meta.dirname, '../../generated');
const FOLDER = join(GENERATED, 'page');
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

const ENDPOINTS = [
  ['api/groups', 'the groups, newest first'],
  ['api/callbacks', 'the callbacks, newest first'],
  ['api/callbacks?status=rejected', 'what was refused, each with its reason'],
  ['api/consumers', 'how far the handlers of the app are'],
  ['api/deliveries', 'the deliveries to them that failed'],
  ['docs', 'the reference of the callbacks'],
  ['openapi.yaml', 'their contract, for tools'],
];

/**
 * The HTML that the page's script fills. Its URLs are relative, because it may be mounted anywhere. Without scripts it
 * lists what the admin listener serves.
 */
export function pageFor(sdkAppId: number): string {
  const rows = ENDPOINTS.map(([path, what]) => `<li><a href="${path}">${path}</a> ${what}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tencent Chat callbacks</title>
<link rel="icon" href="assets/icon.svg">
<link rel="stylesheet" href="assets/page.css">
<script type="module" src="assets/page.js"></script>
</head>
<body>
<noscript>
<h1>Tencent Chat callbacks</h1>
<p>The page needs JavaScript. App ${sdkAppId}; without scripts there are</p>
<ul>${rows.join('')}</ul>
<p>One group: <code>/api/groups/{groupId}</code>; one callback with its body: <code>/api/callbacks/{id}</code>;
judge a rejected one again: <code>POST /api/callbacks/{id}/retry</code>.</p>
</noscript>
</body>
</html>
`;
}

/** A file of the page by name; null if there is none. */
export async function findPageAsset(file: string): Promise<{ type: string; path: string } | null> {
  const type = TYPES[extname(file)];
  // Names must be listed in the folder, which rules out path traversal.
  if (!type || !(await readdir(FOLDER)).includes(file)) return null;
  return { type, path: join(FOLDER, file) };
}

type Sources = Readonly<Record<string, readonly string[]>>;

/** Allows only what this listener itself serves, and nothing inline. */
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

/** The headers of every reply of the admin listener. */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      // This listener uses plain HTTP. A proxy that terminates TLS sets HSTS for its own host.
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    contentPolicy(),
    (_request, response, next) => {
      // User data must not stay in caches or, behind a password, in the browser's history.
      response.setHeader('Cache-Control', 'no-store');
      next();
    },
  ];
}

/**
 * The Content-Security-Policy. Later on a route it replaces the earlier one, as in `app.use('/docs', contentPolicy({
 * imgSrc: ["'self'", 'data:'] }))`.
 *
 * @param change replaces directives of the strict policy
 */
export function contentPolicy(change: Sources = {}): RequestHandler {
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: { ...OWN_ONLY, ...change } });
}

/** The reference of the callback contract. */
export const REFERENCE = join(GENERATED, 'reference.html');
/** The callback contract in YAML. */
export const CONTRACT = join(GENERATED, 'openapi.yaml');

/** The Content-Security-Policy in the reference's own head. */
export async function policyOfReference(): Promise<string> {
  const head = await beginningOf(REFERENCE, 4096);
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(head)?.[1];
  if (!policy) throw new Error('generated/reference.html has no Content-Security-Policy: run npm run generate');
  return policy;
}
