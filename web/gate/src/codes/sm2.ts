import { sm2 } from 'sm-crypto-v2';
import { hex, type Bytes } from './bytes';

/** The identity of GM/T 0009 that goes into Z_A. */
const IDENTITY = '1234567812345678';

/** True when r‖s (64 bytes) is the signature with SM3 of the point (hex, with its leading 04) over the data. */
export function verifySm2(data: Bytes, signature: Bytes, point: string): boolean {
  if (signature.length !== 64 || !inRange(signature.subarray(0, 32)) || !inRange(signature.subarray(32))) return false;
  try {
    return sm2.doVerifySignature(data, hex(signature), point, { hash: true, der: false, userId: IDENTITY });
  } catch {
    return false; // r or s out of range
  }
}

export function isPoint(point: string): boolean {
  try {
    return sm2.verifyPublicKey(point);
  } catch {
    return false;
  }
}

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** r and s lie in [1, n-1]: the library does not look. */
function inRange(half: Uint8Array): boolean {
  const value = BigInt('0x' + hex(half));
  return value > 0n && value < ORDER;
}
