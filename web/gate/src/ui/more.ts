import { uuid7 } from '../store/uuid';
import type { Place } from './app';
import { button, fill, h } from './dom';
import { groups, moment } from './format';
import { languageButton } from './pairing';
import { closeSheet, field, openSheet } from './sheet';
import { signal, wakeSound } from './signal';
import { pinPad } from './signin';
import { t } from './text';

/** Hand-over, synchronising, language, settings. */
export function moreSheet(place: Place): void {
  const said = h('p', { role: 'status' });
  const syncNow = async (): Promise<void> => {
    const done = await place.sync?.refresh();
    place.sync?.nudge();
    said.textContent = done ? t('more.sync-done') : t('more.sync-failed');
  };
  openSheet(t('more.title'), h('div', { class: 'menu' },
    button(t('more.handover'), () => void handOverSheet(place), 'primary'),
    button(t('more.sync'), () => void syncNow()),
    button(t('more.sound'), () => (wakeSound(), signal('Admit'))),
    languageButton(() => (closeSheet(), place.next())),
    button(t('more.settings'), () => void settingsSheet(place))), said);
}

/** Counts and a note for the next shift; then the gate waits for the next guard. */
async function handOverSheet(place: Place): Promise<void> {
  const { station } = place;
  const { shift } = station;
  if (shift === null) return;
  const note = h('textarea', { rows: 3, maxlength: 500 });
  const waiting = await station.queue.count();
  const go = async (): Promise<void> => {
    const now = station.clock.now();
    await station.db.put('shifts', { id: uuid7(now), guard: shift.guardName, from: Math.round(shift.from), to: now, counts: shift.counts, note: note.value.trim() });
    await station.setShift(null);
    closeSheet();
    place.sync?.nudge();
    place.next();
  };
  openSheet(t('handover.title'), h('p', {}, t('handover.since', shift.guardName, moment(shift.from, station.clock.now()))),
    h('dl', { class: 'counts' }, ...(['admit', 'refuse', 'check', 'in', 'out'] as const).map((what) => h('div', {}, h('dt', {}, t(`handover.${what}`)), h('dd', {}, String(shift.counts[what]))))),
    field('handover-note', t('handover.note'), note), waiting > 0 && h('p', { class: 'quiet' }, t('handover.waiting', waiting)), button(t('handover.go'), () => void go(), 'primary'));
}

async function settingsSheet(place: Place): Promise<void> {
  const { station } = place;
  const kept = (await navigator.storage?.persisted?.()) ?? false;
  const refused = await station.queue.refused();
  const rows: [string, string][] = [
    [t('settings.gate'), `${station.config?.compoundName ?? ''} ${station.config?.name ?? ''} (${station.config?.number ?? ''})`],
    [t('settings.server'), location.host],
    [t('settings.root'), groups(station.pairing?.rootFingerprint ?? '')],
    [t('settings.clock'), t('settings.seconds', (station.clock.offset / 1000).toFixed(1))],
    [t('settings.kept'), kept ? t('settings.kept-yes') : t('settings.kept-no')],
    [t('settings.version'), await version()],
  ];
  const unpair = h('div', { class: 'unpair' });
  openSheet(t('settings.title'), h('dl', { class: 'facts' }, ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    refused > 0 && h('p', { class: 'problem' }, '✖ ', t('band.refused', refused)), h('p', { class: 'quiet' }, t('settings.unpair-help')), unpair);
  fill(unpair, button(t('settings.unpair'), () => void askToUnpair(place, unpair), 'no'));
}

/** The service worker's name for what it keeps; it changes with every file of the app. */
const version = async (): Promise<string> => (await caches.keys()).find((name) => name.startsWith('liren-gate-'))?.slice(11) ?? '–';

async function askToUnpair(place: Place, element: HTMLElement): Promise<void> {
  const { station } = place;
  const waiting = (await station.queue.count()) + (await station.db.count('shifts'));
  if (waiting > 0) return void fill(element, h('p', { class: 'problem', role: 'alert' }, '✖ ', t('settings.unpair-queue', waiting)));
  const guard = station.config?.guards.find((g) => g.id === station.shift?.guard);
  if (guard === undefined) return;
  const pad = pinPad(guard, () => {
    pad.stop();
    fill(element, button(t('settings.unpair-sure'), () => void unpairStation(place), 'no'));
  });
  element.closest('dialog')?.addEventListener('close', pad.stop, { once: true });
  fill(element, pad.element);
}

async function unpairStation(place: Place): Promise<void> {
  place.disconnect();
  await place.station.unpair();
  closeSheet();
  place.next();
}
