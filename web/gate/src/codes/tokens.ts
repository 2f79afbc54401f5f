import { hex, type Bytes } from './bytes';
import { KeyOrder, Malformed, StrictCbor } from './cbor';
import { FORM, type Claims } from './verdict';

export const PASS_PREFIX = 'LR1:';
export const PROOF_PREFIX = 'LP1:';
export const NONCE_PREFIX = 'LN1:';
export const NONCE_LENGTH = 6;
/** Longest text that is looked at, in characters. */
export const MOST_CHARACTERS = 1200;

const OWN_MAP = -65537;
const MOST_MEMBERS = 8;
const LAST_SECOND = 253_402_300_799; // the end of the year 9999

/** Reads signed claims; throws Malformed when one is missing, unknown, out of range or of the wrong kind. */
export function readClaims(payload: Bytes): Claims {
  const r = new StrictCbor(payload);
  const order = new KeyOrder();
  let issuer = '', cti = '', expires = -1, issuedAt = -1;
  let notBefore: number | null = null;
  let device: Claims['device'] = null;
  let own: Own | null = null;
  for (let pairs = r.map(); pairs > 0; pairs--) {
    switch (r.key(order)) {
      case 1: issuer = nonEmpty(r.text(120)); break;
      case 4: expires = time(r); break;
      case 5: notBefore = time(r); break;
      case 6: issuedAt = time(r); break;
      case 7: cti = hex(r.bytes(8)); break;
      case 8: device = readDevice(r); break;
      case OWN_MAP: own = readOwn(r); break;
      default: throw new Malformed();
    }
  }
  r.end();
  if (issuer === '' || cti === '' || expires < 0 || issuedAt < 0 || own === null) throw new Malformed();
  // A phone's pass without the phone's key, or a key in a pass that is no phone's, contradicts itself.
  if ((own.form === FORM.Phone) !== (device !== null)) throw new Malformed();
  return { ...own, issuer, expires, notBefore, issuedAt, cti, device };
}

type Own = Omit<Claims, 'issuer' | 'expires' | 'notBefore' | 'issuedAt' | 'cti' | 'device'>;

function readOwn(r: StrictCbor): Own {
  const order = new KeyOrder();
  const own: Own = { compound: '', unit: null, name: '', kind: 0, gates: 0n, idTail: null, form: 0, hours: null, mostUses: null, plate: null, members: [], hostUnit: null };
  for (let pairs = r.map(); pairs > 0; pairs--) {
    switch (r.key(order)) {
      case 1: own.compound = nonEmpty(r.text(120)); break;
      case 2: own.unit = r.text(60); break;
      case 3: own.name = nonEmpty(r.text(60)); break;
      case 4: own.kind = within(r.int(), 1, 7); break;
      case 5: own.gates = r.bigInt(); if (own.gates < 0n) throw new Malformed(); break;
      case 6: own.idTail = r.text(8); break;
      case 7: own.form = within(r.int(), 1, 3); break;
      case 8: own.hours = readHours(r); break;
      case 9: own.mostUses = within(r.int(), 1, 10_000); break;
      case 10: own.plate = r.text(24); break;
      case 11: own.members = readMembers(r); break;
      case 12: own.hostUnit = r.text(60); break;
      default: r.skip();
    }
  }
  if (own.compound === '' || own.name === '' || own.kind === 0 || own.form === 0) throw new Malformed();
  return own;
}

function readHours(r: StrictCbor): Claims['hours'] {
  if (r.array() !== 2) throw new Malformed();
  const hours = { from: within(r.int(), 0, 1439), to: within(r.int(), 1, 1440) };
  if (hours.from === hours.to) throw new Malformed();
  return hours;
}

function readMembers(r: StrictCbor): Claims['members'] {
  const members: Claims['members'] = [];
  for (let count = within(r.array(), 1, MOST_MEMBERS); count > 0; count--) {
    if (r.array() !== 2) throw new Malformed();
    members.push({ cti: hex(r.bytes(8)), name: r.text(60) });
  }
  return members;
}

function readDevice(r: StrictCbor): Claims['device'] {
  if (r.map() !== 1) throw new Malformed();
  r.label(1);
  if (r.map() !== 4) throw new Malformed();
  for (const [label, wanted] of [[1, 2], [-1, 1]] as const) {
    r.label(label);
    if (r.int() !== wanted) throw new Malformed();
  }
  r.label(-2);
  const x = r.bytes(32);
  r.label(-3);
  return { x, y: r.bytes(32) };
}

/** The signed content of a live proof: bytes of the pass, time, nonce (null when none). */
export function readProof(payload: Bytes): { pass: Bytes; at: number; nonce: string | null } {
  const r = new StrictCbor(payload);
  const parts = within(r.array(), 2, 3);
  const pass = r.bytes();
  const at = time(r);
  const nonce = parts === 3 ? hex(r.bytes(NONCE_LENGTH)) : null;
  r.end();
  return { pass, at, nonce };
}

const time = (r: StrictCbor): number => within(r.int(), 0, LAST_SECOND);

function within(value: number, least: number, most: number): number {
  if (value < least || value > most) throw new Malformed();
  return value;
}

function nonEmpty(text: string): string {
  if (text === '') throw new Malformed();
  return text;
}
