import { normal } from '../desk/directory';
import type { Desk } from '../desk/desk';
import type { Place } from './app';
import { temperatureField } from './ask';
import { h } from './dom';
import { chips, complain, field, openSheet } from './sheet';
import { t } from './text';

const PHONE = /^1\d{10}$/;

/** A visitor without a pass, written down; the host has been asked by telephone. */
export function visitorSheet({ station }: Place, desk: Desk): void {
  const [name, phone, unit, plate, reason] = [30, 16, 30, 12, 60].map((most) => h('input', { autocomplete: 'off', maxlength: most })) as [HTMLInputElement, HTMLInputElement, HTMLInputElement, HTMLInputElement, HTMLInputElement];
  phone.inputMode = 'tel';
  const asked = station.direction === 'in' && station.config?.temperature?.ask;
  const heat = asked ? temperatureField(station.config!.temperature.limit) : null;
  const reasonRow = field('visitor-reason', t('visitor.reason'), reason);
  reasonRow.append(chips(t('reasons').split('|').slice(2), reason));

  const submit = (event: Event): void => {
    event.preventDefault();
    for (const old of sheet.querySelectorAll('.problem')) old.remove();
    if (name.value.trim() === '') return complain(name, t('required'));
    const digits = normal(phone.value);
    if (!PHONE.test(digits)) return complain(phone, t('visitor.phone-bad'));
    if (unit.value.trim() === '') return complain(unit, t('required'));
    if (heat !== null && !heat.mayPass()) return;
    sheet.close();
    const visitor = { name: name.value.trim(), phone: digits, plate: normal(plate.value) || null, unit: unit.value.trim(), reason: reason.value.trim() || null };
    void desk.visitor(visitor, {}, heat?.read() ?? null);
  };
  const sheet = openSheet(t('visitor.title'),
    h('p', { class: 'advice' }, t('visitor.host')),
    h('form', { onsubmit: submit as (e: never) => void, novalidate: true },
      field('visitor-name', t('visitor.name'), name), field('visitor-phone', t('visitor.phone'), phone), field('visitor-unit', t('visitor.unit'), unit),
      field('visitor-plate', t('visitor.plate'), plate), reasonRow, heat?.element, h('button', { class: 'primary' }, t('admit'))));
  name.focus();
}
