type Child = Node | string | null | undefined | false;

/** Makes an element; text is always text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string | boolean | undefined> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  for (const child of children) if (child) made.append(child);
  return made;
}

/** Writes text only when it is another: nothing is laid out again for the same. */
export function say(node: HTMLElement, text: string) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute only when it is another; undefined takes it away. */
export function mark(node: Element, name: string, value: string | undefined) {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
