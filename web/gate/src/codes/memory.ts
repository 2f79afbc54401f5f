import type { Direction } from './verdict';

/** Milliseconds a proof is remembered; far longer than one is accepted. */
export const PROOFS_KEPT = 10 * 60_000;

/** One passage of a pass that was let through, here or at another gate of the compound. */
export interface Passage {
  cti: string;
  direction: Direction;
  /** Time of the live proof, Unix seconds; 0 without one. */
  proofAt: number;
  nonce: string | null;
  /** When, Unix milliseconds. */
  at: number;
}

/** Where the holder of a pass is, and how often it was used to enter. */
export interface Presence {
  cti: string;
  inside: boolean;
  uses: number;
  at: number;
}

/** What a gate remembers: proofs of the last ten minutes, who is inside, how often a pass was used. The store keeps a copy that survives a reload. */
export class GateMemory {
  private readonly proofs = new Map<string, number>();
  private readonly presence = new Map<string, Presence>();

  /** @param passages proofs of before the reload @param presence where everybody was then @param now Unix milliseconds */
  constructor(passages: Passage[] = [], presence: Presence[] = [], now = 0) {
    for (const p of passages) if (p.at > now - PROOFS_KEPT) this.noteProof(p);
    for (const p of presence) this.presence.set(p.cti, p);
  }

  /** This proof, or one of the same pass with the same nonce, was used. */
  sawProof(cti: string, proofAt: number, nonce: string | null): boolean {
    return this.proofs.has(nameOf(cti, proofAt, nonce)) || (nonce !== null && this.proofs.has(nameOf(cti, 0, nonce)));
  }

  isInside(cti: string): boolean {
    return this.presence.get(cti)?.inside ?? false;
  }

  uses(cti: string): number {
    return this.presence.get(cti)?.uses ?? 0;
  }

  /** Remembers that somebody was let through; returns where they are now. A passage older than what is known changes only the number of uses. */
  note(passage: Passage): Presence {
    this.forget(passage.at);
    this.noteProof(passage);
    const before = this.presence.get(passage.cti);
    const newer = before === undefined || passage.at >= before.at;
    const now: Presence = {
      cti: passage.cti,
      inside: newer ? passage.direction === 'in' : before.inside,
      uses: (before?.uses ?? 0) + (passage.direction === 'in' ? 1 : 0),
      at: newer ? passage.at : before.at,
    };
    this.presence.set(passage.cti, now);
    return now;
  }

  private noteProof(p: Passage): void {
    if (p.proofAt === 0) return;
    this.proofs.set(nameOf(p.cti, p.proofAt, p.nonce), p.at);
    if (p.nonce !== null) this.proofs.set(nameOf(p.cti, 0, p.nonce), p.at);
  }

  private forget(now: number): void {
    for (const [name, at] of this.proofs) if (at <= now - PROOFS_KEPT) this.proofs.delete(name);
  }
}

const nameOf = (cti: string, proofAt: number, nonce: string | null): string => `${cti} ${proofAt} ${nonce ?? ''}`;
