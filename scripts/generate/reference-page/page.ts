import { inChinese, withoutChinese } from '../chinese.ts';
import { placeForEveryLanguage, showPlace } from './places.ts';
import { themeOf } from './theme.ts';
import { LABELS, OWN_WORDS, REDOC_WORDS } from './words.ts';

declare const Redoc: {
  init(document: object, options: object, element: HTMLElement, onRendered: () => void): void;
};

type Language = keyof typeof OWN_WORDS;

const root = document.documentElement;
const preference = matchMedia('(prefers-color-scheme: dark)');
const theme = setting('theme');
const isDark = () => theme === 'dark' || (theme !== 'light' && preference.matches);
const language = chooseLanguage();
const words = OWN_WORDS[language];

root.lang = language === 'zh' ? 'zh-Hans' : 'en';
root.dataset.theme = isDark() ? 'dark' : 'light';
document.title = words.title;

/** A word of Redoc in the page's language. Called from Redoc's code, see `readRenderer`. */
export function word(english: string): string {
  const known = language === 'zh' ? REDOC_WORDS.find((one) => one.word === english) : undefined;
  return known?.chinese ?? english;
}

/**
 * Renders the contract.
 *
 * @param contract with the Chinese beside the English
 * @param options Redoc's options
 * @param chapters names of the guide's chapters, in order
 */
export function show(contract: object, options: object, chapters: string[]): void {
  const bar = document.getElementById('bar') as HTMLElement;
  const reference = document.getElementById('reference') as HTMLElement;
  fillBar(bar);
  const translated = language === 'zh' ? inChinese(contract) : withoutChinese(contract);
  const settings = {
    ...options,
    theme: themeOf(isDark()),
    scrollYOffset: bar.offsetHeight,
    ...(language === 'zh' && { labels: LABELS }),
  };
  const place = location.hash.slice(1);
  Redoc.init(translated, settings, reference, () => {
    complete();
    // After Redoc has scrolled to the address that the page was opened with.
    setTimeout(() => showPlace(place, chapters));
  });
  addEventListener('hashchange', () => showPlace(location.hash.slice(1), chapters));
  // Redoc reads its colours only once.
  preference.addEventListener(
    'change',
    () => root.dataset.theme !== (isDark() ? 'dark' : 'light') && location.reload(),
  );
}

/**
 * Adds what Redoc omits: an element that scrolls must be reachable by keyboard, and the label of a menu entry must not
 * hide the entries inside it.
 */
function complete(): void {
  for (const wide of document.querySelectorAll<HTMLElement>('pre, table')) wide.tabIndex = 0;
  for (const entry of document.querySelectorAll('[role=menuitem]')) entry.removeAttribute('aria-label');
}

function fillBar(bar: HTMLElement): void {
  // Only the admin listener serves it as `docs`, beside the page.
  if (/^https?:$/.test(location.protocol) && location.pathname.endsWith('/docs')) {
    bar.append(link(`← ${words.back}`, './'));
  } else bar.append(Object.assign(document.createElement('span'), { textContent: words.name }));
  const languages = document.createElement('nav');
  languages.ariaLabel = words.languages;
  for (const [other, lang, name] of [
    ['en', 'en', 'English'],
    ['zh', 'zh-Hans', '中文'],
  ] as const) {
    const anchor = link(name, `?lang=${other}`);
    anchor.lang = lang;
    if (other === language) anchor.setAttribute('aria-current', 'true');
    anchor.addEventListener('click', () => {
      anchor.href = `?lang=${other}#${placeForEveryLanguage(location.hash.slice(1))}`;
    });
    languages.append(anchor);
  }
  bar.append(languages);
}

function link(text: string, href: string): HTMLAnchorElement {
  return Object.assign(document.createElement('a'), { textContent: text, href });
}

/** The language in the address, or else the one chosen on the admin page, or else the browser's. */
function chooseLanguage(): Language {
  const named = [new URLSearchParams(location.search).get('lang'), setting('language')];
  const known = named.find((one): one is Language => one === 'en' || one === 'zh');
  return known ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
}

/** A setting of the admin page, which has the same origin. Access to storage may be forbidden. */
function setting(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
