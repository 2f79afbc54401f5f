import './style.css';
import { choose } from './chooser';
import { el } from './dom';
import { Live } from './live';
import { Player, type Story } from './player';
import { Screen, type Meta, type Truth } from './screen';
import { begin } from './settings';
import { apply, take, type State } from './state';
import { spoken, text } from './texts';

const root = document.getElementById('wall')!;
const signIn = () => location.assign(`/sign-in?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);

class Refused extends Error {}

async function ask<T>(address: string): Promise<T> {
  const answer = await fetch(address, { cache: 'no-store', headers: { 'Accept-Language': spoken() } });
  if (answer.status === 401) {
    signIn();
    throw new Refused();
  }
  if (!answer.ok) throw new Error((await answer.json().catch(() => undefined))?.detail ?? String(answer.status));
  return (await answer.json()) as T;
}

/** A live wall: draws on every frame, and every second because durations grow. */
function live(meta: Meta) {
  let state: State | undefined;
  let truth: Truth = { kind: 'connecting' };
  let ahead = 0;
  let drawnMap = 0;
  const now = () => Date.now() + ahead;
  const draw = () => state && screen.show(state, now(), truth);
  const screen = new Screen(meta, draw);
  const heard = (at: number) => {
    ahead = at - Date.now();
    if (state && state.map !== drawnMap) {
      drawnMap = state.map;
      void screen.map.load().then(draw, () => (drawnMap = -1));
    }
    draw();
  };
  root.replaceChildren(screen.root);
  void screen.map.load().then(draw, () => (drawnMap = -1));
  new Live(meta.path, {
    snapshot(snapshot) {
      state = take(snapshot);
      if (drawnMap === 0) drawnMap = state.map;
      heard(state.at);
    },
    delta(delta) {
      if (state) heard(apply(state, delta).at);
    },
    beat(at) {
      if (!state) return;
      state.at = at;
      heard(at);
    },
    connected(yes) {
      truth = { kind: yes ? 'live' : state ? 'lost' : 'connecting' };
      draw();
    },
    refused(status) {
      if (status === 401) signIn();
    },
  });
  window.setInterval(draw, 1000);
}

/** A story: the same screen, another clock, and marked as such. */
async function story(meta: Meta, query: URLSearchParams) {
  const drill = query.get('drill');
  root.replaceChildren(el('p', { class: 'wait' }, text('loading')));
  const told = await ask<Story>(`/api/wall/${meta.path}/story?${drill ? `drill=${encodeURIComponent(drill)}` : `day=${encodeURIComponent(query.get('day')!)}`}`);
  const player = new Player(told);
  player.speed = Number(query.get('speed')) || (drill ? 10 : 600);
  const title = () => {
    const found = meta.drills.find((d) => d.id === drill)?.title;
    return spoken() === 'en' ? found?.en : found?.zh;
  };
  const draw = () => screen.show(player.state, player.now, drill ? { kind: 'drill', of: title() ?? drill } : { kind: 'replay', of: query.get('day')! });
  const screen = new Screen(meta, draw, player);
  root.replaceChildren(screen.root);
  await screen.map.load();
  const at = query.get('at');
  if (at) player.seek(Date.parse(at));
  else player.playing = true;
  draw();
  let before = performance.now();
  window.setInterval(() => {
    const real = performance.now();
    // A tab that slept does not jump.
    player.pass(Math.min(1000, real - before));
    before = real;
    if (player.playing) draw();
  }, 200);
}

async function start() {
  begin();
  const path = decodeURIComponent(location.pathname.replace(/^\/wall\/?/, '').replace(/\/$/, ''));
  if (!path) return choose(root, signIn);
  const meta = await ask<Meta>(`/api/wall/${path}`);
  const query = new URLSearchParams(location.search);
  if (query.has('day') || query.has('drill')) return story(meta, query);
  return live(meta);
}

start().catch((e: unknown) => {
  if (e instanceof Refused) return;
  const retry = el('button', { type: 'button' }, text('retry'));
  retry.addEventListener('click', () => location.reload());
  root.replaceChildren(el('main', { class: 'chooser' }, el('h1', {}, text('title')), el('p', { role: 'alert' }, text('failed', e instanceof Error ? e.message : String(e))), retry, el('p', {}, el('a', { href: '/wall' }, text('choose')))));
  // Nobody stands before a wall to press a button: after a while it tries by itself.
  window.setTimeout(() => location.reload(), 30_000);
});
