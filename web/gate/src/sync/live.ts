import type { Direction } from '../codes/verdict';
import type { Api } from './api';

/** What the server tells a gate at once. */
export type LiveEvent =
  | { type: 'trust' | 'revocations' | 'config' }
  | { type: 'seen'; cti: string; t: number | null; nonce: string | null; gate: number; at: number; direction: Direction };

/** The server sends something every 15 s: longer silence is a dead connection. */
const LONGEST_SILENCE = 40_000;
const MOST_CHARACTERS = 64_000;

/** Hears server-sent events until the connection ends; throws when it breaks or falls silent. */
export async function listen(api: Api, stop: AbortSignal, hear: (event: LiveEvent) => void): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), LONGEST_SILENCE);
  try {
    const answer = await api.live(AbortSignal.any([stop, silent.signal]));
    if (!answer.ok || answer.body === null) return;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), LONGEST_SILENCE);
      const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop()!;
      if (rest.length > MOST_CHARACTERS) return;
      for (const block of blocks) {
        const event = parse(block);
        if (event !== null) hear(event);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** One block of the stream; null for comments and for what this app does not know. */
export function parse(block: string): LiveEvent | null {
  let type = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) type = line.slice(6).trim();
    else if (line.startsWith('data:')) data += line.slice(5);
  }
  if (!['trust', 'revocations', 'config', 'seen'].includes(type)) return null;
  try {
    return { ...(JSON.parse(data || '{}') as object), type } as LiveEvent;
  } catch {
    return null;
  }
}
