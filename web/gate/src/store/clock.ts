/** How wrong a clock may be before times are not trusted, milliseconds. */
export const DOUBT_ABOVE = 2 * 60_000;

/** What is kept of the clock over a reload. */
export interface ClockState {
  /** Milliseconds to add to the device's clock to have the server's; null: never measured. */
  offset: number | null;
  /** Latest device time seen, Unix milliseconds: an earlier one means that the clock was set back. */
  latest: number;
}

/** The gate's best idea of the server's time. */
export class Clock {
  constructor(
    private state: ClockState = { offset: null, latest: 0 },
    private readonly device: () => number = Date.now,
  ) {}

  /** Server's time, Unix milliseconds. */
  now(): number {
    return this.device() + (this.state.offset ?? 0);
  }

  deviceNow(): number {
    return this.device();
  }

  get offset(): number {
    return this.state.offset ?? 0;
  }

  /** Takes the server's time from an answer. @param server Unix milliseconds @param sent,received device times around the request */
  measure(server: number, sent: number, received: number): void {
    this.state = { offset: Math.round(server - (sent + received) / 2), latest: received };
  }

  /** Times cannot be trusted: never measured, more than two minutes off, or set back since. */
  doubt(): boolean {
    const { offset, latest } = this.state;
    return offset === null || Math.abs(offset) > DOUBT_ABOVE || this.device() < latest - DOUBT_ABOVE;
  }

  /** Remembers the latest time seen; what to keep. */
  tick(): ClockState {
    this.state = { ...this.state, latest: Math.max(this.state.latest, this.device()) };
    return this.state;
  }
}
