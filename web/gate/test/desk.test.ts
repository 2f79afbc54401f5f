import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64 } from '../src/codes/bytes';
import { Desk, type Look } from '../src/desk/desk';
import type { Config } from '../src/store/model';
import { Station } from '../src/store/station';
import { vectors } from './vectors';

let stores = 0;
const codeOf = (name: string) => vectors.cases.find((c) => c.name === name)!;

/** A gate of the vectors at their moment, with its desk and what it showed. */
async function gate(more: Partial<Config> = {}) {
  const { now, compound } = codeOf('a live pass').gate;
  // A millisecond passes between two looks, so that ids are in order.
  let passed = 0;
  Date.now = () => now! * 1000 + passed++;
  const station = await Station.load(`desk-${stores++}`);
  await station.pair({ deviceKey: '', gateId: '', root: vectors.root, rootFingerprint: '' });
  await station.setConfig({ compound, community: vectors.community, bit: 1, level: 1, number: 7, idCheckPercent: 0, questions: [], temperature: { ask: false, limit: 373 }, redAfterHours: 24, amberAfterMinutes: 60, ...more } as Config);
  station.clock.measure(now! * 1000, now! * 1000, now! * 1000);
  assert.equal(await station.takeTrust(fromBase64(vectors.trust)), true);
  assert.equal(await station.takeList(fromBase64(vectors.lists[1]!.envelope)), 'applied');
  const shown: Look[] = [];
  let tick = 0;
  const desk = new Desk(station, (look) => shown.push(look), () => tick);
  const entries = async () => (await station.db.getAll('queue')).map((q) => [q.entry.verdict, q.entry.reason, q.state]);
  return { station, desk, shown, entries, wait: (ms: number) => (tick += ms) };
}

const NOTHING = { admit: true, idChecked: null, members: null, answers: {}, temperature: null } as const;

test('a code that is held still is one look; shown again it is a replay', async () => {
  const { desk, entries, wait } = await gate();
  const { text } = codeOf('a live pass');
  for (let i = 0; i < 10; i++, wait(1000)) await desk.look(text);
  assert.deepEqual(await entries(), [['Admit', 'Ok', 'ready']]);
  wait(2000);
  await desk.look(text);
  assert.deepEqual((await entries()).at(-1), ['Refuse', 'Replayed', 'ready']);
});

test('an advertisement is shown as such and not written down', async () => {
  const { desk, shown, entries } = await gate();
  await desk.look('https://example.com/');
  assert.equal(shown[0]!.decision.reason, 'NotAPass');
  assert.deepEqual(await entries(), []);
});

test('a paper card waits for the document, and is in the log before the guard decides', async () => {
  const { station, desk, shown, entries } = await gate();
  await desk.look(codeOf('a paper card').text);
  assert.deepEqual(await entries(), [['Check', 'IdRequired', 'held']]);
  await desk.look(codeOf('a live pass').text);
  assert.equal(shown.length, 1);
  await desk.choose(shown[0]!, { ...NOTHING, idChecked: 'match' });
  assert.deepEqual(await entries(), [['Admit', 'IdRequired', 'ready']]);
  assert.equal(station.memory.isInside(codeOf('a paper card').cti!), true);
  assert.equal(shown.at(-1)!.decision.verdict, 'Admit');
});

test('a document that does not fit is a mismatch, and its pass is asked for the document again', async () => {
  const { station, desk, shown, entries, wait } = await gate({ idCheckPercent: 100 });
  await desk.look(codeOf('a live pass').text);
  await desk.choose(shown[0]!, { ...NOTHING, admit: false, idChecked: 'mismatch' });
  assert.deepEqual(await entries(), [['Refuse', 'IdMismatch', 'ready']]);
  assert.equal(station.memory.isInside(codeOf('a live pass').cti!), false);
  await station.setConfig({ ...station.config!, idCheckPercent: 0 });
  wait(5000);
  await desk.look(codeOf('a live pass').text);
  assert.equal(shown.at(-1)!.decision.reason, 'IdRequired');
});

test('questions and temperature are asked of those who enter, not of those who leave', async () => {
  const { station, desk, shown, entries } = await gate({ questions: ['from'], temperature: { ask: true, limit: 373 } });
  await desk.look(codeOf('a live pass').text);
  assert.deepEqual(shown[0]!.ask, { document: false, people: null, questions: ['from'], temperature: 373 });
  await desk.choose(shown[0]!, { ...NOTHING, admit: false, temperature: 381, answers: { from: '' } });
  assert.deepEqual(await entries(), [['Refuse', 'Temperature', 'ready']]);
  await station.setDirection('out');
  await desk.look(codeOf('a live pass signed with SM2').text);
  assert.equal(shown.at(-1)!.ask, null);
});

test('a look the guard leaves open is written down as undecided', async () => {
  const { desk, shown, entries } = await gate();
  await desk.look(codeOf('a proof of -31 seconds').text);
  await desk.leave(shown[0]!);
  assert.deepEqual(await entries(), [['Check', 'StaleProof', 'ready']]);
});

test('a shift counts people by what happened', async () => {
  const { station, desk, shown } = await gate();
  await station.setShift({ guard: '1', guardName: '张', from: 0, counts: { admit: 0, check: 0, refuse: 0, in: 0, out: 0 } });
  await desk.look(codeOf('every claim there is').text);
  assert.equal(shown[0]!.ask!.people, 2);
  await desk.choose(shown[0]!, { ...NOTHING, members: 2 });
  await desk.look(codeOf('expired').text);
  assert.deepEqual(station.shift!.counts, { admit: 1, check: 0, refuse: 1, in: 2, out: 0 });
});

test('a card typed by hand is checked like a code and needs the document', async () => {
  const { station, desk, shown, entries } = await gate();
  const row = { cti: '8000000000000001', serial: 'K7M2', plate: null, kind: 1, unit: '3-101', name: '赵*', idTail: '021X', until: Date.now() / 1000 + 9, from: null, hours: null };
  await desk.byHand(row);
  assert.deepEqual([shown[0]!.decision.reason, shown[0]!.ask!.document], ['IdRequired', true]);
  await desk.choose(shown[0]!, { ...NOTHING, idChecked: 'match' });
  await desk.byHand(row);
  assert.equal(shown.at(-1)!.decision.reason, 'AlreadyInside');
  await desk.leave(shown.at(-1)!);
  await desk.byHand({ ...row, cti: '0000000000000001' });
  assert.equal(shown.at(-1)!.decision.reason, 'Suspended');
  await desk.byHand({ ...row, cti: '8000000000000002', until: Date.now() / 1000 - 1 });
  assert.equal(shown.at(-1)!.decision.reason, 'Expired');
  assert.equal((await entries()).length, 4);
  assert.equal(station.memory.uses(row.cti), 1);
});

test('a trust list of another root or with a lower number is refused', async () => {
  const { station } = await gate();
  await station.pair({ ...station.pairing!, root: vectors.otherRoot });
  assert.equal(await station.takeTrust(fromBase64(vectors.trust)), false);
});

test('everything the gate needs is there again after a restart', async () => {
  const { station, desk } = await gate();
  await desk.look(codeOf('a live pass').text);
  await station.keepClock();
  const again = await Station.load(`desk-${stores - 1}`);
  assert.deepEqual([again.ready, again.trustSeq, again.listSeq, again.clock.doubt(), again.memory.isInside(codeOf('a live pass').cti!)], [true, 7, 3, false, true]);
  assert.equal(Number.isFinite(again.listAge()), true);
});
