import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64 } from '../src/codes/bytes';
import { check } from '../src/codes/check';
import { fromSpki } from '../src/codes/keys';
import { GateMemory } from '../src/codes/memory';
import { applyList, emptyList } from '../src/codes/revocations';
import { openTrust, type TrustList } from '../src/codes/trust';
import { gateOf, vectors } from './vectors';

const trustOf = async (root: string): Promise<TrustList | null> => openTrust(fromBase64(vectors.trust), (await fromSpki(fromBase64(root)))!);

test('the trust list opens with its root and with no other', async () => {
  assert.notEqual(await trustOf(vectors.root), null);
  assert.equal(await trustOf(vectors.otherRoot), null);
});

test('revocation lists are taken as the C# library takes them', async () => {
  const trust = (await trustOf(vectors.root))!;
  let held = emptyList(vectors.community);
  for (const list of vectors.lists) {
    const { outcome, list: next } = await applyList(held, fromBase64(list.envelope), trust);
    assert.equal(outcome, list.outcome, list.name);
    assert.deepEqual([next.seq, next.entries.size], [list.seq, list.count], list.name);
    held = next;
  }
});

for (const vector of vectors.cases)
  test(`a code judged as in C#: ${vector.name}`, async () => {
    const trust = (await trustOf(vectors.root))!;
    const revocations = [];
    for (const envelope of vector.revocations) revocations.push((await applyList(emptyList(vectors.community), fromBase64(envelope), trust)).list);
    const memory = new GateMemory();
    for (const passage of vector.passages) memory.note(passage);
    const decision = await check(vector.text, gateOf({ ...vector.gate, trust, revocations, memory }));
    assert.deepEqual([decision.verdict, decision.reason], [vector.verdict, vector.reason]);
    if (vector.cti !== null) assert.deepEqual([decision.claims?.cti, decision.claims?.name], [vector.cti, vector.holder]);
    else assert.equal(decision.claims, undefined);
  });
