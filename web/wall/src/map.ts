import L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { el, mark, say } from './dom';
import { text } from './texts';
import { nameOf, peopleOf, stateOf } from './lists';
import { incidents, type State, type Thing } from './state';

interface Feature {
  type: 'Feature';
  properties: { path: string; kind: string; name: string; areaKind?: string; lon?: number; lat?: number };
  geometry: GeoJSON.Geometry;
}

/** Left, top, right, bottom on the screen. */
type Box = [number, number, number, number];

const cross = (a: Box, b: Box) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

interface Drawing {
  type: 'FeatureCollection';
  unplaced: number;
  pointsOnly: number;
  features: Feature[];
}

const roman: Record<string, string> = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ' };
const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * The map: our own outlines on a canvas, things as marks above it. No tiles unless the installation names some, and nothing is drawn where the register
 * knows no position.
 */
export class WallMap {
  readonly root = el('div', { class: 'map', role: 'group' });
  private readonly note = el('p', { class: 'map-note' });
  private readonly none = el('p', { class: 'map-none' });
  private readonly map: L.Map;
  private readonly marks = new Map<string, { marker: L.Marker; key: string; line?: L.Polyline }>();
  private readonly names = L.layerGroup();
  private outlines?: L.GeoJSON;
  private drawing?: Drawing;
  private labels: { at: L.LatLng; name: string; priority: number }[] = [];
  private readonly tiled: boolean;
  private fitted = false;
  private moved = false;
  private order: string[] = [];

  constructor(
    private readonly path: string,
    private readonly name: string,
    tiles?: string,
  ) {
    this.tiled = !!tiles;
    const canvas = el('div', { class: 'map-canvas' });
    this.root.append(canvas, this.none, this.note);
    this.map = L.map(canvas, { preferCanvas: true, zoomControl: false, maxZoom: 22, attributionControl: false, zoomSnap: 0, zoomAnimation: !still(), fadeAnimation: false, markerZoomAnimation: !still(), keyboard: false, center: [35, 105], zoom: 4 });
    if (tiles) L.tileLayer(tiles, { maxZoom: 19, opacity: 0.55 }).addTo(this.map);
    this.names.addTo(this.map);
    this.map.on('zoomend moveend', () => this.label());
    new ResizeObserver(() => {
      this.map.invalidateSize({ animate: false });
      this.fit();
    }).observe(canvas);
  }

  /** Draws places; again when the register has changed. */
  async load() {
    const answer = await fetch(`/api/wall/${this.path}/map`, { signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    this.drawing = (await answer.json()) as Drawing;
    this.draw();
  }

  /** Draws with the colours of the theme. */
  draw() {
    if (!this.drawing) return;
    this.outlines?.remove();
    const shapes = this.drawing.features.filter((f) => f.geometry.type !== 'Point' || f.properties.kind === 'Compound');
    this.outlines = L.geoJSON({ type: 'FeatureCollection', features: shapes } as GeoJSON.FeatureCollection, {
      style: (f) => styles(f!.properties.kind),
      pointToLayer: (_, at) => L.circleMarker(at, { radius: rem() * 0.4, ...styles('Compound') }),
      interactive: false,
    }).addTo(this.map);
    // One compound alone needs no name on its own map; areas that are only a point (lifts, doors) would cover their building.
    const alone = shapes.filter((f) => f.properties.kind === 'Compound').length === 1;
    const rank: Record<string, number> = { Compound: 1, Area: 2, Building: 3 };
    this.labels = this.drawing.features
      .filter((f) => f.properties.lon !== undefined && !(alone && f.properties.kind === 'Compound' && this.drawing!.features.length > 1) && !(f.properties.kind === 'Area' && f.geometry.type === 'Point'))
      .map((f) => ({ at: L.latLng(f.properties.lat!, f.properties.lon!), name: f.properties.name, priority: rank[f.properties.kind] ?? 4 }))
      .sort((a, b) => a.priority - b.priority);
    this.none.hidden = this.drawing.features.length > 0;
    say(this.none, text('map.none'));
    this.fitted = false;
    this.fit();
  }

  show(state: State) {
    const seen = new Set<string>();
    this.moved = false;
    // Gravest first, then oldest: that order decides whose words are shown.
    const open = incidents(state).map((t) => t.id);
    if (open.join() !== this.order.join()) [this.order, this.moved] = [open, true];
    for (const t of state.things.values()) {
      if (!t.at) continue;
      seen.add(t.id);
      this.put(t);
    }
    for (const [id, known] of this.marks)
      if (!seen.has(id)) {
        known.marker.remove();
        known.line?.remove();
        this.marks.delete(id);
        this.moved = true;
      }
    if (this.moved) this.label();
    const count = (kind: string, trouble: boolean) => [...state.things.values()].filter((t) => t.kind === kind && (!trouble || t.trouble)).length;
    mark(this.root, 'aria-label', text('map.label', this.name, count('incident', false), count('gate', true), count('device', true)));
    const said = [this.drawing?.unplaced ? text('map.unplaced', this.drawing.unplaced) : '', this.drawing?.pointsOnly ? text('map.points', this.drawing.pointsOnly) : '', state.unplaced ? text('map.things', state.unplaced) : '', [...this.marks.values()].some((m) => m.line) ? `┅ ${text('map.route')}` : ''];
    say(this.note, said.filter(Boolean).join(' · '));
  }

  private put(t: Thing) {
    const at = L.latLng(t.at![1], t.at![0]);
    const key = [t.state, t.level, t.trouble, t.passed, t.people, nameOf(t), at.lat, at.lng, t.sent?.join()].join('|');
    const known = this.marks.get(t.id);
    if (known?.key === key) return;
    this.moved = true;
    known?.line?.remove();
    const line = t.sent && t.kind === 'incident' ? L.polyline([L.latLng(t.sent[1], t.sent[0]), at], { color: colour('--route'), weight: rem() / 4, dashArray: `${rem() / 4} ${rem() / 1.6}`, interactive: false }).addTo(this.map) : undefined;
    const icon = iconOf(t);
    if (known) {
      known.marker.setIcon(icon).setLatLng(at);
      this.marks.set(t.id, { marker: known.marker, key, line });
    } else this.marks.set(t.id, { marker: L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: t.kind === 'incident' ? 2000 : t.trouble ? 1000 : 0 }).addTo(this.map), key, line });
  }

  private fit() {
    if (!this.outlines || !this.drawing?.features.length) return;
    const size = rem();
    const bounds = this.outlines.getBounds();
    if (!bounds.isValid()) return;
    this.map.fitBounds(bounds, { animate: false, paddingTopLeft: [size * 2, size * 5], paddingBottomRight: [size * 2, size * 2.6], maxZoom: this.tiled ? 18.5 : 21 });
    this.fitted = true;
    this.label();
  }

  /** Words of incidents that cover no other mark, the gravest first; what they and the marks take up is no room for names. */
  private words(): Box[] {
    const frame = this.root.getBoundingClientRect();
    const box = (e: Element): Box => {
      const r = e.getBoundingClientRect();
      return [r.left - frame.left, r.top - frame.top, r.right - frame.left, r.bottom - frame.top];
    };
    const found = this.order.map((id) => this.marks.get(id)?.marker.getElement()).filter((e) => !!e);
    const signs = found.map((e) => box(e.querySelector('b') ?? e.firstElementChild!));
    const taken = [...signs];
    found.forEach((e, i) => {
      const word = e.querySelector('span');
      if (!word || !e.classList.contains('incident')) return;
      const mine = box(word);
      const fits = mine[2] < frame.width && !taken.some((b, other) => other !== i && cross(b, mine));
      word.style.visibility = fits ? '' : 'hidden';
      if (fits) taken.push(mine);
    });
    for (const e of this.root.querySelectorAll('.mark.gate > div, .mark.device.trouble > div')) taken.push(box(e));
    return taken;
  }

  /** Names that do not cover each other: the more important first, the others wait for more room. */
  private label() {
    if (!this.fitted) return;
    this.names.clearLayers();
    const size = rem();
    const [height, view] = [size * 1.4, this.map.getSize()];
    const taken = this.words();
    for (const l of this.labels) {
      const p = this.map.latLngToContainerPoint(l.at);
      const half = (l.name.length * size * 1.05) / 2 + 4;
      const box: Box = [p.x - half, p.y - height / 2, p.x + half, p.y + height / 2];
      if (box[0] < 0 || box[2] > view.x || box[1] < 0 || box[3] > view.y) continue;
      if (taken.some((b) => cross(b, box))) continue;
      taken.push(box);
      L.marker(l.at, { interactive: false, keyboard: false, icon: L.divIcon({ className: 'name', html: el('span', {}, l.name), iconSize: [0, 0] }) }).addTo(this.names);
    }
  }
}

function styles(kind: string): L.PathOptions {
  switch (kind) {
    case 'Compound':
      return { color: colour('--outline'), weight: rem() / 8, opacity: 0.9, fillColor: colour('--ground'), fillOpacity: 0.9 };
    case 'Building':
      return { color: colour('--building-edge'), weight: rem() / 16, fillColor: colour('--building'), fillOpacity: 1 };
    default:
      return { color: colour('--area'), weight: rem() / 16, opacity: 0.7, fillColor: colour('--area'), fillOpacity: 0.35 };
  }
}

/** Sign and word beside the colour; a gate says how many passed. */
function iconOf(t: Thing): L.DivIcon {
  const content =
    t.kind === 'incident'
      ? [el('i'), el('b', {}, roman[t.level ?? 'IV'] ?? '!'), el('span', {}, [nameOf(t), peopleOf(t)].filter(Boolean).join(' · '))]
      : t.kind === 'gate'
        ? [el('span', {}, t.trouble ? `${nameOf(t)} ${stateOf('gate', t.state)}` : t.passed !== undefined && t.state !== 'unpaired' ? `${nameOf(t)} ${t.passed}` : nameOf(t))]
        : [el('b', {}, t.trouble ? '×' : ''), t.trouble ? el('span', {}, `${nameOf(t)} ${stateOf('device', t.state)}`) : null];
  return L.divIcon({ className: `mark ${t.kind}${t.trouble ? ' trouble' : ''}`, iconSize: [0, 0], html: el('div', { 'data-level': t.level }, ...content) });
}
