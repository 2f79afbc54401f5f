import * as base45 from './base45';
import { hex, type Bytes } from './bytes';
import { Malformed } from './cbor';
import { ES256, readSign1, type Sign1 } from './cose';
import { fromPoint, holds } from './keys';
import type { GateMemory } from './memory';
import { SUSPENDED, type RevocationList } from './revocations';
import { MOST_CHARACTERS, PASS_PREFIX, PROOF_PREFIX, readClaims, readProof } from './tokens';
import { covers, isWithin, KEY_REVOKED, USE, type TrustedKey, type TrustList } from './trust';
import { FORM, KIND, LEVEL, type Claims, type Decision, type Direction, type Reason, type Verdict } from './verdict';

/** Oldest proof let through, and furthest a proof may be ahead, seconds. */
const PROOF_WINDOW = 30;
const PROOF_AHEAD = 10;
const STALE_BUT_NEAR = 300;

/** Everything a check depends on besides the code: where, when, what the gate knows. */
export interface GateContext {
  /** The gate's best idea of the time, Unix seconds. */
  now: number;
  compound: string;
  /** Its bit in the gates mask, 0–62. */
  bit: number;
  level: number;
  trust: TrustList;
  revocations: RevocationList[];
  /** Its present and previous nonce, hex. */
  nonces: string[];
  memory: GateMemory | null;
  direction: Direction;
  /** Ask this person for the document: chosen at random, or because of a flag. */
  idCheck: boolean;
  /** Seconds; lists older than this are not trusted to open by themselves. */
  listsGoodFor: number;
  /** Age of the older of trust and revocation lists, seconds. */
  listAge: number;
  /** The clock is more than two minutes off, or was never set. */
  clockDoubt: boolean;
}

const refuse = (reason: Reason): Decision => ({ verdict: 'Refuse', reason, proofAt: 0, nonce: null });

/** Checks the text of a code: any text is answered, none throws. The same order and reasons as Liren.Codes.PassVerifier. */
export async function check(text: string, gate: GateContext): Promise<Decision> {
  const live = text.startsWith(PROOF_PREFIX);
  if (!live && !text.startsWith(PASS_PREFIX)) return refuse('NotAPass');
  if (text.length > MOST_CHARACTERS) return refuse('Malformed');
  const bytes = base45.decode(text.slice(PASS_PREFIX.length));
  if (bytes === null) return refuse('Malformed');
  try {
    if (!live) return await checkPass(bytes, null, 0, null, gate);
    const proof = readSign1(bytes, false);
    if (proof.alg !== ES256) return refuse('Malformed');
    const { pass, at, nonce } = readProof(proof.payload);
    return await checkPass(pass, proof, at, nonce, gate);
  } catch (e) {
    if (e instanceof Malformed) return refuse('Malformed');
    throw e;
  }
}

/** Signature first: the claims and who signed them, or the reason there are none. Throws Malformed. */
async function open(pass: Bytes, trust: TrustList): Promise<{ claims: Claims; signer: TrustedKey } | Reason> {
  const message = readSign1(pass, true);
  const candidates = trust.keys.get(hex(message.kid));
  if (candidates === undefined) return 'UnknownIssuer';
  for (const signer of candidates) {
    if (!(await holds(message, signer.key))) continue;
    if (signer.state === KEY_REVOKED) return 'KeyRevoked';
    return { claims: readClaims(message.payload), signer };
  }
  return 'Forged';
}

async function checkPass(pass: Bytes, proof: Sign1 | null, proofAt: number, nonce: string | null, gate: GateContext): Promise<Decision> {
  const opened = await open(pass, gate.trust);
  if (typeof opened === 'string') return refuse(opened);
  const { claims, signer } = opened;
  // A key signs only what it is for, in its time, for its places; else it is a key like any foreign one.
  if ((signer.uses & USE.Pass) === 0 || claims.issuedAt < signer.notBefore || claims.issuedAt > signer.notAfter || !covers(signer, claims.compound)) return refuse('UnknownIssuer');
  const say = (verdict: Verdict, reason: Reason): Decision => ({ verdict, reason, claims, proofAt, nonce });
  return (
    checkPlaceAndTime(claims, gate, say) ??
    checkRevoked(claims.cti, gate, say) ??
    (await checkProof(claims, proof, proofAt, nonce, gate, say)) ??
    checkMemory(claims, proof !== null, proofAt, nonce, gate, say) ??
    say('Admit', 'Ok')
  );
}

type Say = (verdict: Verdict, reason: Reason) => Decision;

/** A wrong clock must not turn people away for the time: a person looks. */
const sayOfTime = (gate: GateContext, say: Say, reason: Reason, verdict: Verdict = 'Refuse'): Decision =>
  gate.clockDoubt ? say('Check', 'ClockDoubt') : say(verdict, reason);

/** What the hand entry checks too: times, place, hours. */
export function checkPlaceAndTime(claims: Pick<Claims, 'notBefore' | 'expires' | 'compound' | 'gates' | 'hours'>, gate: GateContext, say: Say): Decision | null {
  if (claims.notBefore !== null && claims.notBefore > gate.now) return sayOfTime(gate, say, 'NotYetValid');
  if (claims.expires < gate.now) return sayOfTime(gate, say, 'Expired');
  if (!isWithin(gate.compound, claims.compound)) return say('Refuse', 'OtherCompound');
  if (claims.gates !== 0n && ((claims.gates >> BigInt(gate.bit)) & 1n) === 0n) return say('Refuse', 'WrongGate');
  if (!withinHours(claims.hours, gate.now)) return sayOfTime(gate, say, 'OutsideHours');
  return null;
}

export function checkRevoked(cti: string, gate: GateContext, say: Say): Decision | null {
  for (const list of gate.revocations) {
    const state = list.entries.get(cti);
    if (state !== undefined) return say('Refuse', state === SUSPENDED ? 'Suspended' : 'Revoked');
  }
  return null;
}

async function checkProof(claims: Claims, proof: Sign1 | null, proofAt: number, nonce: string | null, gate: GateContext, say: Say): Promise<Decision | null> {
  // A proof belongs to a phone's pass; around another it is a fabrication.
  if (claims.form !== FORM.Phone || claims.device === null) return proof === null ? null : say('Refuse', 'Malformed');
  if (proof === null) return gate.level === LEVEL.Static ? null : say('Refuse', 'ProofMissing');
  const holder = await fromPoint(claims.device.x, claims.device.y);
  if (holder === null || !(await holds(proof, holder))) return say('Refuse', 'Forged');
  const behind = gate.now - proofAt;
  if (behind > PROOF_WINDOW || behind < -PROOF_AHEAD) return sayOfTime(gate, say, 'StaleProof', Math.abs(behind) <= STALE_BUT_NEAR ? 'Check' : 'Refuse');
  if (gate.level === LEVEL.Nonce && (nonce === null || !gate.nonces.includes(nonce))) return say('Refuse', 'WrongNonce');
  return null;
}

function checkMemory(claims: Claims, live: boolean, proofAt: number, nonce: string | null, gate: GateContext, say: Say): Decision | null {
  if (live && gate.memory?.sawProof(claims.cti, proofAt, nonce)) return say('Refuse', 'Replayed');
  const presence = checkPresence(claims, gate, say);
  if (presence !== null) return presence;
  if (gate.listAge > gate.listsGoodFor) return say('Check', 'ListsStale');
  if ((claims.form !== FORM.Phone && claims.kind !== KIND.Vehicle) || gate.idCheck) return say('Check', 'IdRequired');
  return null;
}

/** Entering twice, or more often than allowed. */
export function checkPresence(claims: Pick<Claims, 'cti' | 'kind' | 'mostUses'>, gate: GateContext, say: Say): Decision | null {
  if (gate.memory === null || gate.direction !== 'in') return null;
  if (claims.mostUses !== null && gate.memory.uses(claims.cti) >= claims.mostUses) return say('Refuse', 'QuotaUsed');
  if (claims.kind !== KIND.Family && gate.memory.isInside(claims.cti)) return say('Check', 'AlreadyInside');
  return null;
}

/** Minutes of the day in Asia/Shanghai, which has had no summer time since 1991. */
function withinHours(hours: Claims['hours'], now: number): boolean {
  if (hours === null) return true;
  const minute = Math.floor((now + 8 * 3600) / 60) % 1440;
  return hours.from < hours.to ? minute >= hours.from && minute < hours.to : minute >= hours.from || minute < hours.to;
}
