import { isPin, PinBrake } from '../store/pin';
import type { Guard } from '../store/model';
import type { Station } from '../store/station';
import type { Place, Screen } from './app';
import { button, fill, h } from './dom';
import { languageButton } from './pairing';
import { signal, wakeSound } from './signal';
import { t } from './text';

const MOST_DIGITS = 12;
const brake = new PinBrake();

/** Who is on duty: chosen from the gate's guards, proven by PIN, also without the server. */
export function signInScreen(place: Place): Screen {
  const { station } = place;
  const element = h('main', { class: 'page' });
  let pad: { stop: () => void } | null = null;
  let shown = '';

  const list = (): void => {
    pad?.stop();
    pad = null;
    const guards = station.config?.guards ?? [];
    shown = JSON.stringify([guards.map((g) => g.id), station.config?.name]);
    fill(
      element,
      h('div', { class: 'title' }, h('h1', {}, t('signin.title')), languageButton(list)),
      h('p', { class: 'quiet' }, station.config === null ? t('pair.first') : `${station.config.compoundName} ${station.config.name}`),
      guards.length > 0 ? h('h2', {}, t('signin.who')) : h('p', {}, t('signin.none')),
      h('div', { class: 'guards' }, ...guards.map((g) => button(g.name, () => ask(g), 'guard'))),
      guards.length === 0 && button(t('signin.refresh'), () => void place.sync?.refresh().then(list), 'primary'),
    );
  };

  const ask = (guard: Guard): void => {
    wakeSound();
    const made = pinPad(guard, () => void start(station, guard).then(() => (signal('Admit'), place.next())));
    pad = made;
    fill(element, h('h1', {}, guard.name), made.element, button(t('signin.other'), list));
  };

  list();
  return {
    element,
    update: () => {
      if (pad === null && shown !== JSON.stringify([(station.config?.guards ?? []).map((g) => g.id), station.config?.name])) list();
    },
    leave: () => pad?.stop(),
  };
}

const start = (station: Station, guard: Guard): Promise<void> =>
  station.setShift({ guard: guard.id, guardName: guard.name, from: station.clock.now(), counts: { admit: 0, check: 0, refuse: 0, in: 0, out: 0 } });

/** Keys big enough for gloves; a keyboard's digits work too. */
export function pinPad(guard: Guard, done: () => void): { element: HTMLElement; stop: () => void } {
  let pin = '';
  let busy = false;
  const dots = h('p', { class: 'dots', 'aria-hidden': 'true' });
  const note = h('p', { role: 'status' }, t('signin.pin'));
  const draw = (): void => void (dots.textContent = pin === '' ? '　' : '●'.repeat(pin.length));

  const press = (key: string): void => {
    if (busy) return;
    if (/^\d$/.test(key) && pin.length < MOST_DIGITS) pin += key;
    else if (key === 'Backspace') pin = pin.slice(0, -1);
    else if (key === 'Enter' && pin !== '') void check();
    draw();
  };

  const check = async (): Promise<void> => {
    const wait = brake.wait(performance.now());
    if (wait > 0) {
      pin = '';
      note.textContent = t('signin.wait', wait);
      return draw();
    }
    busy = true;
    note.textContent = t('signin.checking');
    const right = await isPin(guard, pin);
    busy = false;
    pin = '';
    draw();
    if (right) {
      brake.succeed();
      return done();
    }
    brake.fail(performance.now());
    note.textContent = t('signin.wrong');
    signal('Refuse');
  };

  const onKey = (event: KeyboardEvent): void => {
    if (!/^(\d|Backspace|Enter)$/.test(event.key)) return;
    event.preventDefault();
    press(event.key);
  };
  document.addEventListener('keydown', onKey);
  const key = (label: string, value: string, kind = ''): HTMLButtonElement => button(label, () => press(value), kind);
  draw();
  return {
    element: h('div', { class: 'pin' }, note, dots,
      h('div', { class: 'pad' }, ...'123456789'.split('').map((d) => key(d, d)), key(t('signin.delete'), 'Backspace', 'word'), key('0', '0'), key(t('ok'), 'Enter', 'primary'))),
    stop: () => document.removeEventListener('keydown', onKey),
  };
}
