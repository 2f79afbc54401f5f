import en from '../texts/en.json';
import zh from '../texts/zh.json';

export type TextKey = keyof typeof zh;
export type Language = 'zh' | 'en';

const ALL: Record<Language, Record<string, string>> = { zh, en };
const KEPT = 'liren-gate-language';

// Chinese first: a browser set to another language still starts in Chinese until somebody switches.
let language: Language = localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

export const currentLanguage = (): Language => language;

export function setLanguage(to: Language): void {
  language = to;
  localStorage.setItem(KEPT, to);
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}

/** The words for a key, with {0}, {1} filled in. */
export const t = (key: TextKey, ...values: (string | number)[]): string =>
  (ALL[language][key] ?? key).replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)] ?? ''));

/** The words for a key that is put together at run time; null when there are none. */
export const maybe = (key: string): string | null => ALL[language][key] ?? null;
