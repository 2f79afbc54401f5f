import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Passage, Presence } from '../codes/memory';
import type { RevocationList } from '../codes/revocations';
import type { DirectoryRow, Entry, HandOver } from './model';

/** An entry waits for the guard's choice as long as it is held; a refused one was not taken by the server and is kept apart. */
export interface Queued {
  entry: Entry;
  id: string;
  state: 'ready' | 'held' | 'refused';
}

export interface StoredList extends RevocationList {
  /** When the server last said that this is the newest, Unix milliseconds (server's time). */
  checkedAt: number;
}

interface Schema extends DBSchema {
  /** Pairing, configuration, trust list, clock, shift: one value each. */
  values: { key: string; value: unknown };
  lists: { key: string; value: StoredList };
  directory: { key: string; value: DirectoryRow };
  queue: { key: string; value: Queued };
  shifts: { key: string; value: HandOver };
  passages: { key: number; value: Passage; indexes: { at: number } };
  presence: { key: string; value: Presence };
}

export type Db = IDBPDatabase<Schema>;

/** Everything the gate keeps on the device. */
export const openStore = (name = 'liren-gate'): Promise<Db> =>
  openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('values');
      db.createObjectStore('lists', { keyPath: 'partition' });
      db.createObjectStore('directory', { keyPath: 'cti' });
      db.createObjectStore('queue', { keyPath: 'id' });
      db.createObjectStore('shifts', { keyPath: 'id' });
      db.createObjectStore('passages', { autoIncrement: true }).createIndex('at', 'at');
      db.createObjectStore('presence', { keyPath: 'cti' });
    },
  });

export const read = async <T>(db: Db, key: string): Promise<T | undefined> => (await db.get('values', key)) as T | undefined;

export const write = async (db: Db, key: string, value: unknown): Promise<void> => {
  await db.put('values', value, key);
};
