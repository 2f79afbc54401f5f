import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { PhoneKey } from './proof';

/** A pass that lies on this phone. */
export interface Held {
  id: string;
  code: string;
  name: string;
  unit: string | null;
  compound: string;
  own: boolean;
  /** Unix milliseconds. */
  until: number;
  /** The office has stopped it: no code is drawn. */
  suspended: boolean;
}

export interface State {
  key: PhoneKey | null;
  held: Held[];
  /** Server's clock minus the phone's, milliseconds. */
  offset: number;
}

interface Schema extends DBSchema {
  values: { key: string; value: unknown };
}

/** What the phone remembers: its key and its passes. */
export class Store {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(): Promise<Store> {
    return new Store(await openDB<Schema>('liren-pass', 1, { upgrade: (db) => void db.createObjectStore('values') }));
  }

  async load(): Promise<State> {
    const [key, held, offset] = await Promise.all(['key', 'held', 'offset'].map((name) => this.db.get('values', name)));
    return { key: (key as PhoneKey | undefined) ?? null, held: (held as Held[] | undefined) ?? [], offset: (offset as number | undefined) ?? 0 };
  }

  async save(state: State): Promise<void> {
    const all = this.db.transaction('values', 'readwrite');
    await Promise.all([all.store.put(state.key, 'key'), all.store.put(state.held, 'held'), all.store.put(state.offset, 'offset'), all.done]);
  }
}
