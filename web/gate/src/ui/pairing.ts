import { fromBase64, hex, sha256 } from '../codes/bytes';
import { Camera } from '../scan/camera';
import type { Pairing } from '../store/model';
import { Api, NotPaired, Refused } from '../sync/api';
import type { Place, Screen } from './app';
import { button, fill, h } from './dom';
import { groups } from './format';
import { currentLanguage, setLanguage, t, type TextKey } from './text';

const CODE_LENGTH = 8;

/** What a pairing address says: the one-time code, and the fingerprint of the root that the console knows. */
interface Invitation {
  code: string;
  root: string | null;
}

function readInvitation(hash: string): Invitation | null {
  const values = new URLSearchParams(hash.replace(/^#/, ''));
  const code = values.get('pair');
  return code === null ? null : { code: tidy(code), root: values.get('root')?.replace(/[^0-9a-fA-F]/g, '').toLowerCase() || null };
}

const tidy = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Binds this device to a gate: by the console's QR code, by its address, or by typing the code. */
export function pairingScreen(place: Place): Screen {
  const element = h('main', { class: 'page' });
  let invitation = readInvitation(location.hash);
  if (invitation !== null) history.replaceState(null, '', location.pathname);
  let camera: Camera | null = null;
  const stopCamera = (): void => (camera?.stop(), (camera = null), undefined);

  const form = (problem: TextKey | null = null): void => {
    const code = h('input', { id: 'code', class: 'code', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, value: invitation?.code ?? '' });
    const name = h('input', { id: 'name', maxlength: 40, autocomplete: 'off', value: t('pair.name-default') });
    const submit = (event: Event): void => {
      event.preventDefault();
      const typed = tidy(code.value);
      if (typed.length !== CODE_LENGTH) return form('pair.short-code');
      if (typed !== invitation?.code) invitation = { code: typed, root: null };
      void pair(name.value.trim() || t('pair.name-default'));
    };
    fill(
      element,
      h('div', { class: 'title' }, h('h1', {}, t('pair.title')), languageButton(() => form())),
      h('p', {}, t('pair.help')),
      problem !== null && h('p', { class: 'problem', role: 'alert' }, '✖ ', t(problem)),
      button(t('pair.scan'), () => void scan(), 'primary'),
      h('form', { onsubmit: submit as (e: never) => void },
        h('label', { for: 'code' }, t('pair.code')), code,
        h('label', { for: 'name' }, t('pair.name')), name,
        h('p', { class: 'quiet' }, `${t('pair.server')} ${location.host}`),
        h('button', { class: invitation === null ? '' : 'primary' }, t('pair.go'))),
    );
  };

  const scan = async (): Promise<void> => {
    const video = h('video', { playsinline: true, muted: true, 'aria-label': t('camera.picture') });
    const note = h('p', { role: 'status' }, t('pair.scan-help'));
    fill(element, h('h1', {}, t('pair.scan')), h('div', { class: 'pair-camera' }, video, h('div', { class: 'frame' })), note, button(t('cancel'), () => (stopCamera(), form())));
    camera = new Camera(video, (text) => {
      const found = URL.canParse(text) ? new URL(text) : null;
      const read = found === null ? null : readInvitation(found.hash);
      if (found === null || read === null) return void (note.textContent = t('pair.not-a-code'));
      stopCamera();
      if (found.origin === location.origin) return ((invitation = read), form());
      note.textContent = t('pair.other-server', found.host);
      location.assign(found.href);
    });
    const fault = await camera.start();
    if (fault !== null) note.textContent = t(`camera.${fault}`);
  };

  const pair = async (name: string): Promise<void> => {
    fill(element, h('h1', {}, t('pair.title')), h('p', { role: 'status' }, t('pair.working')));
    try {
      const made = await Api.pair(invitation!.code, name);
      const fingerprint = hex(await sha256(fromBase64(made.root)));
      if (invitation!.root === null) compare(made, fingerprint);
      else if (invitation!.root === fingerprint) await accept({ ...made, rootFingerprint: fingerprint });
      else form('pair.wrong-root');
    } catch (e) {
      form(e instanceof Refused && e.status === 429 ? 'pair.slow' : e instanceof Refused || e instanceof NotPaired ? 'pair.wrong-code' : 'pair.no-server');
    }
  };

  const compare = (made: Pairing, fingerprint: string): void => {
    fill(
      element,
      h('h1', {}, t('pair.compare')), h('p', {}, t('pair.compare-help')), h('p', { class: 'fingerprint' }, groups(fingerprint)),
      button(t('pair.compare-yes'), () => void accept({ ...made, rootFingerprint: fingerprint }), 'primary'),
      button(t('pair.compare-no'), () => ((invitation = null), form('pair.wrong-root'))),
    );
  };

  const accept = async (made: Pairing): Promise<void> => {
    fill(element, h('h1', {}, t('pair.title')), h('p', { role: 'status' }, t('pair.first')));
    await place.station.pair(made);
    await place.connect().refresh();
    place.next();
  };

  form();
  return { element, leave: stopCamera };
}

/** Switches between Chinese and English. */
export const languageButton = (redraw: () => void): HTMLButtonElement =>
  button(t('language'), () => (setLanguage(currentLanguage() === 'zh' ? 'en' : 'zh'), redraw()), 'small');
