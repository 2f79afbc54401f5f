import { el, mark, say } from './dom';
import { speeds, type Player } from './player';
import { text } from './texts';
import { clock, day } from './time';

/** The controls of a story: play, pause, speed, and a line of time to jump on. */
export class Bar {
  private readonly play = el('button', { type: 'button', class: 'play' });
  private readonly at = el('output', { class: 'at' });
  private readonly line = el('input', { type: 'range', class: 'line', step: '1' });
  private readonly speed = el('select', { class: 'speed' });
  private readonly end = el('span', { class: 'end' });
  private readonly back: HTMLAnchorElement;
  readonly root: HTMLElement;

  constructor(
    private readonly player: Player,
    path: string,
    changed: () => void,
  ) {
    this.line.min = '0';
    this.line.max = String(Math.round((player.to - player.from) / 1000));
    for (const s of speeds) this.speed.append(el('option', { value: String(s) }, `×${s}`));
    this.back = el('a', { href: `/wall/${path}`, class: 'back' });
    this.play.addEventListener('click', () => this.toggle());
    this.speed.addEventListener('change', () => (player.speed = Number(this.speed.value)));
    this.line.addEventListener('input', () => {
      player.seek(player.from + Number(this.line.value) * 1000);
      changed();
    });
    this.root = el('div', { class: 'bar' }, this.play, this.at, this.line, this.end, this.speed, this.back);
  }

  toggle() {
    if (!this.player.playing && this.player.now >= this.player.to) this.player.seek(this.player.from);
    this.player.playing = !this.player.playing;
    this.show();
  }

  show() {
    const p = this.player;
    say(this.play, p.playing ? `❚❚ ${text('pause')}` : `▶ ${text('play')}`);
    mark(this.line, 'aria-label', text('seek'));
    mark(this.line, 'aria-valuetext', clock(p.now));
    mark(this.speed, 'aria-label', text('speed'));
    if (document.activeElement !== this.line) this.line.value = String(Math.round((p.now - p.from) / 1000));
    if (this.speed.value !== String(p.speed)) this.speed.value = String(p.speed);
    say(this.at, `${day(p.now).slice(5)} ${clock(p.now)}`);
    say(this.end, clock(p.to));
    say(this.back, text('back-to-live'));
  }
}
