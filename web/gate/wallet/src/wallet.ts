import { makeKey } from './proof';
import { bind, fetchOwn, Refused, type OwnPass } from './server';
import type { Held, State, Store } from './store';

/** What the phone knows and what the server said: no screen in here. */
export class Wallet {
  /** Good passes that are not on this phone: nobody's yet, or another phone's. */
  elsewhere: OwnPass[] = [];
  /** Why the last question to the server had no answer; null when it had. */
  trouble: Refused | null = null;

  private constructor(
    private readonly store: Store,
    readonly state: State,
  ) {}

  static async open(store: Store): Promise<Wallet> {
    return new Wallet(store, await store.load());
  }

  /** The server's time as well as the phone knows it, Unix milliseconds. */
  now(): number {
    return Date.now() + this.state.offset;
  }

  /** Asks the server: new codes come, ended passes go, stopped ones show so. What lies here stays when there is no answer. */
  async refresh(): Promise<void> {
    try {
      const own = await fetchOwn();
      this.state.offset = own.serverTime - Date.now();
      const point = this.state.key?.point ?? '';
      const phone = own.passes.filter((p) => p.form === 'Phone' && (p.state === 'Active' || p.state === 'Suspended'));
      const mine = phone.filter((p) => p.key !== null && p.key === point);
      const held: Held[] = [];
      for (const pass of mine) {
        const before = this.state.held.find((h) => h.id === pass.id);
        const suspended = pass.state === 'Suspended';
        const code = before?.code ?? (suspended ? '' : (await bind(pass.id, point)).code);
        held.push({ id: pass.id, code, name: pass.name, unit: pass.unit, compound: own.compound, own: pass.own, until: Date.parse(pass.until), suspended });
      }
      this.state.held = held;
      this.elsewhere = phone.filter((p) => p.state === 'Active' && p.key !== point);
      this.trouble = null;
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      this.trouble = e;
    }
    await this.store.save(this.state);
  }

  /** Puts a pass on this phone. The key is made first and kept, so that a broken connection leaves nothing bound to a lost key. */
  async take(pass: OwnPass): Promise<void> {
    if (this.state.key === null) {
      this.state.key = await makeKey();
      await this.store.save(this.state);
    }
    try {
      await bind(pass.id, this.state.key.point);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      this.trouble = e;
      return;
    }
    await this.refresh();
  }
}
