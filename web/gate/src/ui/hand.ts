import { KIND } from '../codes/verdict';
import { find } from '../desk/directory';
import type { Desk } from '../desk/desk';
import type { DirectoryRow } from '../store/model';
import type { Place } from './app';
import { button, fill, h } from './dom';
import { field, openSheet } from './sheet';
import { maybe, t } from './text';

/** A plate, a card's number or a unit typed by hand, looked up in the directory on the device. */
export function handSheet({ station }: Place, desk: Desk): void {
  const input = h('input', { autocomplete: 'off', spellcheck: 'false', maxlength: 24 });
  const found = h('div', { class: 'found', role: 'status' });
  const sheet = openSheet(t('hand.title'), field('hand', t('hand.field'), input), h('p', { class: 'quiet' }, t('hand.help')), found);
  let rows: DirectoryRow[] = [];
  const draw = (): void => {
    const hits = find(rows, input.value);
    fill(found, ...hits.map((row) => button(describe(row), () => (sheet.close(), void desk.byHand(row)), 'row')), hits.length === 0 && input.value.trim().length > 1 && h('p', {}, t('hand.none')));
  };
  input.addEventListener('input', draw);
  void station.db.getAll('directory').then((all) => ((rows = all), draw()));
  input.focus();
}

function describe(row: DirectoryRow): string {
  const first = row.kind === KIND.Vehicle ? row.plate : row.serial === null ? row.plate : t('hand.serial', row.serial);
  return [...new Set([first, row.name, row.unit, maybe(`kind.${row.kind}`)])].filter((p) => p !== null && p !== '').join(' · ');
}
