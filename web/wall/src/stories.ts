import { el } from './dom';
import { spoken, text } from './texts';
import { day, minute } from './time';

/** Asks which day or drill to watch. */
export function askForStory(path: string, today: string, drills: { id: string; title: { zh: string; en: string }; start: string }[]) {
  const yesterday = day(Date.parse(`${today}T12:00:00+08:00`) - 86_400_000);
  const date = el('input', { type: 'date', max: today, value: yesterday, required: true, 'aria-label': text('date') });
  const dialog = el(
    'dialog',
    { class: 'stories', 'aria-labelledby': 'stories-title' },
    el('h2', { id: 'stories-title' }, text('story-title')),
    el('p', {}, text('story-hint')),
    el('div', { class: 'choice' }, date, button(text('watch'), () => date.reportValidity() && go(`day=${date.value}`))),
    ...drills.map((d) => el('div', { class: 'choice' }, el('span', {}, `${text('drill')} · ${spoken() === 'en' ? d.title.en : d.title.zh} · ${day(Date.parse(d.start))} ${minute(Date.parse(d.start))}`), button(text('watch'), () => go(`drill=${d.id}`)))),
    el('div', { class: 'choice end' }, button(text('close'), () => dialog.close())),
  );
  const go = (query: string) => location.assign(`/wall/${path}?${query}`);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function button(label: string, act: () => void) {
  const made = el('button', { type: 'button' }, label);
  made.addEventListener('click', act);
  return made;
}
