import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type ContractDocument, documentForReaders } from './reference-document.ts';

/** The one thing that Redoc loads from elsewhere; an empty image takes its place. */
const LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const EMPTY_IMAGE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/%3E";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif';
const CODE_FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

const OPTIONS = {
  // Relative: beside index.html on disk, and /openapi.yaml of the private listener.
  downloadUrls: [{ title: 'openapi.yaml', url: 'openapi.yaml' }],
  hideHostname: true,
  nativeScrollbars: true,
  pathInMiddlePanel: false,
  schemasExpansionLevel: 'all',
  showObjectSchemaExamples: true,
  jsonSamplesExpandLevel: 3,
  theme: {
    colors: { primary: { main: '#0b57a4' } },
    // Dark enough on the grey of lists in lists.
    schema: { typeNameColor: '#333', typeTitleColor: '#333' },
    typography: {
      fontSize: '16px',
      lineHeight: '1.55',
      fontFamily: FONT,
      headings: { fontFamily: FONT, fontWeight: '600' },
      code: { fontFamily: CODE_FONT, fontSize: '13px', color: '#8a1f11' },
    },
    sidebar: { width: '280px' },
  },
};

const STYLE = `
body { margin: 0; }
noscript { display: block; margin: 2rem; font-family: ${FONT}; }
#reference [data-section-id^="section/"] table { font-size: 15px; }
#reference td[kind^="additional"] div { color: #595959; }
@media (max-width: 600px) {
  #reference [data-section-id^="section/"] :is(td, th) { padding: 6px 8px; }
}
`;

export interface Reference {
  html: string;
  /** The Content-Security-Policy that the page holds itself: nothing is loaded from anywhere. */
  policy: string;
}

/**
 * The reference of the callback contract as one page that needs no other file: it works from a listener as from a disk.
 *
 * @throws when the contract, the guide or the renderer is not as expected
 */
export function buildReference(contract: object): Reference {
  const document = JSON.stringify(documentForReaders(contract as ContractDocument));
  const scripts = [
    readRenderer(),
    `Redoc.init(${inScript(document)}, ${inScript(JSON.stringify(OPTIONS))}, document.getElementById('reference'), ${onRendered});`,
  ];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`).join(' ')}`,
    // Redoc writes its styles while it runs; their text is not known here.
    "style-src 'unsafe-inline'",
    'img-src data:',
    // The search runs in a worker that Redoc makes out of its own text.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tencent Chat callbacks: reference</title>
<style>${STYLE}</style>
</head>
<body>
<noscript>This page needs JavaScript. The contract itself is <a href="openapi.yaml">openapi.yaml</a>.</noscript>
<main id="reference"></main>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
  return { html, policy };
}

function readRenderer(): string {
  const path = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  const text = readFileSync(path, 'utf8');
  if (!text.includes(LOGO)) throw new Error(`${path} no longer loads ${LOGO}: remove what replaces it`);
  return text.replaceAll(LOGO, EMPTY_IMAGE).replaceAll('</script', '<\\/script');
}

/**
 * Runs in the page, for what Redoc leaves undone: the keyboard must reach what scrolls, and a menu entry's label must not
 * hide the entries in it.
 */
const onRendered = `() => {
  for (const wide of document.querySelectorAll('pre, table')) wide.tabIndex = 0;
  for (const entry of document.querySelectorAll('[role=menuitem]')) entry.removeAttribute('aria-label');
}`;

/** JSON that cannot end the script element that holds it. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
