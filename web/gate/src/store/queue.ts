import type { Db, Queued } from './db';
import type { Entry } from './model';

/** Entries of one upload. */
export const MOST_ENTRIES = 500;

/**
 * Sends entries to the server and resolves when it has them for good: to the ids of those it could not take, or to null when it took none because of what one of
 * them says. Throws when it cannot be reached.
 */
export type Send = (entries: Entry[]) => Promise<string[] | null>;

/**
 * The gate's log on its way to the server. An entry is deleted only after the server acknowledged it, and the server takes each id once: so nothing is
 * lost and nothing is double, whatever breaks in between.
 */
export class Queue {
  private uploading: Promise<void> | null = null;

  constructor(private readonly db: Db) {}

  /** Keeps an entry; a held one waits for `put` with the guard's choice. */
  async put(entry: Entry, held = false): Promise<void> {
    await this.db.put('queue', { id: entry.id, entry, state: held ? 'held' : 'ready' });
  }

  /** After a restart nobody will choose any more: what was held goes as it is. */
  async releaseHeld(): Promise<void> {
    const change = this.db.transaction('queue', 'readwrite');
    for await (const cursor of change.store) if (cursor.value.state === 'held') await cursor.update({ ...cursor.value, state: 'ready' });
    await change.done;
  }

  /** Entries the server does not have yet. */
  count(): Promise<number> {
    return this.db.count('queue');
  }

  /** Entries that the server did not take: somebody must look. */
  async refused(): Promise<number> {
    return (await this.db.getAll('queue')).filter((q) => q.state === 'refused').length;
  }

  /** Uploads everything that is ready, oldest first, one upload at a time; a second call joins the one under way. */
  upload(send: Send): Promise<void> {
    this.uploading ??= this.run(send).finally(() => (this.uploading = null));
    return this.uploading;
  }

  private async run(send: Send): Promise<void> {
    for (;;) {
      const batch = await this.next();
      if (batch.length === 0) return;
      const faulty = await send(batch.map((q) => q.entry));
      if (faulty !== null) await this.settle(batch, faulty);
      // One bad entry must not hold up the others: they go singly, and the bad one is set aside.
      else for (const single of batch) await this.settle([single], (batch.length > 1 ? await send([single.entry]) : null) ?? [single.id]);
    }
  }

  private async next(): Promise<Queued[]> {
    const batch: Queued[] = [];
    for (let cursor = await this.db.transaction('queue').store.openCursor(); cursor !== null && batch.length < MOST_ENTRIES; cursor = await cursor.continue())
      if (cursor.value.state === 'ready') batch.push(cursor.value);
    return batch;
  }

  private async settle(batch: Queued[], faulty: string[]): Promise<void> {
    const change = this.db.transaction('queue', 'readwrite');
    await Promise.all(batch.map((q) => (faulty.includes(q.id) ? change.store.put({ ...q, state: 'refused' }) : change.store.delete(q.id))));
    await change.done;
  }
}
