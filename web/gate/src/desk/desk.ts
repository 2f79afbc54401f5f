import { check, checkPlaceAndTime, checkPresence, checkRevoked } from '../codes/check';
import { FORM, KIND, type Claims, type Decision, type Reason, type Verdict } from '../codes/verdict';
import type { DirectoryRow, Entry, Visitor } from '../store/model';
import type { Station } from '../store/station';
import { uuid7 } from '../store/uuid';

/** The same code within this time is the same look, milliseconds. */
const SAME_LOOK = 1500;
/** A pass chosen for a document check stays chosen for this long: showing the code again must not be a way out. */
const CHOSEN_FOR = 10 * 60_000;

/** What the screen shows of one code. */
export interface Look {
  entry: Entry;
  decision: Decision;
  /** What the guard still has to enter or to decide; null: nothing, it is done. */
  ask: Ask | null;
}

export interface Ask {
  /** The document must be compared. */
  document: boolean;
  /** Most people who may pass together; null: the number is not asked. */
  people: number | null;
  questions: string[];
  /** Limit in tenths of a degree; null: not asked. */
  temperature: number | null;
}

/** What the guard entered. */
export interface Choice {
  admit: boolean;
  idChecked: 'match' | 'mismatch' | null;
  members: number | null;
  answers: Record<string, string>;
  temperature: number | null;
}

/** The guard's desk: codes come in, looks come out, and every one of them is in the log exactly once. */
export class Desk {
  private last = { text: '', cti: '', at: -Infinity, settled: false };
  private readonly chosen = new Map<string, { ask: boolean; at: number }>();
  private open: Look | null = null;
  private checking = false;

  /** @param show a new look, or null when the screen should rest @param tick monotonic milliseconds */
  constructor(
    private readonly station: Station,
    private readonly show: (look: Look) => void,
    private readonly tick: () => number = () => performance.now(),
  ) {}

  /** A code was seen; one that is still the same look is passed over. The text is taken as it is: a space is a base45 character. */
  async look(text: string): Promise<void> {
    if (this.checking || this.open !== null || !this.station.ready) return;
    if (text === this.last.text && this.tick() - this.last.at < SAME_LOOK) {
      this.last.at = this.tick();
      return;
    }
    this.checking = true;
    try {
      await this.decide(text);
    } finally {
      this.checking = false;
    }
  }

  private async decide(text: string): Promise<void> {
    const decision = this.maybeDocument(await check(text, this.station.context(false)));
    const cti = decision.claims?.cti ?? '';
    // A phone that is still held there renews its code every ten seconds.
    const still = cti !== '' && cti === this.last.cti && this.last.settled && this.tick() - this.last.at < SAME_LOOK;
    this.last = { text, cti, at: this.tick(), settled: still || decision.verdict === 'Admit' };
    if (still) return;
    const { claims } = decision;
    const entry = this.entry(decision, { kind: claims?.kind ?? null, form: claims?.form ?? null, plate: claims?.plate ?? null });
    await this.take(entry, decision, decision.verdict === 'Refuse' ? null : this.ask(decision, claims!));
  }

  /** A card or vehicle chosen from the directory: never admitted without the guard's look at the document or plate. */
  async byHand(row: DirectoryRow): Promise<void> {
    const context = this.station.context(false);
    const claims = this.claimsOf(row);
    const say = (verdict: Verdict, reason: Reason): Decision => ({ verdict, reason, claims, proofAt: 0, nonce: null });
    const decision = checkPlaceAndTime(claims, context, say) ?? checkRevoked(row.cti, context, say) ?? checkPresence(claims, context, say) ?? say('Check', 'IdRequired');
    const entry = this.entry(decision, { kind: claims.kind, form: claims.form, plate: row.plate, serial: row.serial, manual: true });
    await this.take(entry, decision, decision.verdict === 'Refuse' ? null : this.ask(decision, claims));
  }

  /** A visitor written down by the guard, who has seen the document and asked the host. */
  async visitor(visitor: Visitor, answers: Record<string, string>, temperature: number | null): Promise<void> {
    const decision: Decision = { verdict: 'Admit', reason: 'Ok', proofAt: 0, nonce: null };
    const entry = this.entry(decision, { kind: KIND.Visitor, plate: visitor.plate, manual: true, reason: 'Visitor', visitor, temperature, answers: filled(answers) });
    await this.take(entry, decision, null);
  }

  /** The guard has decided about the open look. */
  async choose(look: Look, choice: Choice): Promise<void> {
    if (this.open !== look) return;
    this.open = null;
    const hot = !choice.admit && choice.temperature !== null && look.ask!.temperature !== null && choice.temperature >= look.ask!.temperature;
    const reason = choice.idChecked === 'mismatch' ? 'IdMismatch' : look.decision.reason;
    const verdict = choice.admit ? 'Admit' : 'Refuse';
    const entry: Entry = {
      ...look.entry, verdict, reason: hot ? 'Temperature' : reason, manual: look.entry.manual || look.decision.verdict === 'Check',
      idChecked: choice.idChecked, members: choice.members, answers: filled(choice.answers), temperature: choice.temperature,
    };
    this.last = { ...this.last, at: this.tick(), settled: true };
    if (choice.idChecked === 'mismatch' && entry.cti !== null) this.chosen.set(entry.cti, { ask: true, at: this.tick() });
    await this.finish(entry, look.decision);
    this.show({ entry, decision: { ...look.decision, verdict, reason: choice.admit || hot ? 'Ok' : reason }, ask: null });
  }

  /** The guard did not decide: the person shows the code again, or has gone. */
  async leave(look: Look): Promise<void> {
    if (this.open !== look) return;
    this.open = null;
    this.last = { text: '', cti: '', at: -Infinity, settled: false };
    await this.finish({ ...look.entry, verdict: 'Check' }, look.decision);
  }

  private async take(entry: Entry, decision: Decision, ask: Ask | null): Promise<void> {
    const look: Look = { entry, decision, ask };
    // A stranger's advertisement is no incident.
    if (decision.reason === 'NotAPass') return this.show(look);
    if (ask === null) await this.finish(entry, decision);
    else {
      this.open = look;
      // Kept before the guard decides: a phone that dies now must not lose it.
      await this.station.queue.put({ ...entry, verdict: 'Check' }, true);
    }
    this.show(look);
  }

  private async finish(entry: Entry, decision: Decision): Promise<void> {
    await this.station.queue.put(entry);
    if (entry.verdict === 'Admit' && entry.cti !== null)
      await this.station.note({ cti: entry.cti, direction: entry.direction, proofAt: decision.proofAt, nonce: decision.nonce, at: this.station.clock.now() });
    const { shift } = this.station;
    if (shift === null) return;
    const counts = { ...shift.counts };
    counts[entry.verdict === 'Admit' ? 'admit' : entry.verdict === 'Check' ? 'check' : 'refuse']++;
    if (entry.verdict === 'Admit') counts[entry.direction] += entry.members ?? 1;
    await this.station.setShift({ ...shift, counts });
  }

  /** Chooses some at random for a document check, and those again who were chosen before. */
  private maybeDocument(decision: Decision): Decision {
    if (decision.verdict !== 'Admit' || decision.claims === undefined) return decision;
    const { cti } = decision.claims;
    for (const [old, c] of this.chosen) if (this.tick() - c.at > CHOSEN_FOR) this.chosen.delete(old);
    let chosen = this.chosen.get(cti);
    if (chosen === undefined) {
      const percent = this.station.config?.idCheckPercent ?? 0;
      chosen = { ask: (crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32) * 100 < percent, at: this.tick() };
      this.chosen.set(cti, chosen);
    }
    return chosen.ask ? { ...decision, verdict: 'Check', reason: 'IdRequired' } : decision;
  }

  /** What is asked before this look is done; null when nothing is. Questions and temperature are for those who enter. */
  private ask(decision: Decision, claims: Pick<Claims, 'kind' | 'members' | 'form'>): Ask | null {
    const { config, direction } = this.station;
    const entering = direction === 'in';
    const ask: Ask = {
      document: decision.reason === 'IdRequired' || (decision.verdict === 'Check' && claims.form !== FORM.Phone),
      people: claims.members.length > 1 ? claims.members.length : claims.kind === KIND.Vehicle ? 9 : null,
      questions: entering ? (config?.questions ?? []) : [],
      temperature: entering && config?.temperature?.ask ? config.temperature.limit : null,
    };
    const needed = decision.verdict === 'Check' || ask.people !== null || ask.questions.length > 0 || ask.temperature !== null;
    return needed ? ask : null;
  }

  private claimsOf(row: DirectoryRow): Claims {
    const { config } = this.station;
    return {
      issuer: config!.community, expires: row.until, notBefore: row.from, issuedAt: 0, cti: row.cti, device: null,
      compound: config!.compound, unit: row.unit, name: row.name, kind: row.kind, gates: 0n, idTail: row.idTail, form: row.serial === null ? FORM.Phone : FORM.Paper,
      hours: row.hours === null ? null : { from: row.hours[0], to: row.hours[1] }, mostUses: null, plate: row.plate, members: [], hostUnit: null,
    };
  }

  private entry(decision: Decision, more: Partial<Entry>): Entry {
    const { clock, shift, direction } = this.station;
    const at = clock.deviceNow();
    const age = Math.max(this.station.trustAge(), this.station.listAge());
    return {
      id: uuid7(at), at, offset: -clock.offset, direction, verdict: decision.verdict, reason: decision.reason, cti: decision.claims?.cti ?? null,
      kind: null, form: null, t: decision.proofAt === 0 ? null : decision.proofAt, nonce: decision.nonce, members: null, plate: null, serial: null,
      guard: shift?.guard ?? null, temperature: null, answers: null, idChecked: null, visitor: null, manual: false, listAge: Number.isFinite(age) ? age : null, ...more,
    };
  }
}

function filled(answers: Record<string, string>): Record<string, string> | null {
  const given = Object.entries(answers).filter(([, answer]) => answer !== '');
  return given.length === 0 ? null : Object.fromEntries(given);
}
