import { renderSVG } from 'uqr';
import { LEVEL } from '../codes/verdict';
import type { Place } from './app';
import { h } from './dom';
import { t } from './text';

/** At the third level the gate shows its nonce, for phones to put into their proof; a new one every 30 seconds. */
export function nonceCode({ station }: Place, element: HTMLElement): void {
  const { config } = station;
  element.hidden = config?.level !== LEVEL.Nonce;
  if (config === null || element.hidden) return;
  const text = station.nonces.shown(station.clock.now(), config.number);
  if (element.dataset.text === text) return;
  element.dataset.text = text;
  const picture = new DOMParser().parseFromString(renderSVG(text, { ecc: 'M', border: 3 }), 'image/svg+xml').documentElement;
  element.replaceChildren(picture, h('p', {}, t('nonce.title')));
}
