/** Keys further apart than this are a person's, milliseconds. */
const GAP = 120;
const LEAST = 6;

/**
 * A USB scanner types what it reads and ends with Enter. Its keys are taken before the page sees them; what a person types into a field is left alone.
 * Nothing is trimmed: a space is a base45 character. Returns how to stop.
 */
export function listenToScanner(seen: (text: string) => void, target: EventTarget = document): () => void {
  let typed = '';
  let last = -Infinity;
  const onKey = (event: Event): void => {
    const key = event as KeyboardEvent;
    if (key.ctrlKey || key.altKey || key.metaKey || key.isComposing || isField(key.target)) return;
    if (key.timeStamp - last > GAP) typed = '';
    last = key.timeStamp;
    if (key.key.length === 1) {
      if (typed !== '' || key.key !== ' ') key.preventDefault();
      typed += key.key;
    } else if (key.key === 'Enter' && typed.length >= LEAST) {
      key.preventDefault();
      key.stopPropagation();
      const text = typed;
      typed = '';
      seen(text);
    }
  };
  target.addEventListener('keydown', onKey, true);
  return () => target.removeEventListener('keydown', onKey, true);
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
