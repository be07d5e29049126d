import { observable } from './observable.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

export const theme = observable<Theme>(stored('theme', THEMES) ?? 'system');
export const language = observable<Language>(
  stored('language', LANGUAGES) ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'),
);

/** Whether the page is dark now, for what CSS does not paint. */
export const dark = observable(isDark());

theme.watch((value) => {
  store('theme', value);
  applyTheme();
});
language.watch((value) => {
  store('language', value);
  applyLanguage();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dark.set(isDark()));
applyTheme();
applyLanguage();

function applyTheme(): void {
  document.documentElement.dataset.theme = theme.get();
  dark.set(isDark());
}

function applyLanguage(): void {
  document.documentElement.lang = language.get() === 'zh' ? 'zh-Hans' : 'en';
}

function isDark(): boolean {
  const chosen = theme.get();
  return chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}

function stored<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
  try {
    const kept = localStorage.getItem(name);
    return values.find((value) => value === kept);
  } catch {
    // Storage may be forbidden; the page works without.
    return;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // As above.
  }
}
