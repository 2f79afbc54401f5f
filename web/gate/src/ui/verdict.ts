import type { Decision } from '../codes/verdict';
import { KIND } from '../codes/verdict';
import type { Desk, Look } from '../desk/desk';
import type { Place } from './app';
import { askForm } from './ask';
import { h, type Child } from './dom';
import { hour, moment } from './format';
import { maybe, t, type TextKey } from './text';

const SIGN = { Admit: '✔', Check: '!', Refuse: '✖' } as const;

/** Sign, word, why, who, and what to do. */
export function verdictPanel(place: Place, desk: Desk, look: Look | null, rest: () => void): Child {
  if (look === null) return head('▣', t('idle.title'), t('idle.text'));
  const { decision, entry } = look;
  if (decision.reason === 'NotAPass') return head('▣', t('reason.NotAPass'), t('advice.NotAPass'));
  const asking = look.ask !== null;
  const sign = asking && decision.verdict === 'Admit' ? '✎' : SIGN[decision.verdict];
  const word = asking && decision.verdict === 'Admit' ? t('verdict.ask') : t(`verdict.${decision.verdict}`);
  const why = decision.reason === 'Ok' ? '' : t(`reason.${decision.reason}` as TextKey);
  return h('div', { class: 'inside' }, head(sign, word, why), who(place, look),
    decision.verdict !== 'Admit' && h('p', { class: 'advice' }, advice(decision, entry.kind)),
    asking && askForm(desk, look, rest));
}

const head = (sign: string, word: string, why: string): HTMLElement =>
  h('div', { class: 'head', role: 'status', 'aria-live': 'assertive' },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, sign), h('div', {}, h('h2', {}, word), why !== '' && h('p', { class: 'why' }, why)));

function advice(decision: Decision, kind: number | null): string {
  if (decision.reason === 'StaleProof' && decision.verdict === 'Refuse') return t('advice.StaleProof.old');
  if (decision.reason === 'IdRequired' && kind === KIND.Vehicle) return t('advice.plate');
  if (decision.reason === 'IdRequired' && !decision.claims?.idTail) return t('advice.IdRequired.name');
  return maybe(`advice.${decision.reason}`) ?? '';
}

/** Who, where, until when: masked, and nothing of a code whose signature did not hold. */
function who({ station }: Place, look: Look): Child {
  const { claims, reason } = look.decision;
  if (look.entry.visitor !== null) return h('p', { class: 'who' }, `${look.entry.visitor.name} · ${t('kind.3')} · ${t('to-unit', look.entry.visitor.unit)}`);
  // Why somebody is suspended, and where they live, is nobody's business at a gate.
  if (claims === undefined || reason === 'Suspended') return null;
  const now = station.clock.now();
  const kind = maybe(`kind.${claims.kind}`);
  const parts = [claims.name, claims.unit, kind, claims.hostUnit === null ? null : t('to-unit', claims.hostUnit)];
  const when = reason === 'NotYetValid' && claims.notBefore !== null ? t('from-time', moment(claims.notBefore * 1000, now)) : t('until', moment(claims.expires * 1000, now));
  const hours = claims.hours === null ? '' : ` · ${t('hours', hour(claims.hours.from), hour(claims.hours.to))}`;
  const place = reason === 'OtherCompound' ? ` · ${claims.compound}` : '';
  return h('div', { class: 'who' },
    claims.plate !== null && h('p', { class: 'plate' }, claims.plate),
    h('p', { class: 'name' }, parts.filter((p) => p !== null).join(' · ')),
    claims.members.length > 0 && h('p', {}, claims.members.map((m) => m.name).join('、')),
    h('p', { class: 'until' }, when + hours + place),
    look.ask?.document && claims.idTail !== null && h('p', { class: 'tail' }, t('id-tail', claims.idTail)));
}
