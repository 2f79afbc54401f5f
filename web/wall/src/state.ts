/** What a wall knows, as the server sends it, and how frames change it. Pure: the live stream and a story use the same functions. */

export type Freshness = 'fresh' | 'late' | 'stale' | 'missing';
export type Tone = 'calm' | 'info' | 'warn' | 'alarm';

export interface Part {
  key: string;
  count?: number;
}

export interface Tile {
  id: string;
  state?: Freshness;
  tone?: Tone;
  value?: number;
  of?: number;
  hidden?: boolean;
  late?: number;
  parts?: Part[];
  oldest?: string;
  due?: string;
  name?: string;
  level?: string;
  asOf?: string;
}

export interface Thing {
  id: string;
  kind: 'incident' | 'gate' | 'device';
  state: string;
  since: string;
  level?: string;
  zh?: string;
  en?: string;
  code?: string;
  place?: string;
  area?: string;
  at?: [number, number];
  due?: string;
  people?: number;
  few?: boolean;
  sent?: [number, number];
  trouble?: boolean;
  passed?: number;
}

export interface Line {
  at: string;
  kind: 'incident' | 'gate' | 'device' | 'order';
  to: string;
  zh?: string;
  en?: string;
  place?: string;
  level?: string;
  code?: string;
}

export interface Snapshot {
  at: string;
  tiles: Tile[];
  things?: Thing[];
  more?: number;
  unplaced?: number;
  map?: number;
  feed?: Line[];
}

export interface Delta {
  at: string;
  tiles?: Tile[];
  things?: Thing[];
  gone?: string[];
  feed?: Line[];
  more?: number;
  unplaced?: number;
  map?: number;
}

export interface State {
  /** As of when, milliseconds since 1970. */
  at: number;
  tiles: Map<string, Tile>;
  things: Map<string, Thing>;
  /** Newest first, never more than {@link kept}. */
  feed: Line[];
  more: number;
  unplaced: number;
  map: number;
}

/** A wall runs for months: lists are bounded. */
export const kept = 30;

export function take(snapshot: Snapshot): State {
  return {
    at: Date.parse(snapshot.at),
    tiles: new Map(snapshot.tiles.map((t) => [t.id, t])),
    things: new Map((snapshot.things ?? []).map((t) => [t.id, t])),
    feed: (snapshot.feed ?? []).slice(0, kept),
    more: snapshot.more ?? 0,
    unplaced: snapshot.unplaced ?? 0,
    map: snapshot.map ?? 0,
  };
}

/** Changes the state by a frame. */
export function apply(state: State, delta: Delta): State {
  state.at = Date.parse(delta.at);
  for (const tile of delta.tiles ?? []) state.tiles.set(tile.id, tile);
  for (const id of delta.gone ?? []) state.things.delete(id);
  for (const thing of delta.things ?? []) state.things.set(thing.id, thing);
  if (delta.feed) state.feed = [...delta.feed.slice().reverse(), ...state.feed].slice(0, kept);
  if (delta.more !== undefined) state.more = delta.more;
  if (delta.unplaced !== undefined) state.unplaced = delta.unplaced;
  if (delta.map !== undefined) state.map = delta.map;
  return state;
}

const levels = ['I', 'II', 'III', 'IV'];

/** Open incidents, the gravest and then the oldest first. */
export function incidents(state: State): Thing[] {
  return [...state.things.values()]
    .filter((t) => t.kind === 'incident')
    .sort((a, b) => levels.indexOf(a.level ?? 'IV') - levels.indexOf(b.level ?? 'IV') || a.since.localeCompare(b.since));
}

/** Which of the five steps is being done now, 0 to 4: 感知 研判 派单 处置 核验. */
export function step(state: string): number {
  switch (state) {
    case 'Open':
      return 1;
    case 'Dispatched':
      return 2;
    case 'Accepted':
    case 'OnScene':
      return 3;
    case 'Verifying':
      return 4;
    default:
      return 5;
  }
}
