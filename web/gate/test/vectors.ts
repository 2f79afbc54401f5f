import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateContext } from '../src/codes/check';
import { GateMemory, type Passage } from '../src/codes/memory';

/** The cases that C# and TypeScript agree on (tests/vectors/passes.json, written by Liren.Tests). */
export interface Vectors {
  root: string;
  trust: string;
  otherRoot: string;
  lists: { name: string; envelope: string; outcome: string; seq: number; count: number }[];
  cases: {
    name: string;
    text: string;
    gate: Partial<Pick<GateContext, 'now' | 'compound' | 'bit' | 'level' | 'nonces' | 'direction' | 'idCheck' | 'listsGoodFor' | 'listAge' | 'clockDoubt'>>;
    revocations: string[];
    passages: Passage[];
    verdict: string;
    reason: string;
    cti: string | null;
    holder: string | null;
  }[];
  community: string;
}

// The tests run in web/gate.
export const vectors = JSON.parse(readFileSync(join(process.cwd(), '../../tests/vectors/passes.json'), 'utf8')) as Vectors;

export const gateOf = (given: Partial<GateContext>): GateContext => ({
  now: 0, compound: '', bit: 1, level: 1, trust: { seq: 0, issuedAt: 0, nextUpdate: 0, keys: new Map() }, revocations: [], nonces: [], memory: new GateMemory(), direction: 'in',
  idCheck: false, listsGoodFor: 86_400, listAge: 0, clockDoubt: false, ...given,
});
