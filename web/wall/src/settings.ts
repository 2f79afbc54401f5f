import { speak, type Language } from './texts';

/** What a screen remembers of how it is to look. */
const read = (key: string) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const write = (key: string, value: string) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A screen that may not remember looks as it always does.
  }
};

export type Theme = 'dark' | 'light';

export function begin() {
  theme(read('liren-wall-theme') === 'light' ? 'light' : 'dark');
  language(read('liren-wall-language') === 'en' ? 'en' : 'zh');
}

export function theme(wanted?: Theme): Theme {
  const root = document.documentElement;
  if (wanted) {
    root.dataset.theme = wanted;
    write('liren-wall-theme', wanted);
  }
  return root.dataset.theme === 'light' ? 'light' : 'dark';
}

export function language(wanted: Language) {
  speak(wanted);
  document.documentElement.lang = wanted === 'en' ? 'en' : 'zh-CN';
  write('liren-wall-language', wanted);
}

/** Lists of the console are of the place chosen there. */
export function openInConsole(place: string, href: string) {
  write('liren-place', place);
  window.open(href, '_blank', 'noopener');
}
