import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { toBase64 } from '../src/codes/bytes';
import { GateMemory, PROOFS_KEPT } from '../src/codes/memory';
import { find, normal } from '../src/desk/directory';
import { Clock } from '../src/store/clock';
import { openStore } from '../src/store/db';
import type { DirectoryRow, Entry } from '../src/store/model';
import { Nonces } from '../src/store/nonces';
import { isPin, PinBrake } from '../src/store/pin';
import { MOST_ENTRIES, Queue } from '../src/store/queue';
import { uuid7 } from '../src/store/uuid';
import { parse } from '../src/sync/live';

let stores = 0;
const newQueue = async () => new Queue(await openStore(`test-${stores++}`));
const entry = (at: number): Entry => ({ id: uuid7(at), at }) as Entry;

/** A server that keeps each id once, and loses answers when told to. */
class Server {
  readonly held = new Map<string, number>();
  calls = 0;
  loseAnswer = false;
  gone = false;
  bad = '';

  take = async (entries: Entry[]): Promise<string[] | null> => {
    this.calls++;
    if (this.gone) throw new TypeError('no network');
    if (this.bad !== '' && entries.some((e) => e.id === this.bad)) return null;
    for (const e of entries) this.held.set(e.id, (this.held.get(e.id) ?? 0) + 1);
    if (this.loseAnswer) throw new TypeError('the answer was lost');
    return [];
  };
}

test('ids sort as they were made and carry version and variant', () => {
  const ids = [1, 1_700_000_000_000, 1_700_000_000_001, 281_474_976_710_655].map(uuid7);
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('nothing is lost when the answer to an upload is lost, and the server has each once', async () => {
  const [queue, server] = [await newQueue(), new Server()];
  for (let i = 0; i < 3; i++) await queue.put(entry(i));
  server.loseAnswer = true;
  await assert.rejects(queue.upload(server.take));
  assert.equal(await queue.count(), 3);
  server.loseAnswer = false;
  await queue.upload(server.take);
  assert.equal(await queue.count(), 0);
  assert.equal(server.held.size, 3);
});

test('a thousand entries go in batches, one upload at a time', async () => {
  const [queue, server] = [await newQueue(), new Server()];
  for (let i = 0; i < MOST_ENTRIES + 3; i++) await queue.put(entry(i));
  await Promise.all([queue.upload(server.take), queue.upload(server.take)]);
  assert.equal(server.calls, 2);
  assert.deepEqual([server.held.size, Math.max(...server.held.values())], [MOST_ENTRIES + 3, 1]);
});

test('an entry the server will not take is set aside and holds up nobody', async () => {
  const [queue, server] = [await newQueue(), new Server()];
  const entries = [entry(1), entry(2), entry(3)];
  for (const e of entries) await queue.put(e);
  server.bad = entries[1]!.id;
  await queue.upload(server.take);
  assert.deepEqual([await queue.count(), await queue.refused(), server.held.size], [1, 1, 2]);
  await queue.upload(server.take);
  assert.equal(await queue.refused(), 1);
});

test('an entry that waits for the guard is not sent, and goes as it is after a restart', async () => {
  const [queue, server] = [await newQueue(), new Server()];
  await queue.put(entry(1), true);
  await queue.upload(server.take);
  assert.equal(server.held.size, 0);
  await queue.releaseHeld();
  await queue.upload(server.take);
  assert.equal(server.held.size, 1);
});

test('a PIN is checked by its hash', async () => {
  const salt = new Uint8Array(16).fill(7);
  const guard = { id: '1', name: '', salt: toBase64(salt), hash: pbkdf2Sync('8253', salt, 100_000, 32, 'sha256').toString('base64'), iterations: 100_000 };
  assert.equal(await isPin(guard, '8253'), true);
  assert.equal(await isPin(guard, '8254'), false);
});

test('guessing PINs is slowed down after five', () => {
  const brake = new PinBrake();
  for (let i = 0; i < 4; i++) brake.fail(0);
  assert.equal(brake.wait(0), 0);
  brake.fail(0);
  assert.equal(brake.wait(0), 30);
  brake.fail(30_000);
  assert.equal(brake.wait(30_000), 60);
});

test('a clock is in doubt until measured, when far off, and when it was set back', () => {
  let device = 1_000_000;
  const clock = new Clock(undefined, () => device);
  assert.equal(clock.doubt(), true);
  clock.measure(1_060_000, 999_000, 1_001_000);
  assert.deepEqual([clock.doubt(), clock.now(), clock.offset], [false, 1_060_000, 60_000]);
  device += 600_000;
  clock.tick();
  device -= 300_000;
  assert.equal(clock.doubt(), true);
  clock.measure(device + 121_000, device, device);
  assert.equal(clock.doubt(), true);
});

test('nonces change every half minute and the one before is still accepted', () => {
  const nonces = new Nonces();
  const [first] = nonces.accepted(0, 0x0102);
  assert.match(first!, /^0102/);
  assert.deepEqual(nonces.accepted(29_999, 0x0102), [first]);
  const [second, before] = nonces.accepted(30_000, 0x0102);
  assert.equal(before, first);
  assert.notEqual(second, first);
  assert.equal(nonces.accepted(60_000, 0x0102).includes(first!), false);
  assert.match(nonces.shown(60_000, 0x0102), /^LN1:.{9}$/);
});

test('the memory survives a reload, and forgets proofs after ten minutes', () => {
  const passage = { cti: 'aa', direction: 'in', proofAt: 5, nonce: '01', at: 0 } as const;
  const memory = new GateMemory();
  const presence = memory.note(passage);
  const again = new GateMemory([passage], [presence], 1000);
  assert.deepEqual([again.sawProof('aa', 5, '01'), again.sawProof('aa', 6, '01'), again.sawProof('aa', 6, null), again.isInside('aa'), again.uses('aa')], [true, true, false, true, 1]);
  again.note({ ...passage, cti: 'bb', at: PROOFS_KEPT });
  assert.equal(again.sawProof('aa', 5, '01'), false);
  // News of another gate that come late change where somebody is only when they are newer.
  again.note({ ...passage, direction: 'out', at: -1 });
  assert.equal(again.isInside('aa'), true);
});

test('what is typed finds a plate, a card and a unit, however it is written', () => {
  const row = (more: Partial<DirectoryRow>): DirectoryRow => ({ cti: '', serial: null, plate: null, kind: 1, unit: null, name: '', idTail: null, until: 0, from: null, hours: null, ...more });
  const rows = [row({ cti: 'a', plate: '京A12345' }), row({ cti: 'b', serial: 'K7M20031' }), row({ cti: 'c', unit: '12-3-601' })];
  const found = (typed: string) => find(rows, typed).map((r) => r.cti).join();
  assert.equal(normal('京ａ·12 345'), '京A12345');
  assert.deepEqual(['京ａ·12345', '12345', '0031', '12-3', 'x', ''].map(found), ['a', 'a', 'b', 'c', '', '']);
});

test('events of the server are told apart from comments and from what is not known', () => {
  assert.equal(parse(': alive'), null);
  assert.equal(parse('event: hello\ndata: {}'), null);
  assert.equal(parse('event: seen\ndata: {oops'), null);
  assert.deepEqual(parse('event: seen\ndata: {"cti":"aa"}'), { type: 'seen', cti: 'aa' });
  assert.deepEqual(parse('data: {"seq":4}\nevent: trust'), { type: 'trust', seq: 4 });
});
