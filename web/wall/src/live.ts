import type { Delta, Snapshot } from './state';

/** Somebody who wants to know. */
export interface Listener {
  snapshot(snapshot: Snapshot): void;
  delta(delta: Delta): void;
  /** Nothing has changed up to this instant. */
  beat(at: number): void;
  /** True: figures are live. False: they are of the last frame. */
  connected(yes: boolean): void;
  /** 401 or 403: no trying will help. */
  refused(status: number): void;
}

const silence = 15_000;
const longestPause = 10_000;

/**
 * The stream of one wall, kept up for months: goes on after the last frame it had, notices silence, and comes back by itself after a restart of the
 * server or a cut line.
 */
export class Live {
  private source?: EventSource;
  private last?: string;
  private heard = 0;
  private pause = 1000;
  private timer?: number;
  private readonly watch: number;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly listener: Listener,
  ) {
    this.watch = window.setInterval(() => {
      if (this.source && Date.now() - this.heard > silence) this.again();
    }, 2000);
    this.open();
  }

  close() {
    this.closed = true;
    window.clearInterval(this.watch);
    window.clearTimeout(this.timer);
    this.source?.close();
  }

  private open() {
    const after = this.last ? `?after=${encodeURIComponent(this.last)}` : '';
    const source = new EventSource(`/api/wall/${this.path}/live${after}`);
    this.source = source;
    this.heard = Date.now();
    const on = (type: string, take: (data: any) => void) =>
      source.addEventListener(type, (e) => {
        this.heard = Date.now();
        this.pause = 1000;
        if (e.lastEventId) this.last = e.lastEventId;
        this.listener.connected(true);
        take(JSON.parse(e.data));
      });
    on('snapshot', (data: Snapshot) => this.listener.snapshot(data));
    on('delta', (data: Delta) => this.listener.delta(data));
    on('beat', (data: { at: string }) => this.listener.beat(Date.parse(data.at)));
    // The browser tries again by itself while the stream is only cut; after a refusal it gives up, and so must not we.
    source.onerror = () => {
      this.listener.connected(false);
      if (source.readyState === EventSource.CLOSED) this.again();
    };
  }

  private again() {
    this.source?.close();
    this.source = undefined;
    this.listener.connected(false);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), this.pause * (0.7 + 0.6 * Math.random()));
    this.pause = Math.min(longestPause, this.pause * 2);
  }

  private async ask() {
    if (this.closed) return;
    try {
      const answer = await fetch(`/api/wall/${this.path}`, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) this.listener.refused(answer.status);
      if (answer.ok) this.open();
      else this.again();
    } catch {
      this.again();
    }
  }
}
