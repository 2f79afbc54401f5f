import { el, mark, say } from './dom';
import { Bar } from './bar';
import { Feed, Incidents, nameOf, peopleOf, stateOf } from './lists';
import { WallMap } from './map';
import type { Player } from './player';
import { language, openInConsole, theme } from './settings';
import { incidents, type State } from './state';
import { askForStory } from './stories';
import { spoken, text } from './texts';
import { Tiles } from './tiles';
import { clock, day, lasting, left, weekday } from './time';

export interface Meta {
  path: string;
  name: string;
  kind: string;
  above: string;
  opens: Record<string, string>;
  tiles?: string;
  drills: { id: string; title: { zh: string; en: string }; start: string }[];
  today: string;
}

/** What the figures are: live, cut off since, or a story. */
export type Truth = { kind: 'live' } | { kind: 'lost' } | { kind: 'connecting' } | { kind: 'replay'; of: string } | { kind: 'drill'; of: string };

/** The whole screen of one place. It draws what it is given; it knows no network. */
export class Screen {
  readonly root = el('main', { class: 'screen' });
  readonly map: WallMap;
  private readonly tiles: Tiles;
  private readonly list = new Incidents();
  private readonly feed = new Feed();
  private readonly above = el('span', { class: 'above' });
  private readonly name = el('h1');
  private readonly truth = el('p', { class: 'truth', role: 'status' });
  private readonly line = el('p', { class: 'mode-line', hidden: true });
  private readonly banner = el('p', { class: 'banner', hidden: true });
  private readonly time = el('time', { class: 'time' });
  private readonly date = el('span', { class: 'date' });
  private readonly legend = el('p', { class: 'legend' });
  private readonly asOf = el('p', { class: 'as-of' });
  private readonly tools = el('nav', { class: 'tools', 'aria-label': '工具' });
  private bar?: Bar;

  constructor(
    private readonly meta: Meta,
    private readonly again: () => void,
    player?: Player,
  ) {
    this.tiles = new Tiles(meta.opens, (href) => openInConsole(meta.path, href));
    this.map = new WallMap(meta.path, meta.name, meta.tiles);
    if (player) this.bar = new Bar(player, meta.path, again);
    this.root.append(
      el('header', { class: 'head' }, el('div', { class: 'title' }, this.above, this.name), this.truth, el('div', { class: 'when' }, this.date, this.time), this.tools),
      this.line,
      this.tiles.root,
      el('div', { class: 'body' }, el('section', { class: 'panel map-panel' }, this.banner, this.map.root), el('div', { class: 'side' }, this.list.root, this.feed.root)),
      el('footer', { class: 'foot' }, this.legend, this.bar?.root, this.asOf),
    );
    this.words();
  }

  private words() {
    say(this.above, this.meta.above);
    say(this.name, this.meta.name);
    document.title = `${this.meta.name} · ${text('title')}`;
    const legend = (kind: string, key: string) => el('span', { class: `key ${kind}` }, el('i', { 'aria-hidden': 'true' }), text(key));
    this.legend.replaceChildren(legend('incident', 'legend.incident'), legend('gate', 'legend.gate'), legend('device', 'legend.device'), legend('trouble', 'legend.trouble'));
    const tool = (label: string, act: () => void) => {
      const button = el('button', { type: 'button' }, label);
      button.addEventListener('click', act);
      return button;
    };
    this.tools.replaceChildren(
      tool(text('story'), () => askForStory(this.meta.path, this.meta.today, this.meta.drills)),
      tool(text('theme'), () => {
        theme(theme() === 'dark' ? 'light' : 'dark');
        this.map.draw();
      }),
      tool(text('language'), () => {
        language(spoken() === 'en' ? 'zh' : 'en');
        this.words();
        this.again();
      }),
      tool(text('full'), () => void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())),
      el('a', { href: '/' }, text('console')),
    );
  }

  show(state: State, now: number, truth: Truth) {
    mark(this.root, 'data-truth', truth.kind);
    say(this.truth, truthOf(truth, state.at));
    say(this.time, clock(now));
    say(this.date, `${day(now)} ${weekday(now, spoken())}`);
    this.tiles.show(state, now, truth.kind === 'drill' ? 'no-part' : truth.kind === 'replay' ? 'not-kept' : 'missing');
    this.list.show(state, now);
    this.feed.show(state, now);
    this.map.show(state);
    this.mode(state, now);
    this.alarm(state, now);
    this.bar?.show();
    this.asOf.hidden = !!this.bar;
    say(this.asOf, text('as-of', clock(state.at)));
  }

  /** Thin amber line: an order holds, by which number, until when. */
  private mode(state: State, now: number) {
    const tile = state.tiles.get('modes');
    const holds = !!tile?.value && !!tile.due;
    this.line.hidden = !holds;
    if (holds) say(this.line, text('mode-line', tile.level ? text(`level.${tile.level}`) : '', tile.name ?? '', left(Date.parse(tile.due!) - now)));
  }

  /** The gravest open incident of level III or above, over the map. */
  private alarm(state: State, now: number) {
    const worst = incidents(state)[0];
    const shown = worst && worst.level !== 'IV';
    this.banner.hidden = !shown;
    if (!shown) return;
    mark(this.banner, 'data-level', worst.level);
    say(this.banner, [text(`level.${worst.level}`), nameOf(worst), worst.place, peopleOf(worst), now - Date.parse(worst.since) < 60_000 ? text('just-now') : text('since', lasting(now - Date.parse(worst.since))), stateOf('incident', worst.state)].filter(Boolean).join(' · '));
  }
}

function truthOf(truth: Truth, at: number): string {
  switch (truth.kind) {
    case 'live':
      return `● ${text('live')}`;
    case 'connecting':
      return `○ ${text('connecting')}`;
    case 'lost':
      return `✕ ${text('lost-hint', clock(at))}`;
    case 'replay':
      return `◀ ${text('replay-line', truth.of)}`;
    case 'drill':
      return `▲ ${text('drill-line', truth.of)}`;
  }
}
