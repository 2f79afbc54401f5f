import { el, mark, say } from './dom';
import { has, spoken, text } from './texts';
import { lasting, moment } from './time';
import { incidents, step, type Line, type State, type Thing } from './state';

const roman: Record<string, string> = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ' };
const shown = 12;
/** Lines of the feed: fewer when there is work to show. */
const newest = (open: number) => (open > 2 ? 4 : 7);

export const nameOf = (t: { zh?: string; en?: string }) => (spoken() === 'en' ? t.en : t.zh) ?? t.zh ?? '';
export const stateOf = (kind: string, state: string) => (has(`${kind}.${state}`) ? text(`${kind}.${state}`) : state);
export const peopleOf = (t: Thing) => (t.people ? text('at-least', t.people) : t.few ? text('few') : '');

/** One open incident with its five steps: where governance stands, not only that something was sensed. */
class Row {
  readonly root: HTMLElement;
  private readonly level = el('span', { class: 'level' });
  private readonly name = el('strong');
  private readonly place = el('span', { class: 'place' });
  private readonly age = el('span', { class: 'age' });
  private readonly word = el('span', { class: 'word' });
  private readonly steps: HTMLElement[] = [];

  constructor() {
    const bar = el('ol', { class: 'steps' });
    for (let i = 0; i < 5; i++) bar.append((this.steps[i] = el('li')));
    this.root = el('li', { class: 'incident' }, el('div', { class: 'head' }, this.level, el('span', { class: 'what' }, this.name, this.place), this.age), bar, this.word);
  }

  show(t: Thing, now: number) {
    say(this.level, roman[t.level ?? 'IV'] ?? '');
    mark(this.level, 'data-level', t.level);
    say(this.name, nameOf(t));
    say(this.place, t.place ?? '');
    say(this.age, lasting(now - Date.parse(t.since)));
    const over = t.due ? now - Date.parse(t.due) : 0;
    mark(this.root, 'data-late', over > 0 ? 'yes' : undefined);
    say(this.word, [stateOf('incident', t.state), peopleOf(t), over > 0 ? text('overdue', lasting(over)) : ''].filter(Boolean).join(' · '));
    const at = step(t.state);
    this.steps.forEach((node, i) => {
      say(node, text(`step.${i}`));
      mark(node, 'data-is', i < at ? 'done' : i === at ? 'now' : undefined);
    });
  }
}

/** Open incidents, the gravest first; a calm picture when there is none. */
export class Incidents {
  private readonly title = el('h2');
  private readonly list = el('ul', { class: 'incidents' });
  private readonly rest = el('p', { class: 'rest' });
  private readonly calm = el('div', { class: 'calm' });
  readonly root = el('section', { class: 'panel grow' }, this.title, this.list, this.rest, this.calm);
  private readonly rows = new Map<string, Row>();

  show(state: State, now: number) {
    const all = incidents(state);
    const visible = all.slice(0, shown);
    say(this.title, text('incidents'));
    const keep = new Set(visible.map((t) => t.id));
    for (const [id, row] of this.rows)
      if (!keep.has(id)) {
        row.root.remove();
        this.rows.delete(id);
      }
    visible.forEach((t, i) => {
      let row = this.rows.get(t.id);
      if (!row) this.rows.set(t.id, (row = new Row()));
      row.show(t, now);
      if (this.list.children[i] !== row.root) this.list.insertBefore(row.root, this.list.children[i] ?? null);
    });
    // Rows that do not fit are counted, not cut.
    const fitting = visible.filter((t) => this.fits(this.rows.get(t.id)!.root)).length;
    const total = state.tiles.get('incidents')?.value ?? all.length;
    const more = total - fitting;
    this.rest.hidden = more <= 0 || all.length === 0;
    say(this.rest, text('more', more));
    const tile = state.tiles.get('incidents');
    const missing = !tile || tile.state === 'missing';
    this.calm.hidden = all.length > 0 || total > 0;
    this.list.hidden = !this.calm.hidden;
    if (this.calm.hidden) return;
    const sign = missing ? '?' : '✓';
    if (this.calm.dataset.sign !== sign + text('calm')) {
      this.calm.dataset.sign = sign + text('calm');
      this.calm.replaceChildren(el('span', { class: 'sign', 'aria-hidden': 'true' }, sign), el('strong', {}, text(missing ? 'calm-missing' : 'calm')), el('span', {}, missing ? '' : text('calm-hint')));
    }
  }

  private fits(row: HTMLElement): boolean {
    const fit = row.offsetTop + row.offsetHeight <= this.list.offsetTop + this.list.clientHeight + 2;
    row.style.visibility = fit ? '' : 'hidden';
    return fit;
  }
}

/** What has just happened, newest first. */
export class Feed {
  private readonly title = el('h2');
  private readonly list = el('ul', { class: 'feed', 'aria-live': 'polite' });
  private readonly empty = el('p', { class: 'rest' });
  readonly root = el('section', { class: 'panel news' }, this.title, this.list, this.empty);
  private drawn = '';

  show(state: State, now: number) {
    say(this.title, text('feed'));
    const lines = state.feed.slice(0, newest(incidents(state).length));
    const key = spoken() + lines.map((l) => l.at + l.kind + l.to + l.place).join();
    this.empty.hidden = lines.length > 0;
    say(this.empty, text('feed-empty'));
    if (key === this.drawn) return;
    this.drawn = key;
    this.list.replaceChildren(...lines.map((l) => row(l, now)));
  }
}

const row = (l: Line, now: number) =>
  el('li', { 'data-kind': l.kind, 'data-to': l.to }, el('time', { datetime: l.at }, moment(Date.parse(l.at), now)), el('span', {}, l.level && l.kind === 'incident' ? `${roman[l.level]} ` : '', [nameOf(l), l.place].filter(Boolean).join(' · ')), el('b', {}, stateOf(l.kind, l.to)));
