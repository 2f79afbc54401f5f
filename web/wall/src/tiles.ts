import { el, mark, say } from './dom';
import { spoken, text } from './texts';
import { lasting, left, moment } from './time';
import type { State, Tile } from './state';

export const order = ['incidents', 'passages', 'gates', 'devices', 'cases', 'modes', 'plans'] as const;
const exact = new Intl.NumberFormat('zh-CN');

/** Six digits do not fit and nobody reads them across a room: 39.2 万, 392k. */
export const number = (n: number) => (n < 100_000 ? exact.format(n) : spoken() === 'en' ? `${Math.round(n / 1000)}k` : `${(n / 10_000).toFixed(1)}万`);
const roman: Record<string, string> = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ' };

/** Why a figure is missing. */
export type Absent = 'missing' | 'not-kept' | 'no-part';

interface Block {
  root: HTMLElement;
  label: HTMLElement;
  figure: HTMLElement;
  unit: HTMLElement;
  detail: HTMLElement;
  levels: HTMLElement;
}

/** The figures on top: at most seven, each with its state in words and colour. */
export class Tiles {
  readonly root = el('section', { class: 'tiles', 'aria-label': '数字' });
  private readonly blocks = new Map<string, Block>();

  /** @param open Opens the list behind a tile; only those in `opens` lead somewhere. */
  constructor(opens: Record<string, string>, open: (href: string) => void) {
    for (const id of order) {
      const [label, figure, unit, detail, levels] = [el('span', { class: 'label' }), el('span', { class: 'figure' }), el('span', { class: 'unit' }), el('span', { class: 'detail' }), el('span', { class: 'levels' })];
      const inside = [label, el('span', { class: 'number' }, figure, unit, levels), detail];
      const root: HTMLElement = opens[id] ? el('button', { class: 'tile', type: 'button' }, ...inside) : el('div', { class: 'tile' }, ...inside);
      if (opens[id]) root.addEventListener('click', () => open(opens[id]));
      root.dataset.tile = id;
      this.blocks.set(id, { root, label, figure, unit, detail, levels });
      this.root.append(root);
    }
  }

  /** @param absent Why a figure may be missing: it was not kept, or is no part of the drill. */
  show(state: State, now: number, absent: Absent) {
    for (const [id, block] of this.blocks) {
      const tile = state.tiles.get(id) ?? { id, state: 'missing' as const };
      say(block.label, text(`tile.${id}`));
      const { figure, unit } = figureOf(tile);
      say(block.figure, figure);
      say(block.unit, unit);
      say(block.detail, detailOf(tile, now, absent));
      mark(block.root, 'data-state', tile.state ?? 'fresh');
      mark(block.root, 'data-tone', tile.tone ?? 'calm');
      mark(block.figure, 'data-length', figure.length > 5 ? 'long' : undefined);
      const parts = id === 'incidents' ? (tile.parts ?? []) : id === 'modes' && tile.level ? [{ key: tile.level, count: 0 }] : [];
      block.levels.replaceChildren(...parts.map((p) => el('span', { class: 'level', 'data-level': p.key }, `${roman[p.key]}${p.count ? ` ${p.count}` : ''}`)));
      if (block.root instanceof HTMLButtonElement) mark(block.root, 'title', text('open', text(`tile.${id}`)));
    }
  }
}

/** The digits and their unit. What is missing is a dash, never zero. */
export function figureOf(tile: Tile): { figure: string; unit: string } {
  if (tile.state === 'missing') return { figure: '—', unit: '' };
  if (tile.hidden) return { figure: text('hidden'), unit: text(`unit.${tile.id}`) };
  if (tile.value === undefined) return { figure: '—', unit: '' };
  return { figure: number(tile.value), unit: text(`unit.${tile.id}`) };
}

/** The line below the digits. */
export function detailOf(tile: Tile, now: number, absent: Absent): string {
  if (tile.state === 'missing') return text(`tile.${absent}`);
  const said: string[] = [];
  if (tile.state === 'late' || tile.state === 'stale') said.push(text('tile.late', tile.asOf ? moment(Date.parse(tile.asOf), now) : ''));
  if (tile.hidden) said.push(text('hidden-why'));
  else if (tile.value === undefined && !tile.parts?.length) said.push(text(`nothing.${tile.id}`));
  else if (tile.value === 0 && tile.id !== 'passages') said.push(text(`none.${tile.id}`));
  if (tile.id === 'modes' && tile.value) {
    // Its number stands in the line under the header.
    if (tile.due) said.push(left(Date.parse(tile.due) - now));
    return said.join(' · ');
  }
  if (tile.late) said.push(text('late', tile.late));
  if (tile.oldest && tile.value) said.push(text('oldest', lasting(now - Date.parse(tile.oldest))));
  if (tile.of !== undefined && tile.of !== null && tile.value !== undefined) said.push(text('of', number(tile.of)));
  if (tile.id !== 'incidents') for (const part of tile.parts ?? []) said.push(partOf(tile.id, part.key, part.count ?? 0));
  return said.slice(0, 3).join(' · ');
}

const partOf = (tile: string, key: string, count: number) => text(tile === 'devices' ? `health.${key}` : key, number(count));
