import { Desk, type Look } from '../desk/desk';
import { Camera } from '../scan/camera';
import { listenToScanner } from '../scan/wedge';
import type { Place, Screen } from './app';
import { bands } from './bands';
import { button, fill, h, setText } from './dom';
import { age, clock } from './format';
import { handSheet } from './hand';
import { moreSheet } from './more';
import { nonceCode } from './nonce';
import { signal, wakeSound } from './signal';
import { t } from './text';
import { closeSheet } from './sheet';
import { verdictPanel } from './verdict';
import { visitorSheet } from './visitor';

/** A verdict must never stand for the next person; a refusal stays a little longer, as it says what to do. Milliseconds. */
const SHOWN = { Admit: 2500, Check: 5000, Refuse: 6000 } as const;
/** An unanswered question is closed, undecided. */
const ASKED = 180_000;

/** The screen of a shift: camera above, verdict below. */
export function gateScreen(place: Place): Screen {
  const { station } = place;
  const video = h('video', { playsinline: true, muted: true, 'aria-label': t('camera.picture') });
  const nonce = h('div', { class: 'nonce', hidden: true });
  const fault = h('div', { class: 'fault', hidden: true });
  const torch = button(t('camera.torch'), () => void toggleTorch(), 'torch');
  const top = topBar(place);
  const band = h('div', { class: 'bands' });
  const panel = h('section', { class: 'verdict' });
  const directions = directionSwitch(place);
  const foot = h('footer', { class: 'foot' });
  const element = h('main', { class: 'gate' }, top.element, band,
    h('section', { class: 'camera' }, video, h('div', { class: 'frame', 'aria-hidden': 'true' }), torch, fault), panel,
    h('nav', { class: 'acts' }, directions.element,
      button(t('do.hand'), () => handSheet(place, desk)), button(t('do.visitor'), () => visitorSheet(place, desk)), button(t('do.more'), () => moreSheet(place))), foot);

  let look: Look | null = null;
  let timer = 0;
  let lit = false;
  torch.hidden = true;

  const rest = (): void => {
    clearTimeout(timer);
    look = null;
    draw();
  };

  const show = (next: Look): void => {
    clearTimeout(timer);
    look = next;
    draw();
    if (next.decision.reason !== 'NotAPass') signal(next.ask === null ? next.decision.verdict : 'Check');
    place.sync?.nudge();
    timer = window.setTimeout(() => (next.ask === null ? rest() : void desk.leave(next).then(rest)), next.ask === null ? SHOWN[next.decision.verdict] : ASKED);
  };

  const desk = new Desk(station, show);
  const draw = (): void => {
    element.dataset.state = look === null ? 'idle' : look.ask === null ? 'shown' : look.ask.questions.length > 0 || look.ask.temperature !== null ? 'filling' : 'asking';
    // The gate's own code stands where the verdict will be: who has to scan it is not there yet.
    fill(panel, verdictPanel(place, desk, look, rest), look === null && nonce);
    panel.className = `verdict ${look === null || look.decision.reason === 'NotAPass' ? 'none' : look.ask !== null && look.decision.verdict === 'Admit' ? 'ask' : look.decision.verdict.toLowerCase()}`;
  };

  const seen = (text: string): void => {
    if (document.querySelector('dialog[open]') === null) void desk.look(text);
  };
  const camera = new Camera(video, seen);
  const stopScanner = listenToScanner(seen);

  const startCamera = async (): Promise<void> => {
    const why = await camera.start();
    fault.hidden = why === null;
    torch.hidden = !camera.hasTorch;
    if (why !== null) fill(fault, h('p', {}, t(`camera.${why}`)), button(t('camera.retry'), () => void startCamera()));
  };
  const toggleTorch = async (): Promise<void> => {
    lit = !lit;
    torch.setAttribute('aria-pressed', String(lit));
    await camera.torch(lit);
  };

  // A phone takes camera and wake lock away when its screen sleeps; both come back with it.
  let awake: WakeLockSentinel | null = null;
  const wake = async (): Promise<void> => {
    if (document.visibilityState !== 'visible') return;
    awake = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (!camera.live) await startCamera();
  };
  const onWake = (): void => void wake();
  document.addEventListener('visibilitychange', onWake);
  element.addEventListener('pointerdown', wakeSound);
  void wake();
  draw();

  const update = (): void => {
    top.update();
    directions.update();
    bands(place, band);
    nonceCode(place, nonce);
    void drawFoot(place, foot);
  };
  const leave = (): void => {
    clearTimeout(timer);
    camera.stop();
    stopScanner();
    closeSheet();
    document.removeEventListener('visibilitychange', onWake);
    void awake?.release();
  };
  return { element, update, leave };
}

function topBar({ station, sync }: Place): { element: HTMLElement; update: () => void } {
  const name = h('h1');
  const link = h('span', { class: 'link', role: 'status' });
  const time = h('time', { class: 'clock' });
  const [trust, list] = [h('span', { class: 'chip' }), h('span', { class: 'chip' })];
  const element = h('header', { class: 'top' }, name, time, h('div', { class: 'chips' }, link, trust, list));
  const update = (): void => {
    setText(name, station.config === null ? '' : `${station.config.compoundName} ${station.config.name}`);
    const state = sync?.link ?? 'offline';
    setText(link, `${state === 'online' ? '●' : state === 'offline' ? '○' : '✖'} ${t(`top.${state}`)}`);
    link.dataset.link = state;
    setText(time, clock(station.clock.now()));
    for (const [chip, label, seconds] of [[trust, t('top.trust'), station.trustAge()], [list, t('top.list'), station.listAge()]] as const) {
      const fresh = station.freshness(seconds);
      setText(chip, `${fresh === 'good' ? '' : fresh === 'old' ? '! ' : '✖ '}${label} ${age(seconds)}`);
      chip.dataset.fresh = fresh;
    }
  };
  return { element, update };
}

function directionSwitch({ station }: Place): { element: HTMLElement; update: () => void } {
  const make = (direction: 'in' | 'out'): HTMLButtonElement => button(t(`direction.${direction}`), () => void station.setDirection(direction).then(update));
  const both = { in: make('in'), out: make('out') };
  const update = (): void => {
    for (const direction of ['in', 'out'] as const) both[direction].setAttribute('aria-pressed', String(station.direction === direction));
  };
  return { element: h('div', { class: 'switch', role: 'group', 'aria-label': t('direction') }, both.in, both.out), update };
}

async function drawFoot({ station }: Place, foot: HTMLElement): Promise<void> {
  const [waiting, { shift }] = [await station.queue.count(), station];
  const parts = [waiting === 0 ? t('foot.queue-none') : t('foot.queue', waiting)];
  if (shift !== null) parts.push(t('foot.guard', shift.guardName), t('foot.counts', shift.counts.admit, shift.counts.refuse + shift.counts.check));
  const text = parts.join(' · ');
  foot.dataset.waiting = String(waiting);
  setText(foot, text);
}
