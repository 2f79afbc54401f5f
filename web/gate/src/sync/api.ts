import type { Bytes } from '../codes/bytes';
import type { Config, DirectoryRow, Entry, HandOver, Pairing } from '../store/model';

const PATIENCE = 15_000;

/** The server does not know this device's key any more: it was unpaired or blocked. */
export class NotPaired extends Error {}

/** An answer that says no for good, with the server's sentence. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Answer<T> {
  /** Null: nothing new. */
  value: T | null;
  etag: string | null;
  sent: number;
  received: number;
}

/** The calls between gate and server (docs/developers/passes.md). Everything goes to our own origin. */
export class Api {
  constructor(private readonly deviceKey: string) {}

  static async pair(code: string, name: string): Promise<Pairing> {
    const answer = await fetch('/api/passes/gates/pair', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, name }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw await refusal(answer);
    return (await answer.json()) as Pairing;
  }

  config(etag: string | null): Promise<Answer<Config>> {
    return this.get('/api/passes/gates/me', etag, (a) => a.json() as Promise<Config>);
  }

  directory(etag: string | null): Promise<Answer<DirectoryRow[]>> {
    return this.get('/api/passes/gates/me/directory', etag, (a) => a.json() as Promise<DirectoryRow[]>);
  }

  trust(etag: string | null): Promise<Answer<Bytes>> {
    return this.get('/api/passes/trust', etag, bytesOf);
  }

  revocations(partition: string, since: number): Promise<Answer<Bytes>> {
    return this.get(`/api/passes/revocations/${encodeURIComponent(partition)}?since=${since}`, since === 0 ? null : `"${since}"`, bytesOf);
  }

  /** Ids of entries the server could not take; null when it took none of them. */
  async events(entries: Entry[]): Promise<string[] | null> {
    try {
      const answer = await this.post('/api/passes/gates/events', entries);
      const { faulty } = (await answer.json()) as { faulty?: { index: number }[] };
      return (faulty ?? []).map((f) => entries[f.index]!.id);
    } catch (e) {
      if (e instanceof Refused && [400, 413, 422].includes(e.status)) return null;
      throw e;
    }
  }

  async shift(handOver: HandOver): Promise<void> {
    await this.post('/api/passes/gates/shift', handOver);
  }

  /** Server-sent events, by fetch: EventSource cannot send the key. */
  live(stop: AbortSignal): Promise<Response> {
    return fetch('/api/passes/gates/live', { headers: { ...this.key, accept: 'text/event-stream' }, cache: 'no-store', signal: stop });
  }

  private get key() {
    return { authorization: `Bearer ${this.deviceKey}` };
  }

  private async get<T>(path: string, etag: string | null, body: (answer: Response) => Promise<T>): Promise<Answer<T>> {
    const sent = Date.now();
    const headers = etag === null ? this.key : { ...this.key, 'if-none-match': etag };
    const answer = await fetch(path, { headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    const received = Date.now();
    if (answer.status === 304 || answer.status === 204) return { value: null, etag, sent, received };
    if (!answer.ok) throw await refusal(answer);
    return { value: await body(answer), etag: answer.headers.get('etag'), sent, received };
  }

  private async post(path: string, body: unknown): Promise<Response> {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { ...this.key, 'content-type': 'application/json' },
      // What is not known is left out: the server fills in what that means.
      body: JSON.stringify(body, (_, value: unknown) => value ?? undefined),
      // A request that hangs while the network comes back would hold the queue for ever.
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }
}

const bytesOf = async (answer: Response): Promise<Bytes> => new Uint8Array(await answer.arrayBuffer());

async function refusal(answer: Response): Promise<Error> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string };
  const message = problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
  return answer.status === 401 || answer.status === 403 ? new NotPaired(message) : new Refused(answer.status, message);
}
