import type { Place } from './app';
import { button, fill, h } from './dom';
import { age } from './format';
import { t } from './text';

/** What is wrong, under the header: the worst first, nothing when all is well. */
export function bands(place: Place, element: HTMLElement): void {
  const { station, sync } = place;
  const oldest = Math.max(station.trustAge(), station.listAge());
  const fresh = station.freshness(oldest);
  const said: [kind: 'bad' | 'old' | 'new', text: string][] = [];
  if (sync?.link === 'blocked') said.push(['bad', t('band.blocked')]);
  if (!station.ready) said.push(['bad', t('band.none')]);
  else if (fresh === 'bad') said.push(['bad', t('band.stale', age(oldest))]);
  if (station.clock.doubt()) said.push(['bad', t('band.clock')]);
  if (fresh === 'old') said.push(['old', t('band.old', age(oldest))]);
  if (place.updateWaits) said.push(['new', t('band.update')]);
  const key = JSON.stringify(said);
  if (element.dataset.said === key) return;
  element.dataset.said = key;
  fill(element, ...said.map(([kind, text]) =>
    h('p', { class: `band ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, h('span', {}, `${kind === 'bad' ? '✖' : kind === 'old' ? '!' : '↻'} ${text}`), kind === 'new' && button(t('band.update-go'), place.takeUpdate))));
}
