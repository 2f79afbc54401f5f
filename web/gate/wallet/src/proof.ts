import * as base45 from '../../src/codes/base45';
import { concat, fromHex, hex, type Bytes } from '../../src/codes/bytes';
import { bstr, head, toBeSigned } from '../../src/codes/cose';
import { NONCE_LENGTH, NONCE_PREFIX, PASS_PREFIX, PROOF_PREFIX } from '../../src/codes/tokens';

/** Protected header of a live proof: algorithm ES256 only, {1: -7}. */
const HEADER: Bytes = Uint8Array.of(0xa1, 0x01, 0x26);
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

/** The phone's key: the private half cannot leave the browser. */
export interface PhoneKey {
  pair: CryptoKeyPair;
  /** x‖y as hex, what a pass is bound to. */
  point: string;
}

export async function makeKey(): Promise<PhoneKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { pair, point: hex(raw.subarray(1)) };
}

/** A live proof (LP1) around a pass: good at a gate for half a minute. */
export async function prove(code: string, key: PhoneKey, at: number, nonce: string | null): Promise<string> {
  const pass = base45.decode(code.slice(PASS_PREFIX.length));
  if (!code.startsWith(PASS_PREFIX) || pass === null) throw new RangeError('not a pass');
  const parts = [bstr(pass), head(0, at), ...(nonce === null ? [] : [bstr(fromHex(nonce))])];
  const payload = concat(Uint8Array.of(0x80 | parts.length), ...parts);
  const signature = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.pair.privateKey, toBeSigned(HEADER, payload)));
  return PROOF_PREFIX + base45.encode(concat(Uint8Array.of(0xd2, 0x84), bstr(HEADER), Uint8Array.of(0xa0), bstr(payload), bstr(signature)));
}

/** The nonce a gate's screen shows, as hex; null when the text is something else. */
export function readNonce(text: string): string | null {
  if (!text.startsWith(NONCE_PREFIX)) return null;
  const bytes = base45.decode(text.slice(NONCE_PREFIX.length));
  return bytes?.length === NONCE_LENGTH ? hex(bytes) : null;
}
