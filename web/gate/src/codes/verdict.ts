/** What the gate does: 放行, 核验, 不予放行. */
export type Verdict = 'Admit' | 'Check' | 'Refuse';

/** Why. The first check that fails gives the reason; the order is in docs/developers/passes.md. */
export type Reason =
  | 'Ok' | 'NotAPass' | 'Malformed' | 'UnknownIssuer' | 'KeyRevoked' | 'Forged' | 'NotYetValid' | 'Expired' | 'OtherCompound' | 'WrongGate'
  | 'OutsideHours' | 'Revoked' | 'Suspended' | 'ProofMissing' | 'StaleProof' | 'WrongNonce' | 'Replayed' | 'AlreadyInside' | 'QuotaUsed'
  | 'IdRequired' | 'IdMismatch' | 'ListsStale' | 'ClockDoubt';

export type Direction = 'in' | 'out';

export const KIND = { Resident: 1, Family: 2, Visitor: 3, Courier: 4, Service: 5, Vehicle: 6, Staff: 7 } as const;
export const FORM = { Phone: 1, Paper: 2, Strip: 3 } as const;
/** What a gate asks of phones: the signed pass, a proof of the last 30 seconds, a proof over the gate's own nonce. */
export const LEVEL = { Static: 0, Window: 1, Nonce: 2 } as const;

/** What a pass says. Times are Unix seconds; names are masked. */
export interface Claims {
  issuer: string;
  expires: number;
  notBefore: number | null;
  issuedAt: number;
  /** Eight bytes as hex: the pass's only identity. */
  cti: string;
  /** The phone's public key x‖y; phone form only. */
  device: { x: Uint8Array<ArrayBuffer>; y: Uint8Array<ArrayBuffer> } | null;
  compound: string;
  unit: string | null;
  name: string;
  kind: number;
  /** One bit a gate; 0n: all of the compound. */
  gates: bigint;
  idTail: string | null;
  form: number;
  /** Minutes of the day in Asia/Shanghai, from inclusive, to exclusive; from > to: over midnight. */
  hours: { from: number; to: number } | null;
  mostUses: number | null;
  plate: string | null;
  members: { cti: string; name: string }[];
  hostUnit: string | null;
}

/** The answer to one look at one code. */
export interface Decision {
  verdict: Verdict;
  reason: Reason;
  /** Only when the signature held. */
  claims?: Claims;
  /** Time of the live proof, Unix seconds; 0 when there was none. */
  proofAt: number;
  nonce: string | null;
}
