import { read, write } from '../store/db';
import type { Station } from '../store/station';
import { Api, NotPaired, Refused } from './api';
import { listen, type LiveEvent } from './live';

/** How the gate stands with the server. `blocked`: the server does not know this device any more. */
export type Link = 'online' | 'offline' | 'blocked';

const RETRY = 5_000;
const LOOK_AGAIN = 60_000;

/** Keeps the gate and the server alike: by events while there is a connection, by asking every minute, by trying again every five seconds while there is none. */
export class Sync {
  link: Link = 'offline';
  private readonly api: Api;
  private readonly stopped = new AbortController();
  private lookedAt = -Infinity;
  private pulling: Promise<void> | null = null;

  /** @param changed told whenever something that is shown may have changed */
  constructor(
    private readonly station: Station,
    private readonly changed: () => void,
  ) {
    this.api = new Api(station.pairing!.deviceKey);
  }

  start(): void {
    void this.beat();
    void this.listenAlways();
  }

  stop(): void {
    this.stopped.abort();
  }

  /** Uploads now, without waiting for the beat; a failure is for the next beat. */
  nudge(): void {
    void this.attempt(() => this.push());
  }

  /** Asks for everything now; true when the server answered. */
  refresh(): Promise<boolean> {
    return this.attempt(() => this.pull());
  }

  // navigator.onLine was seen true without a network and no event came: only answers count.
  private async beat(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.attempt(async () => {
        await this.push();
        if (this.link !== 'online' || Date.now() - this.lookedAt >= LOOK_AGAIN) await this.pull();
      });
      await this.station.keepClock();
      this.changed();
      await pause(RETRY, this.stopped.signal);
    }
  }

  private async attempt(work: () => Promise<void>): Promise<boolean> {
    if (this.stopped.signal.aborted) return false;
    try {
      await work();
      return true;
    } catch (e) {
      this.link = e instanceof NotPaired ? 'blocked' : e instanceof Refused ? 'online' : 'offline';
      return false;
    } finally {
      this.changed();
    }
  }

  private async push(): Promise<void> {
    await this.station.queue.upload((entries) => this.api.events(entries));
    const { db } = this.station;
    for (const handOver of await db.getAll('shifts')) {
      await this.api.shift(handOver);
      await db.delete('shifts', handOver.id);
    }
  }

  private pull(): Promise<void> {
    this.pulling ??= this.pullAll().finally(() => (this.pulling = null));
    return this.pulling;
  }

  private async pullAll(): Promise<void> {
    await this.pullConfig();
    this.link = 'online';
    await this.pullTrust();
    await this.pullList();
    await this.pullDirectory();
    this.lookedAt = Date.now();
  }

  private async pullConfig(): Promise<void> {
    const { station } = this;
    // Without an ETag: every answer also sets the clock.
    const { value, sent, received } = await this.api.config(null);
    if (value === null) return;
    station.clock.measure(value.serverTime, sent, received);
    await station.setConfig(value);
  }

  private async pullTrust(): Promise<void> {
    const { value, etag } = await this.api.trust(await this.etag('trust'));
    if (value === null) await this.station.confirmTrust();
    else if (await this.station.takeTrust(value)) await write(this.station.db, 'etag trust', etag);
  }

  private async pullList(): Promise<void> {
    const { station } = this;
    const partition = station.config!.community;
    const { value } = await this.api.revocations(partition, station.listSeq);
    if (value === null) return station.confirmList();
    if ((await station.takeList(value)) !== 'gap') return;
    const whole = await this.api.revocations(partition, 0);
    if (whole.value !== null) await station.takeList(whole.value);
  }

  private async pullDirectory(): Promise<void> {
    const { value, etag } = await this.api.directory(await this.etag('directory'));
    if (value === null) return;
    const change = this.station.db.transaction('directory', 'readwrite');
    await change.store.clear();
    for (const row of value) void change.store.put(row);
    await change.done;
    await write(this.station.db, 'etag directory', etag);
  }

  private async etag(of: string): Promise<string | null> {
    return (await read<string | null>(this.station.db, `etag ${of}`)) ?? null;
  }

  private async listenAlways(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await listen(this.api, this.stopped.signal, (event) => this.hear(event)).catch(() => undefined);
      await pause(RETRY, this.stopped.signal);
    }
  }

  private hear(event: LiveEvent): void {
    const { station } = this;
    if (event.type === 'trust') void this.attempt(() => this.pullTrust());
    else if (event.type === 'revocations') void this.attempt(() => this.pullList());
    else if (event.type === 'config') void this.attempt(() => this.pull());
    else if (event.type === 'seen' && event.gate !== station.config?.number)
      void station.note({ cti: event.cti, direction: event.direction, proofAt: event.t ?? 0, nonce: event.nonce, at: event.at });
  }
}

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
