import { KIND } from '../codes/verdict';
import type { Choice, Desk, Look } from '../desk/desk';
import { button, h, setText } from './dom';
import { degrees } from './format';
import { chips, complain, field } from './sheet';
import { maybe, t } from './text';

/** Answers given in this shift: most people come from a few places. */
const given = new Map<string, string[]>();
const MOST_WORDS = 6;

/** What the guard enters and decides before a look is done. */
export function askForm(desk: Desk, look: Look, rest: () => void): HTMLElement {
  const ask = look.ask!;
  const questions = questionFields(ask.questions);
  const heat = ask.temperature === null ? null : temperatureField(ask.temperature);
  const people = ask.people === null ? null : stepper(ask.people, look.decision.claims?.kind === KIND.Vehicle ? 1 : ask.people);

  const choose = (admit: boolean, idChecked: Choice['idChecked']): void => {
    const temperature = heat?.read() ?? null;
    if (admit && heat !== null && !heat.mayPass()) return;
    // Who is turned away for a fever has not shown somebody else's document.
    const hot = temperature !== null && temperature >= ask.temperature!;
    void desk.choose(look, { admit, idChecked: hot ? null : idChecked, members: people?.value() ?? null, answers: questions.read(), temperature });
  };

  const stale = look.decision.reason === 'StaleProof';
  const buttons = stale
    ? [button(t('ask.again'), () => void desk.leave(look).then(rest), 'yes'), button(t('turn-away'), () => choose(false, null), 'no')]
    : ask.document
      ? [button(t('ask.match'), () => choose(true, 'match'), 'yes'), button(t('ask.mismatch'), () => choose(false, 'mismatch'), 'no'), button(t('ask.without'), () => choose(false, null), 'wide')]
      : [button(t('admit'), () => choose(true, null), 'yes'), button(t('turn-away'), () => choose(false, null), 'no')];
  return h('div', { class: 'askform' }, !stale && people?.element, !stale && heat?.element, !stale && questions.element, h('div', { class: 'choices' }, ...buttons));
}

function questionFields(questions: string[]): { element: HTMLElement; read: () => Record<string, string> } {
  const inputs = questions.map((question) => ({ question, input: h('input', { autocomplete: 'off', maxlength: 100 }) }));
  const element = h('div', {}, ...inputs.map(({ question, input }, i) => {
    const row = field(`question-${i}`, maybe(`question.${question}`) ?? question, input);
    const words = [...(given.get(question) ?? []), ...(question === 'reason' ? t('reasons').split('|') : [])];
    if (words.length > 0) row.append(chips([...new Set(words)].slice(0, MOST_WORDS), input));
    return row;
  }));
  const read = (): Record<string, string> => {
    const answers = Object.fromEntries(inputs.map(({ question, input }) => [question, input.value.trim()]));
    for (const [question, answer] of Object.entries(answers))
      if (answer !== '') given.set(question, [answer, ...(given.get(question) ?? []).filter((a) => a !== answer)].slice(0, MOST_WORDS));
    return answers;
  };
  return { element, read };
}

/** @param limit tenths of a degree: from here on nobody passes */
export function temperatureField(limit: number): { element: HTMLElement; read: () => number | null; mayPass: () => boolean } {
  const input = h('input', { inputmode: 'decimal', autocomplete: 'off', maxlength: 4, placeholder: '36.5' });
  const element = field('temperature', t('ask.temperature'), input);
  const read = (): number | null => {
    const value = Math.round(parseFloat(input.value.replace(/[,，。]/, '.')) * 10);
    return value >= 340 && value <= 430 ? value : null;
  };
  const mayPass = (): boolean => {
    const value = read();
    if (value === null) complain(input, t('ask.temperature-odd'));
    else if (value >= limit) complain(input, t('ask.temperature-high', degrees(value)));
    return value !== null && value < limit;
  };
  return { element, read, mayPass };
}

function stepper(most: number, start: number): { element: HTMLElement; value: () => number } {
  let value = start;
  const shown = h('output', { 'aria-live': 'polite' });
  const draw = (): void => setText(shown, t('ask.people-of', value));
  const step = (by: number): void => ((value = Math.min(most, Math.max(1, value + by))), draw());
  draw();
  return { element: h('div', { class: 'stepper', role: 'group', 'aria-label': t('ask.people') }, h('span', {}, t('ask.people')), button('−', () => step(-1)), shown, button('+', () => step(1))), value: () => value };
}
