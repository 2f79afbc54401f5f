/** A pass as the server tells its holder. */
export interface OwnPass {
  id: string;
  form: string;
  state: string;
  name: string;
  unit: string | null;
  until: string;
  key: string | null;
  own: boolean;
}

export interface Own {
  compound: string;
  passes: OwnPass[];
  serverTime: number;
}

/** Why there is no answer: the sentence of a refusal, "sign-in", or null when the server cannot be reached. */
export class Refused extends Error {
  constructor(readonly kind: 'sign-in' | 'offline' | 'rule', message = '') {
    super(message);
  }
}

async function call<T>(path: string, body?: unknown): Promise<T> {
  let answer: Response;
  const stop = AbortSignal.timeout(8000);
  try {
    answer = await fetch(`/api/passes/my${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: stop,
    });
  } catch {
    throw new Refused('offline');
  }
  if (answer.status === 401) throw new Refused('sign-in');
  if (answer.status >= 500) throw new Refused('offline');
  const json = (await answer.json()) as { detail?: string };
  if (!answer.ok) throw new Refused('rule', json.detail ?? '');
  return json as T;
}

export const fetchOwn = (): Promise<Own> => call<Own>('');

export const bind = (pass: string, key: string): Promise<{ id: string; code: string; serverTime: number }> => call(`/${pass}/device`, { key });
