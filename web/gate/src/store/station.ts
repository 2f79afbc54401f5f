import { emptyList, applyList, type ListOutcome } from '../codes/revocations';
import { fromBase64, type Bytes } from '../codes/bytes';
import type { GateContext } from '../codes/check';
import { fromSpki, type VerifyingKey } from '../codes/keys';
import { GateMemory, PROOFS_KEPT, type Passage } from '../codes/memory';
import { openTrust, type TrustList } from '../codes/trust';
import type { Direction } from '../codes/verdict';
import { Clock, type ClockState } from './clock';
import { openStore, read, write, type Db, type StoredList } from './db';
import type { Config, Pairing, Shift } from './model';
import { Nonces } from './nonces';
import { Queue } from './queue';

interface StoredTrust {
  envelope: Bytes;
  checkedAt: number;
}

/** How current a list is: plain, amber past the first limit, red past the second or never had. */
export type Freshness = 'good' | 'old' | 'bad';

/** What the gate holds: in memory for the check, on the device for the next start. */
export class Station {
  pairing: Pairing | null = null;
  config: Config | null = null;
  shift: Shift | null = null;
  direction: Direction = 'in';
  readonly nonces = new Nonces();
  readonly queue: Queue;
  clock = new Clock();
  memory = new GateMemory();
  private trust: TrustList | null = null;
  private trustCheckedAt = 0;
  private list: StoredList | null = null;
  private root: VerifyingKey | null = null;

  private constructor(readonly db: Db) {
    this.queue = new Queue(db);
  }

  static async load(name?: string): Promise<Station> {
    const station = new Station(await openStore(name));
    await station.restore();
    return station;
  }

  private async restore(): Promise<void> {
    const { db } = this;
    this.clock = new Clock(await read<ClockState>(db, 'clock'));
    this.config = (await read<Config>(db, 'config')) ?? null;
    this.shift = (await read<Shift>(db, 'shift')) ?? null;
    this.direction = (await read<Direction>(db, 'direction')) ?? 'in';
    const now = this.clock.now();
    await this.dropOldPassages(now);
    this.memory = new GateMemory(await db.getAll('passages'), await db.getAll('presence'), now);
    await this.queue.releaseHeld();
    await this.usePairing((await read<Pairing>(db, 'pairing')) ?? null);
    const trust = await read<StoredTrust>(db, 'trust');
    if (trust !== undefined && this.root !== null) {
      this.trust = await openTrust(trust.envelope, this.root);
      this.trustCheckedAt = trust.checkedAt;
    }
    if (this.config !== null) this.list = (await db.get('lists', this.config.community)) ?? null;
  }

  private async usePairing(pairing: Pairing | null): Promise<void> {
    this.pairing = pairing;
    this.root = pairing === null ? null : await fromSpki(fromBase64(pairing.root));
  }

  async pair(pairing: Pairing): Promise<void> {
    await write(this.db, 'pairing', pairing);
    await this.usePairing(pairing);
  }

  /** Forgets the gate and everything about people; the caller made sure that the queue is empty. */
  async unpair(): Promise<void> {
    for (const store of ['values', 'lists', 'directory', 'queue', 'shifts', 'passages', 'presence'] as const) await this.db.clear(store);
    await this.restore();
    this.trust = this.list = null;
  }

  async setConfig(config: Config): Promise<void> {
    await write(this.db, 'config', config);
    if (config.community !== this.config?.community) this.list = (await this.db.get('lists', config.community)) ?? null;
    this.config = config;
  }

  async setDirection(direction: Direction): Promise<void> {
    this.direction = direction;
    await write(this.db, 'direction', direction);
  }

  async setShift(shift: Shift | null): Promise<void> {
    this.shift = shift;
    await write(this.db, 'shift', shift);
  }

  async keepClock(): Promise<void> {
    await write(this.db, 'clock', this.clock.tick());
  }

  get trustSeq(): number {
    return this.trust?.seq ?? 0;
  }

  get listSeq(): number {
    return this.list?.seq ?? 0;
  }

  /** Takes a trust list; false when it is not the pinned root's, or older than the one held. */
  async takeTrust(envelope: Bytes): Promise<boolean> {
    const trust = this.root === null ? null : await openTrust(envelope, this.root);
    if (trust === null || trust.seq < this.trustSeq) return false;
    this.trust = trust;
    await this.confirmTrust(envelope);
    return true;
  }

  /** The server says that the list held is the newest. */
  async confirmTrust(envelope?: Bytes): Promise<void> {
    const kept = envelope ?? (await read<StoredTrust>(this.db, 'trust'))?.envelope;
    if (kept === undefined) return;
    this.trustCheckedAt = this.clock.now();
    await write(this.db, 'trust', { envelope: kept, checkedAt: this.trustCheckedAt } satisfies StoredTrust);
  }

  async takeList(envelope: Bytes): Promise<ListOutcome> {
    if (this.trust === null || this.config === null) return 'refused';
    const { outcome, list } = await applyList(this.list ?? emptyList(this.config.community), envelope, this.trust);
    if (outcome === 'applied') this.list = { ...list, checkedAt: 0 };
    if (outcome === 'applied' || outcome === 'old') await this.confirmList();
    return outcome;
  }

  async confirmList(): Promise<void> {
    if (this.list === null) return;
    this.list = { ...this.list, checkedAt: this.clock.now() };
    await this.db.put('lists', this.list);
  }

  /** Remembers a passage, here or at another gate of the compound. */
  async note(passage: Passage): Promise<void> {
    const presence = this.memory.note(passage);
    const change = this.db.transaction(['passages', 'presence'], 'readwrite');
    if (passage.proofAt !== 0) await change.objectStore('passages').add(passage);
    await change.objectStore('presence').put(presence);
    await change.done;
  }

  async dropOldPassages(now: number): Promise<void> {
    const change = this.db.transaction('passages', 'readwrite');
    for await (const cursor of change.store.index('at').iterate(IDBKeyRange.upperBound(now - PROOFS_KEPT))) await cursor.delete();
    await change.done;
  }

  /** Age in seconds; Infinity when there is none. A trust list past its own next update counts from when it was issued. */
  trustAge(): number {
    if (this.trust === null) return Infinity;
    const now = this.clock.now();
    return ageOf(now > this.trust.nextUpdate * 1000 ? this.trust.issuedAt * 1000 : this.trustCheckedAt, now);
  }

  listAge(): number {
    return this.list === null ? Infinity : ageOf(this.list.checkedAt, this.clock.now());
  }

  freshness(age: number): Freshness {
    const amber = (this.config?.amberAfterMinutes ?? 60) * 60;
    const red = (this.config?.redAfterHours ?? 24) * 3600;
    return age > red ? 'bad' : age > amber ? 'old' : 'good';
  }

  /** Ready to check codes: paired, with a configuration and a trust list. */
  get ready(): boolean {
    return this.config !== null && this.trust !== null;
  }

  /** Everything a check depends on, now. Only when `ready`. */
  context(idCheck: boolean): GateContext {
    const { config, trust, list } = this;
    if (config === null || trust === null) throw new Error('the gate is not paired');
    return {
      now: Math.floor(this.clock.now() / 1000),
      compound: config.compound,
      bit: config.bit,
      level: config.level,
      trust,
      revocations: list === null ? [] : [list],
      nonces: this.nonces.accepted(this.clock.now(), config.number),
      memory: this.memory,
      direction: this.direction,
      idCheck,
      listsGoodFor: config.redAfterHours * 3600,
      listAge: Math.max(this.trustAge(), this.listAge()),
      clockDoubt: this.clock.doubt(),
    };
  }
}

const ageOf = (then: number, now: number): number => Math.max(0, Math.floor((now - then) / 1000));
