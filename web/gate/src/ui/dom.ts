export type Child = Node | string | null | false | undefined;
type Props = Record<string, string | number | boolean | ((event: never) => void) | null | undefined>;

/** An element: `on…` properties are listeners, true sets an empty attribute, null and false set none. Text is always text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  return fill(element, ...children);
}

/** Replaces what is in an element. */
export function fill<E extends Element>(element: E, ...children: Child[]): E {
  element.replaceChildren(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false && c !== ''));
  return element;
}

/** Changes a text only when it is another one, so that screen readers are not told the same again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export const button = (text: string, act: () => void, kind = ''): HTMLButtonElement => h('button', { type: 'button', class: kind, onclick: act }, text);
