import { apply, take, type Delta, type Snapshot, type State } from './state';

/** A story as the server tells it. */
export interface Story {
  from: string;
  to: string;
  first: Snapshot;
  frames: Delta[];
}

export const speeds = [1, 10, 60, 120, 300, 600] as const;

/** Plays a story: its own clock, the same frames as a live wall. Pure but for the time it is given. */
export class Player {
  readonly from: number;
  readonly to: number;
  now: number;
  speed: number = 60;
  playing = false;
  state: State;
  private next = 0;

  constructor(private readonly story: Story) {
    this.from = Date.parse(story.from);
    this.to = Date.parse(story.to);
    this.now = this.from;
    this.state = take(story.first);
  }

  /** Lets real milliseconds pass; true when something is different on the wall. */
  pass(milliseconds: number): boolean {
    if (!this.playing) return false;
    this.now = Math.min(this.to, this.now + milliseconds * this.speed);
    if (this.now >= this.to) this.playing = false;
    return this.forward();
  }

  /** Jumps to an instant: forward by the frames between, backward from the beginning. */
  seek(at: number) {
    const wanted = Math.max(this.from, Math.min(this.to, at));
    if (wanted < this.now) {
      this.state = take(this.story.first);
      this.next = 0;
    }
    this.now = wanted;
    this.forward();
  }

  private forward(): boolean {
    const before = this.next;
    while (this.next < this.story.frames.length && Date.parse(this.story.frames[this.next].at) <= this.now) apply(this.state, this.story.frames[this.next++]);
    return this.next !== before;
  }
}
