import { useObservable } from '../observable.ts';
import { type Language, language } from '../settings.ts';
import { en, type Strings } from './en.ts';
import { zh } from './zh.ts';

const ALL: Record<Language, Strings> = { en, zh };

/** The page's texts in the language that the reader chose. */
export function useStrings(): Strings {
  return ALL[useObservable(language)];
}

/** For Intl. */
export function useLocale(): string {
  return useObservable(language) === 'zh' ? 'zh-CN' : 'en-GB';
}
