import { concat, fromHex, hex, same, sha256, type Bytes } from './bytes';
import { ES256, SM2, toBeSigned, type Sign1 } from './cose';

/** SubjectPublicKeyInfo of an uncompressed point up to the point's x. */
const P256_PREFIX = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');
const SM2_PREFIX = fromHex('3059301306072a8648ce3d020106082a811ccf5501822d03420004');

/** A public key that checks signatures; made once and kept, as making one costs more than a check. */
export interface VerifyingKey {
  alg: number;
  kid: Bytes;
  verify(data: Bytes, signature: Bytes): Promise<boolean>;
}

/** The key of a SubjectPublicKeyInfo (DER) on P-256 or sm2p256v1; null for anything else. */
export async function fromSpki(spki: Bytes): Promise<VerifyingKey | null> {
  const kid = (await sha256(spki)).subarray(0, 8);
  if (spki.length === 91 && same(spki.subarray(0, SM2_PREFIX.length), SM2_PREFIX)) return sm2Key(spki, kid);
  if (spki.length !== 91 || !same(spki.subarray(0, P256_PREFIX.length), P256_PREFIX)) return null;
  try {
    const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    return { alg: ES256, kid, verify: (data, signature) => crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, data) };
  } catch {
    return null; // the point is not on the curve
  }
}

async function sm2Key(spki: Bytes, kid: Bytes): Promise<VerifyingKey | null> {
  // Loaded only where a key of this kind is trusted.
  const { verifySm2, isPoint } = await import('./sm2');
  const point = hex(spki.subarray(26));
  if (!isPoint(point)) return null;
  return { alg: SM2, kid, verify: async (data, signature) => verifySm2(data, signature, point) };
}

/** Keys of phones, by their point: a resident passes more than once. */
const devices = new Map<string, Promise<VerifyingKey | null>>();
const MOST_DEVICES = 2000;

/** The P-256 key of a pass's cnf; null when it is not on the curve. */
export function fromPoint(x: Bytes, y: Bytes): Promise<VerifyingKey | null> {
  const name = hex(x) + hex(y);
  let key = devices.get(name);
  if (key === undefined) {
    if (devices.size >= MOST_DEVICES) devices.delete(devices.keys().next().value!);
    key = fromSpki(concat(P256_PREFIX, x, y));
    devices.set(name, key);
  }
  return key;
}

/** True when the message was signed by the key. */
export const holds = async (message: Sign1, key: VerifyingKey): Promise<boolean> =>
  key.alg === message.alg && (await key.verify(toBeSigned(message.header, message.payload), message.signature));
