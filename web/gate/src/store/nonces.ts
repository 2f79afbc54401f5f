import { encode } from '../codes/base45';
import { fromHex, hex } from '../codes/bytes';
import { NONCE_PREFIX } from '../codes/tokens';

const LASTS = 30_000;

/** The gate's nonce: number of the gate and four random bytes, new every 30 seconds; the present and the one before are accepted. */
export class Nonces {
  private held: { nonce: string; at: number }[] = [];

  /** @param now Unix milliseconds @param gate number of the gate, 0–65535 */
  private renew(now: number, gate: number): void {
    const last = this.held[0];
    if (last !== undefined && now - last.at < LASTS && now >= last.at) return;
    const bytes = crypto.getRandomValues(new Uint8Array(6));
    bytes[0] = (gate >> 8) & 0xff;
    bytes[1] = gate & 0xff;
    this.held = [{ nonce: hex(bytes), at: now }, ...this.held.slice(0, 1).filter((h) => now - h.at < 2 * LASTS)];
  }

  accepted(now: number, gate: number): string[] {
    this.renew(now, gate);
    return this.held.map((h) => h.nonce);
  }

  /** The text of the QR code to show. */
  shown(now: number, gate: number): string {
    return NONCE_PREFIX + encode(fromHex(this.accepted(now, gate)[0]!));
  }
}
