import { hex, same, type Bytes } from './bytes';
import { Malformed, StrictCbor } from './cbor';
import { readSign1 } from './cose';
import { fromSpki, holds, type VerifyingKey } from './keys';

export const USE = { Pass: 1, List: 2, Pickup: 4 } as const;
export const KEY_REVOKED = 2;
const MOST_KEYS = 10_000;

/** A key in the trust list. Times are Unix seconds, the last one inclusive. */
export interface TrustedKey {
  key: VerifyingKey;
  scopes: string[];
  uses: number;
  notBefore: number;
  notAfter: number;
  state: number;
}

/** Whose signatures count (信任列表), signed by the root. */
export interface TrustList {
  seq: number;
  issuedAt: number;
  nextUpdate: number;
  /** Keys by id (hex); several when ids collide. */
  keys: Map<string, TrustedKey[]>;
}

/** The place lies at or below the scope; "" is everywhere. */
export const isWithin = (path: string, scope: string): boolean =>
  scope === '' || path === scope || path.startsWith(scope + '.');

export const covers = (key: TrustedKey, place: string): boolean => key.scopes.some((scope) => isWithin(place, scope));

/** Reads a signed list; null when it is malformed or not the root's. The caller refuses one with a lower seq than it has. */
export async function openTrust(envelope: Bytes, root: VerifyingKey): Promise<TrustList | null> {
  try {
    const message = readSign1(envelope, true);
    if (!same(message.kid, root.kid) || !(await holds(message, root))) return null;
    return await readTrust(message.payload);
  } catch (e) {
    if (e instanceof Malformed) return null;
    throw e;
  }
}

async function readTrust(payload: Bytes): Promise<TrustList> {
  const r = new StrictCbor(payload);
  if (r.map() !== 4) throw new Malformed();
  r.label(1);
  const seq = r.int();
  r.label(2);
  const issuedAt = r.int();
  r.label(3);
  const nextUpdate = r.int();
  r.label(4);
  const count = r.array();
  if (count > MOST_KEYS) throw new Malformed();
  const keys = new Map<string, TrustedKey[]>();
  for (let i = 0; i < count; i++) {
    const { kid, entry } = await readKey(r);
    // A key of a kind that this reader does not know signs nothing it could check: left out.
    if (entry !== null) keys.set(kid, [...(keys.get(kid) ?? []), entry]);
  }
  r.end();
  return { seq, issuedAt, nextUpdate, keys };
}

async function readKey(r: StrictCbor): Promise<{ kid: string; entry: TrustedKey | null }> {
  if (r.map() !== 8) throw new Malformed();
  r.label(1);
  const kid = r.bytes();
  r.label(2);
  const alg = r.int();
  r.label(3);
  const spki = r.bytes();
  r.label(4);
  const scopes = Array.from({ length: r.array() }, () => r.text(120));
  r.label(5);
  const uses = r.int() & 7;
  r.label(6);
  const notBefore = r.int();
  r.label(7);
  const notAfter = r.int();
  r.label(8);
  const state = r.int();
  if (state < 0 || state > 2) throw new Malformed();
  const key = await fromSpki(spki.slice());
  const fits = key !== null && key.alg === alg && same(key.kid, kid);
  return { kid: hex(kid), entry: fits ? { key, scopes, uses, notBefore, notAfter, state } : null };
}
