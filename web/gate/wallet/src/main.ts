import { renderSVG } from 'uqr';
import { button, fill, h, setText } from '../../src/ui/dom';
import { scanNonce } from './scan';
import { prove } from './proof';
import { Store, type Held } from './store';
import { switchLanguage, t } from './text';
import { Wallet } from './wallet';

/** A code is signed anew this often; a gate takes it for thirty seconds. */
const EVERY = 10_000;
/** How long a scanned nonce is put into proofs. */
const NONCE_LIFE = 30_000;
const CLOCK_OFF = 5_000;

const app = document.getElementById('app')!;
const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'long' });

let wallet: Wallet;
let shown = 0;
let nonce: { value: string; until: number } | null = null;
let drawn = { at: 0, id: '' };
let asked = false;

const picture = h('div', { class: 'code', role: 'img' });
const time = h('p', { class: 'clock', 'aria-hidden': 'true' });
const bar = h('progress', { class: 'bar', max: EVERY, value: EVERY });
const left = h('p', { class: 'quiet' });

/** The pass in front; out of range after one went. */
const front = (): Held | undefined => wallet.state.held[Math.min(shown, wallet.state.held.length - 1)];

async function draw(): Promise<void> {
  const pass = front();
  const { key } = wallet.state;
  if (pass === undefined || key === null || pass.suspended || pass.code === '' || pass.until < wallet.now()) return;
  const now = wallet.now();
  setText(time, clock.format(now));
  if (nonce !== null && nonce.until < now) {
    nonce = null;
    show();
  }
  const age = now - drawn.at;
  if (drawn.id !== pass.id || age < 0 || age >= EVERY) {
    drawn = { at: now, id: pass.id };
    const text = await prove(pass.code, key, Math.floor(now / 1000), nonce?.value ?? null);
    picture.replaceChildren(new DOMParser().parseFromString(renderSVG(text, { ecc: 'L', border: 4 }), 'image/svg+xml').documentElement);
    picture.setAttribute('aria-label', `${t('title')} ${pass.name}`);
    picture.dataset.text = text;
  }
  bar.value = EVERY - (wallet.now() - drawn.at);
  setText(left, t('fresh', Math.max(0, Math.ceil((EVERY - (wallet.now() - drawn.at)) / 1000))));
}

function passView(pass: Held): Node[] {
  const stopped = pass.suspended ? t('suspended') : pass.until < wallet.now() ? t('expired') : null;
  const tabs = wallet.state.held.length > 1 && h('nav', { class: 'tabs' }, ...wallet.state.held.map((p, n) => button(p.name, () => { shown = n; drawn.id = ''; show(); }, p === pass ? 'chosen' : '')));
  return [
    ...(tabs ? [tabs] : []),
    h('h1', {}, `${pass.name}${pass.own ? '' : t('carried')}`),
    h('p', { class: 'home' }, `${pass.compound} ${pass.unit ?? ''}`),
    ...(stopped === null ? [picture, bar, time, left] : [h('p', { class: 'stopped', role: 'alert' }, stopped)]),
    h('p', { class: 'quiet' }, t('until', day.format(pass.until))),
    ...(nonce === null ? [] : [h('p', { class: 'good', role: 'status' }, t('scanned'))]),
    ...(stopped === null ? [button(t('scan'), () => void scan())] : []),
  ];
}

function elsewhereView(): Node[] {
  return wallet.elsewhere.map((pass) => {
    const away = pass.key !== null;
    const go: HTMLButtonElement = button(away ? t('move-go') : t('bind'), () => {
      // Taking a pass from another phone ends the code there: asked twice.
      if (away && go.dataset.sure === undefined) {
        go.dataset.sure = '';
        setText(go, t('move-sure'));
        return;
      }
      go.disabled = true;
      void wallet.take(pass).then(show);
    }, 'primary');
    return h('section', { class: 'card' }, h('h2', {}, `${pass.name}${pass.own ? '' : t('carried')}`), h('p', {}, away ? t('move') : t('bind-hint')), go);
  });
}

function show(): void {
  const pass = front();
  const { trouble } = wallet;
  const nothing = pass === undefined && wallet.elsewhere.length === 0;
  fill(
    app,
    ...(pass === undefined ? [] : passView(pass)),
    trouble?.kind === 'rule' && h('p', { class: 'stopped', role: 'alert' }, trouble.message),
    trouble?.kind === 'offline' && pass !== undefined && h('p', { class: 'quiet', role: 'status' }, t('stale')),
    pass !== undefined && Math.abs(wallet.state.offset) > CLOCK_OFF && h('p', { class: 'quiet' }, t('clock-off')),
    ...elsewhereView(),
    nothing && !asked && h('p', {}, t('asking')),
    nothing && asked && trouble?.kind === 'sign-in' && h('section', { class: 'card' }, h('p', {}, t('sign-in')), h('a', { class: 'button primary', href: '/sign-in?returnUrl=/pass/' }, t('sign-in-go'))),
    nothing && asked && trouble?.kind === 'offline' && h('section', { class: 'card' }, h('p', { role: 'alert' }, t('offline')), button(t('again'), () => void refresh(), 'primary')),
    nothing && asked && trouble === null && h('section', { class: 'card' }, h('p', {}, t('none')), h('a', { class: 'button primary', href: '/my' }, t('apply'))),
    h('p', { class: 'foot' }, h('a', { href: '/my' }, t('more')), h('button', { type: 'button', class: 'link', onclick: () => { switchLanguage(); show(); } }, t('other'))),
  );
  void draw();
}

async function refresh(): Promise<void> {
  await wallet.refresh();
  asked = true;
  show();
}

async function scan(): Promise<void> {
  const value = await scanNonce();
  if (value === null) return;
  nonce = { value, until: wallet.now() + NONCE_LIFE };
  drawn.id = '';
  show();
}

/** The screen stays on while the code is in front; a phone that cannot do it is no worse than before. */
async function stayAwake(): Promise<void> {
  try {
    await navigator.wakeLock?.request('screen');
  } catch {
    /* refused by the phone, on low battery for instance */
  }
}

async function start(): Promise<void> {
  if (globalThis.crypto?.subtle === undefined || globalThis.indexedDB === undefined) {
    fill(app, h('section', { class: 'card' }, h('p', { role: 'alert' }, t('no-crypto'))));
    return;
  }
  wallet = await Wallet.open(await Store.open());
  show();
  setInterval(() => void draw(), 250);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    void stayAwake();
    void refresh();
  });
  void stayAwake();
  void navigator.storage?.persist?.();
  if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/pass/sw.js', { scope: '/pass/' });
  await refresh();
}

void start();
