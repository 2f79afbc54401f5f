import { fromHex, hex, same, sha256, type Bytes } from './bytes';
import { Malformed, StrictCbor } from './cbor';
import { readSign1, type Sign1 } from './cose';
import { holds } from './keys';
import { covers, KEY_REVOKED, USE, type TrustList } from './trust';

export const REVOKED = 1;
export const SUSPENDED = 2;
export const REPLACED = 3;

/** A partition of the revocation lists (吊销名单) as a gate holds it. Never changed: applying an envelope makes a new one. */
export interface RevocationList {
  /** Path of the community. */
  partition: string;
  /** Number of the last envelope applied; 0: none yet. */
  seq: number;
  issuedAt: number;
  /** State by pass id (hex). */
  entries: Map<string, number>;
}

export type ListOutcome = 'applied' | 'old' | 'gap' | 'refused';

export const emptyList = (partition: string): RevocationList => ({ partition, seq: 0, issuedAt: 0, entries: new Map() });

/**
 * Applies a signed envelope as a whole or not at all. `gap`: it builds on a state that is not held, ask for the complete list. `refused`: malformed,
 * another partition, a signature that is not a list key's, or a state that does not come out right.
 */
export async function applyList(held: RevocationList, envelope: Bytes, trust: TrustList): Promise<{ outcome: ListOutcome; list: RevocationList }> {
  const stay = (outcome: ListOutcome) => ({ outcome, list: held });
  try {
    const message = readSign1(envelope, true);
    if (!(await signed(message, trust, held.partition))) return stay('refused');
    const change = readChange(message.payload);
    if (change.partition !== held.partition) return stay('refused');
    if (change.seq <= held.seq) return stay('old');
    if (change.from !== 0 && change.from !== held.seq) return stay('gap');
    const entries = change.from === 0 ? new Map<string, number>() : new Map(held.entries);
    for (const [cti, state] of change.added) entries.set(cti, state);
    for (const cti of change.removed) entries.delete(cti);
    if (!same(change.hash, await stateHash(entries))) return stay('refused');
    return { outcome: 'applied', list: { partition: held.partition, seq: change.seq, issuedAt: change.issuedAt, entries } };
  } catch (e) {
    if (e instanceof Malformed) return stay('refused');
    throw e;
  }
}

async function signed(message: Sign1, trust: TrustList, partition: string): Promise<boolean> {
  for (const key of trust.keys.get(hex(message.kid)) ?? [])
    if ((key.uses & USE.List) !== 0 && key.state !== KEY_REVOKED && covers(key, partition) && (await holds(message, key.key))) return true;
  return false;
}

function readChange(payload: Bytes) {
  const r = new StrictCbor(payload);
  if (r.map() !== 8) throw new Malformed();
  r.label(1);
  const partition = r.text(120);
  r.label(2);
  const seq = r.int();
  r.label(3);
  const from = r.int();
  r.label(4);
  const issuedAt = r.int();
  r.label(5);
  r.int(); // when the next one is due: the age shown says more
  r.label(6);
  const added = Array.from({ length: r.array() }, () => readEntry(r));
  r.label(7);
  const removed = Array.from({ length: r.array() }, () => hex(r.bytes(8)));
  r.label(8);
  const hash = r.bytes();
  r.end();
  return { partition, seq, from, issuedAt, added, removed, hash };
}

function readEntry(r: StrictCbor): [string, number] {
  if (r.array() !== 2) throw new Malformed();
  const cti = hex(r.bytes(8));
  const state = r.int();
  if (state < REVOKED || state > REPLACED) throw new Malformed();
  return [cti, state];
}

/** SHA-256 over all entries in order of id, each id ‖ state byte. */
export async function stateHash(entries: Map<string, number>): Promise<Bytes> {
  const bytes = new Uint8Array(entries.size * 9);
  let at = 0;
  for (const cti of [...entries.keys()].sort()) {
    bytes.set(fromHex(cti), at);
    bytes[at + 8] = entries.get(cti)!;
    at += 9;
  }
  return sha256(bytes);
}
