import { fromBase64, same } from '../codes/bytes';
import type { Guard } from './model';

/** True when the PIN is the guard's; works without the server. Takes a moment on purpose: 100,000 rounds. */
export async function isPin(guard: Guard, pin: string): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(guard.salt), iterations: guard.iterations }, key, 256);
  return same(new Uint8Array(bits), fromBase64(guard.hash));
}

/** Slows guessing: five tries, then half a minute, doubling up to a quarter of an hour. */
export class PinBrake {
  private failed = 0;
  private until = 0;

  /** Seconds still to wait. @param now milliseconds */
  wait(now: number): number {
    return Math.max(0, Math.ceil((this.until - now) / 1000));
  }

  fail(now: number): void {
    this.failed++;
    if (this.failed >= 5) this.until = now + Math.min(15 * 60_000, 30_000 * 2 ** (this.failed - 5));
  }

  succeed(): void {
    this.failed = 0;
  }
}
