import { el } from './dom';
import { text } from './texts';

interface Item {
  path: string;
  kind: string;
  name: string;
  above?: string | null;
  compounds: number;
}

/** The first page: whose wall to open, among the places in reach. */
export async function choose(root: HTMLElement, signIn: () => void) {
  document.title = `${text('choose')} · 里仁`;
  const answer = await fetch('/api/wall', { cache: 'no-store' });
  if (answer.status === 401) return signIn();
  if (!answer.ok) throw new Error(String(answer.status));
  const all = (await answer.json()) as Item[];
  const list = el('ul', { class: 'choices' });
  const search = el('input', { type: 'search', 'aria-label': text('search'), placeholder: text('search') });
  const draw = () => {
    const wanted = search.value.trim();
    const items = all.filter((i) => !wanted || i.name.includes(wanted) || i.path.includes(wanted)).slice(0, 300);
    list.replaceChildren(
      ...items.map((i) =>
        el('li', { 'data-kind': i.kind }, el('a', { href: `/wall/${i.path}` }, el('strong', {}, i.name), el('span', {}, i.kind === 'Compound' ? text('kind.Compound') : `${text(`kind.${i.kind}`)} · ${text('compounds', i.compounds)}`))),
      ),
    );
  };
  search.addEventListener('input', draw);
  draw();
  root.replaceChildren(
    el('main', { class: 'chooser' }, el('h1', {}, text('choose')), el('p', {}, text(all.length ? 'choose-hint' : 'no-walls')), all.length > 12 ? search : null, list),
  );
}
