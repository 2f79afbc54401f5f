import { button, h, type Child } from './dom';
import { t } from './text';

/** A sheet over the gate's screen: one thing to do, and a way back. */
export function openSheet(title: string, ...children: Child[]): HTMLDialogElement {
  closeSheet();
  const dialog = h('dialog', { class: 'sheet', 'aria-label': title, onclose: () => dialog.remove() },
    h('div', { class: 'title' }, h('h1', {}, title), button(t('close'), () => dialog.close(), 'small')), ...children);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function closeSheet(): void {
  document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
}

/** A label with its field, and room for what is wrong with it. */
export function field(id: string, label: string, input: HTMLInputElement | HTMLTextAreaElement): HTMLElement {
  input.id = id;
  return h('div', { class: 'field' }, h('label', { for: id }, label), input);
}

/** Says under a field what is wrong, and goes there. */
export function complain(input: HTMLElement, text: string): void {
  input.parentElement!.querySelector('.problem')?.remove();
  input.setAttribute('aria-invalid', 'true');
  const problem = h('p', { class: 'problem', role: 'alert' }, '✖ ', text);
  input.parentElement!.append(problem);
  input.focus();
  problem.scrollIntoView({ block: 'nearest' });
}

/** Words to tap instead of typing them. */
export function chips(words: string[], input: HTMLInputElement): HTMLElement {
  return h('div', { class: 'chips' }, ...words.map((word) => button(word, () => (input.value = word), 'small')));
}
