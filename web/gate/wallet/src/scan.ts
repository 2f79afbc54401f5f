import { button, h } from '../../src/ui/dom';
import { readNonce } from './proof';
import { t } from './text';

/** Reads the code on a gate's screen with the camera; null when closed. The reader is large, so it comes only when it is wanted. */
export async function scanNonce(): Promise<string | null> {
  const { Camera } = await import('../../src/scan/camera');
  const { prepareReader } = await import('../../src/scan/reader');
  await prepareReader();
  const video = h('video', { playsinline: true, muted: true });
  const words = h('p', { role: 'status' }, t('scanning'));
  return new Promise((done) => {
    const close = (value: string | null): void => {
      camera.stop();
      dialog.remove();
      done(value);
    };
    const camera = new Camera(video, (text) => {
      const nonce = readNonce(text);
      if (nonce !== null) close(nonce);
    });
    const dialog = h('dialog', { class: 'scan' }, video, words, button(t('close'), () => close(null)));
    dialog.addEventListener('cancel', () => close(null));
    document.body.append(dialog);
    dialog.showModal();
    void camera.start().then((fault) => {
      if (fault !== null) words.textContent = t('no-camera');
    });
  });
}
