import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { REDOC_WORDS } from './reference-page/words.ts';

/** The only resource that Redoc loads from another host; an empty image replaces it. */
const LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const EMPTY_IMAGE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/%3E";

/** The trimming of words in the worker of Redoc's search, as written there: it would trim Chinese words to nothing. */
const TRIMMED = String.raw`replace(/^\\W+/,"").replace(/\\W+$/,"")`;
const TRIMMED_BUT_CHINESE = String.raw`replace(/^[^\\w\\u4e00-\\u9fff]+/,"").replace(/[^\\w\\u4e00-\\u9fff]+$/,"")`;

/** Colours that Redoc's theme cannot set: as its style sheets have them, and as variables of `STYLE`. */
const COLOURS: [css: string, named: string][] = [
  ['background: #ffffff;', 'background: var(--paper);'],
  ['rgba(38, 50, 56, 0.7)', 'var(--quiet)'],
  ['rgba(38, 50, 56, 0.3)', 'var(--line)'],
  ['rgba(38, 50, 56, 0.1)', 'var(--line)'],
  ['color: black;', 'color: var(--ink);'],
  ['color: #0e7c86', 'color: var(--pattern)'],
  ['background-color: #fff;', 'background-color: var(--paper);'],
  ['border-top: 1px solid #ccc', 'border-top: 1px solid var(--line)'],
  ['border: 1px solid #ddd', 'border: 1px solid var(--line)'],
  ['background-color: white;', 'background-color: var(--paper);'],
  [String.raw`color: white;\n      background-color`, String.raw`color: var(--paper);\n      background-color`],
];

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif';

const STYLE = `
:root { color-scheme: light; --paper: #fff; --ink: #333; --quiet: #595959; --line: #dfe3e9; --link: #0b57a4; --pattern: #0e7c86; --aimed: #fff3c4; }
:root[data-theme="dark"] { color-scheme: dark; --paper: #101318; --ink: #e6e9ee; --quiet: #a0a9b6; --line: #2b313b; --link: #7cb8f2; --pattern: #5fd0a0; --aimed: #3a3212; }
body { margin: 0; background: var(--paper); color: var(--ink); }
noscript { display: block; margin: 2rem; font-family: ${FONT}; }
#bar {
  position: sticky; top: 0; z-index: 200; display: flex; justify-content: space-between; gap: 1rem; box-sizing: border-box;
  min-height: 41px; padding: 9px 20px; border-bottom: 1px solid var(--line); background: var(--paper);
  font: 15px/22px ${FONT};
}
#bar nav { display: flex; gap: 1rem; }
#bar a { color: var(--link); }
#bar a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
#reference [data-section-id^="section/"] table { font-size: 15px; }
#reference td[kind^="additional"] div { color: var(--quiet); }
#reference tr.aimed > td { background: var(--aimed); }
#reference tr.aimed:focus { outline: none; }
/* Redoc keeps the words of a cell on one line, which a Chinese sentence has no end for. */
#reference [data-section-id^="section/"] table { word-break: normal; }
:root[data-theme="dark"] #reference [role="tab"][aria-selected="true"] { background: var(--line); }
@media (max-width: 600px) {
  #reference [data-section-id^="section/"] :is(td, th) { padding: 6px 8px; }
}
`;

interface Page {
  /** With the Chinese beside the English. */
  document: object;
  /** Redoc's options. */
  options: object;
  /** The names of the guide's chapters. */
  chapters: string[];
  notice: string;
}

/**
 * The page as HTML. Its own Content-Security-Policy forbids it to load anything.
 *
 * @throws if Redoc is not as expected
 */
export async function writePage({ document, options, chapters, notice }: Page): Promise<string> {
  const scripts = [
    // First, because Redoc asks it for words.
    await bundleScript(),
    readRenderer(),
    `referencePage.show(${[document, options, chapters].map(inScript).join(', ')});`,
  ];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`).join(' ')}`,
    // Redoc creates its styles at run time, so they have no known hash.
    "style-src 'unsafe-inline'",
    'img-src data:',
    // Redoc creates the worker of its search from a blob.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<!-- ${notice} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tencent Chat callbacks: reference</title>
<style>${STYLE}</style>
</head>
<body>
<noscript>
<p>This page needs JavaScript. The contract itself is <a href="openapi.yaml">openapi.yaml</a>.</p>
<p lang="zh-Hans">本页面需要 JavaScript。契约文件为 <a href="openapi.yaml">openapi.yaml</a>。</p>
</noscript>
<header id="bar"></header>
<main id="reference"></main>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** The script around Redoc, as the global `referencePage`. */
async function bundleScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: join(import.meta.dirname, 'reference-page'),
    entryPoints: ['page.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'referencePage',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    minify: true,
    charset: 'utf8',
    tsconfigRaw: {},
    logLevel: 'silent',
    write: false,
  });
  return withoutEnd(outputFiles[0]?.text.trim() ?? '');
}

function readRenderer(): string {
  const path = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  let text = readFileSync(path, 'utf8');
  replace(LOGO, EMPTY_IMAGE);
  replace(TRIMMED, TRIMMED_BUT_CHINESE);
  for (const [css, named] of COLOURS) replace(css, named);
  for (const { code, word, times } of REDOC_WORDS) {
    const literal = JSON.stringify(word);
    replace(code, code.replace(literal, `referencePage.word(${literal})`), times);
  }
  return withoutEnd(text);

  function replace(code: string, other: string, times?: number): void {
    const found = text.split(code).length - 1;
    if (found === 0 || (times !== undefined && found !== times))
      throw new Error(`${path} has ${code} ${found} times: adapt what replaces it`);
    text = text.replaceAll(code, () => other);
  }
}

/** Escapes the end tag, so that a script cannot end the element that holds it. */
function withoutEnd(script: string): string {
  return script.replaceAll('</script', '<\\/script');
}

function inScript(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
