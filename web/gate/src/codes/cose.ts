import { concat, type Bytes } from './bytes';
import { Malformed, StrictCbor } from './cbor';

/** ECDSA on P-256 with SHA-256. */
export const ES256 = -7;
/** SM2 with SM3 (国密); COSE has no number for it, this one is for private use. */
export const SM2 = -65600;

/** The one shape of COSE_Sign1 that Liren writes: tag 18, protected header of algorithm and key id only, empty unprotected header. */
export interface Sign1 {
  header: Bytes;
  alg: number;
  /** Eight bytes; empty in live proofs. */
  kid: Bytes;
  payload: Bytes;
  /** r‖s, 64 bytes. */
  signature: Bytes;
}

/** Reads it; throws Malformed for any other shape. */
export function readSign1(data: Bytes, withKid: boolean): Sign1 {
  const reader = new StrictCbor(data);
  reader.tag(18);
  if (reader.array() !== 4) throw new Malformed();
  const header = reader.bytes();
  if (reader.map() !== 0) throw new Malformed();
  const payload = reader.bytes();
  const signature = reader.bytes(64);
  reader.end();
  const inner = new StrictCbor(header);
  if (inner.map() !== (withKid ? 2 : 1)) throw new Malformed();
  inner.label(1);
  const alg = inner.int();
  if (alg !== ES256 && alg !== SM2) throw new Malformed();
  let kid: Bytes = new Uint8Array();
  if (withKid) {
    inner.label(4);
    kid = inner.bytes(8);
  }
  inner.end();
  return { header, alg, kid, payload, signature };
}

/** The Sig_structure (RFC 9052 §4.4) that the signature covers. */
export const toBeSigned = (header: Bytes, payload: Bytes): Bytes =>
  concat(Uint8Array.of(0x84, 0x6a), new TextEncoder().encode('Signature1'), bstr(header), Uint8Array.of(0x40), bstr(payload));

/** Head of a CBOR item (RFC 8949 §3): its kind and a count or value below 2^32, in the shortest form. */
export function head(major: number, n: number): Bytes {
  const kind = major << 5;
  if (n < 24) return Uint8Array.of(kind | n);
  if (n < 0x100) return Uint8Array.of(kind | 24, n);
  if (n < 0x1_0000) return Uint8Array.of(kind | 25, n >> 8, n & 0xff);
  return Uint8Array.of(kind | 26, (n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff);
}

/** A byte string. */
export const bstr = (bytes: Uint8Array): Bytes => concat(head(2, bytes.length), bytes);
