import { useEffect, useState } from 'preact/hooks';
import { en, type Strings } from './strings/en.ts';
import { zh } from './strings/zh.ts';

/** A value that notifies its watchers of changes. */
interface Observable<Value> {
  get(): Value;
  set(value: Value): void;
  /** @returns the unsubscribe function */
  watch(watcher: (value: Value) => void): () => void;
}

export function observable<Value>(value: Value): Observable<Value> {
  let current = value;
  const watchers = new Set<(value: Value) => void>();
  return {
    get: () => current,
    set(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const watcher of watchers) watcher(next);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}

export function useObservable<Value>(source: Observable<Value>): Value {
  const [value, setValue] = useState(source.get());
  useEffect(() => {
    // It may have changed between rendering and watching.
    setValue(() => source.get());
    return source.watch((next) => setValue(() => next));
  }, [source]);
  return value;
}

export const VIEWS = ['groups', 'accounts', 'callbacks', 'deliveries', 'overview', 'setup'] as const;
type View = (typeof VIEWS)[number];

export interface Route {
  view: View;
  /** The group, account or callback that is shown. */
  id: string | null;
  /** The filters by name, as in a link. */
  filters: Readonly<Record<string, string>>;
}

/**
 * The current view, kept in the URL's fragment: it can be shared as a link, and search terms never reach the log of a
 * proxy.
 */
export const route = observable(parseHash(location.hash));

addEventListener('hashchange', () => route.set(parseHash(location.hash)));

export function hrefOf(view: View, id: string | null = null, filters: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams(Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const path = id === null ? view : `${view}/${encodeURIComponent(id.toWellFormed())}`;
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Replaces the present history entry, so that typing does not fill the history. An empty value removes a filter. */
export function setFilters(change: Record<string, string | undefined>): void {
  const { view, id, filters } = route.get();
  const href = hrefOf(view, id, { ...filters, ...change });
  history.replaceState(null, '', href);
  route.set(parseHash(href));
}

function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view, ...rest] = path.split('/');
  const id = rest.join('/');
  return {
    view: VIEWS.find((known) => known === view) ?? 'groups',
    id: id === '' ? null : decode(id),
    filters: Object.fromEntries(new URLSearchParams(query)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
const STRINGS: Record<Language, Strings> = { en, zh };

export const theme = setting('theme', THEMES, 'system');
export const language = setting('language', LANGUAGES, navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
/** Whether the page is dark now, for the charts, which CSS does not paint. */
export const dark = observable(isDark());

theme.watch(applySettings);
language.watch(applySettings);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applySettings);
applySettings();

/** The page's texts in the selected language. */
export function useStrings(): Strings {
  return STRINGS[useObservable(language)];
}

/** The locale for Intl. */
export function useLocale(): string {
  return useObservable(language) === 'zh' ? 'zh-CN' : 'en-GB';
}

function applySettings(): void {
  document.documentElement.dataset.theme = theme.get();
  document.documentElement.lang = language.get() === 'zh' ? 'zh-Hans' : 'en';
  dark.set(isDark());
}

function isDark(): boolean {
  const chosen = theme.get();
  return chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** A choice that the browser stores. Access to storage may be forbidden; the page works without it. */
function setting<Value extends string>(name: string, values: readonly Value[], usual: Value): Observable<Value> {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(name);
  } catch {}
  const chosen = observable(values.find((value) => value === kept) ?? usual);
  chosen.watch((value) => {
    try {
      localStorage.setItem(name, value);
    } catch {}
  });
  return chosen;
}
