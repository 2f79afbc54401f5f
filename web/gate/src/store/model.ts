import type { Direction, Reason, Verdict } from '../codes/verdict';

/** What binds this device to a gate. */
export interface Pairing {
  deviceKey: string;
  gateId: string;
  /** The root's SubjectPublicKeyInfo, base64; whose trust lists count. */
  root: string;
  rootFingerprint: string;
}

export interface Guard {
  id: string;
  name: string;
  /** base64 */
  salt: string;
  /** base64, 32 bytes of PBKDF2-HMAC-SHA-256 */
  hash: string;
  iterations: number;
}

/** `GET /api/passes/gates/me` */
export interface Config {
  gateId: string;
  number: number;
  name: string;
  compound: string;
  compoundName: string;
  community: string;
  bit: number;
  level: number;
  idCheckPercent: number;
  questions: string[];
  /** Limit in tenths of a degree Celsius. */
  temperature: { ask: boolean; limit: number };
  amberAfterMinutes: number;
  redAfterHours: number;
  mode: string;
  guards: Guard[];
  /** Unix milliseconds. */
  serverTime: number;
}

/** A paper card or a vehicle that may be typed by hand. */
export interface DirectoryRow {
  cti: string;
  serial: string | null;
  plate: string | null;
  kind: number;
  unit: string | null;
  name: string;
  idTail: string | null;
  /** Last second it is valid, Unix seconds. */
  until: number;
  from: number | null;
  hours: [number, number] | null;
}

export interface Visitor {
  name: string;
  phone: string;
  plate: string | null;
  unit: string;
  reason: string | null;
}

/** An entry of the gate log, as it travels to the server. */
export interface Entry {
  /** UUIDv7 made here: the server takes each once. */
  id: string;
  /** This device's clock, Unix milliseconds. */
  at: number;
  /** Milliseconds the device believes its clock to be ahead of the server's. */
  offset: number;
  direction: Direction;
  verdict: Verdict;
  reason: Reason | 'Visitor' | 'Temperature';
  cti: string | null;
  kind: number | null;
  form: number | null;
  t: number | null;
  nonce: string | null;
  /** People who passed together. */
  members: number | null;
  plate: string | null;
  serial: string | null;
  guard: string | null;
  temperature: number | null;
  answers: Record<string, string> | null;
  idChecked: 'match' | 'mismatch' | null;
  visitor: Visitor | null;
  manual: boolean;
  /** Age of the older list at that moment, seconds. */
  listAge: number | null;
}

export interface Shift {
  guard: string;
  guardName: string;
  /** Unix milliseconds. */
  from: number;
  counts: { admit: number; check: number; refuse: number; in: number; out: number };
}

/** `POST /api/passes/gates/shift` */
export interface HandOver {
  id: string;
  /** Name of the guard. */
  guard: string;
  /** Unix milliseconds. */
  from: number;
  to: number;
  counts: Shift['counts'];
  note: string;
}
