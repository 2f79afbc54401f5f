import { Station } from '../store/station';
import { Sync } from '../sync/sync';
import { prepareReader } from '../scan/reader';
import { h } from './dom';
import { gateScreen } from './gate';
import { pairingScreen } from './pairing';
import { signInScreen } from './signin';
import { t } from './text';
import { takeUpdate, watchForUpdates } from './update';

/** A screen that is shown: `update` is called when something may have changed and every second, `leave` once before the next one. */
export interface Screen {
  element: HTMLElement;
  update?: () => void;
  leave?: () => void;
}

/** What every screen may use. */
export interface Place {
  station: Station;
  sync: Sync | null;
  /** A new version waits. */
  updateWaits: boolean;
  /** Shows the screen that is due: pairing, sign-in or the gate. */
  next: () => void;
  /** Starts the exchange with the server, after pairing. */
  connect: () => Sync;
  /** Stops it, after unpairing. */
  disconnect: () => void;
  takeUpdate: () => void;
}

/** Which screen is shown, and what lives longer than one. */
export class App implements Place {
  station!: Station;
  sync: Sync | null = null;
  updateWaits = false;
  private screen: Screen | null = null;

  constructor(private readonly root: HTMLElement) {}

  async start(): Promise<void> {
    document.title = t('app.title');
    if (!window.isSecureContext) return this.show(insecureScreen());
    this.station = await Station.load();
    // Without it the browser may throw the queue away when the device is full.
    void navigator.storage?.persist?.();
    void prepareReader();
    void watchForUpdates(() => {
      this.updateWaits = true;
      this.screen?.update?.();
    });
    if (this.station.pairing !== null) this.connect();
    setInterval(() => this.screen?.update?.(), 1000);
    window.addEventListener('hashchange', () => location.hash.includes('pair=') && this.next());
    this.next();
  }

  next = (): void => {
    const { station } = this;
    if (station.pairing === null) this.show(pairingScreen(this));
    else if (station.shift === null) this.show(signInScreen(this));
    else this.show(gateScreen(this));
  };

  connect = (): Sync => {
    this.sync = new Sync(this.station, () => this.screen?.update?.());
    this.sync.start();
    return this.sync;
  };

  disconnect = (): void => {
    this.sync?.stop();
    this.sync = null;
  };

  takeUpdate = (): void => void takeUpdate();

  private show(screen: Screen): void {
    this.screen?.leave?.();
    this.screen = screen;
    this.root.replaceChildren(screen.element);
    screen.update?.();
  }
}

const insecureScreen = (): Screen => ({
  element: h('main', { class: 'page' }, h('h1', {}, t('insecure.title')), h('p', {}, t('insecure.text')), h('p', { class: 'code' }, location.origin)),
});
