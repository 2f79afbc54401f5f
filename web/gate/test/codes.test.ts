import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as base45 from '../src/codes/base45';
import { fromHex, hex } from '../src/codes/bytes';
import { KeyOrder, Malformed, StrictCbor } from '../src/codes/cbor';
import { check } from '../src/codes/check';
import { gateOf } from './vectors';

test('base45 reads the examples of its specification', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const [text, plain] of [['BB8', 'AB'], ['%69 VD92EX0', 'Hello!!'], ['UJCLQE7W581', 'base-45'], ['QED8WEX0', 'ietf!']] as const) {
    assert.deepEqual(base45.decode(text), bytes(plain));
    assert.equal(base45.encode(bytes(plain)), text);
  }
});

test('base45 refuses what an encoder would not write', () => {
  for (const wrong of ['A', 'ABCD', 'GGW', ':::', '::', 'ab8', 'BB８', 'BB\n']) assert.equal(base45.decode(wrong), null, wrong);
});

test('strict cbor refuses every other way to write the same', () => {
  const wrong: Record<string, string> = {
    'a number longer than needed': '1800', 'two bytes where one does': '190017', 'an indefinite array': '9f01ff', 'a float': 'f93c00', 'an unassigned simple value': 'e0',
    'keys out of order': 'a202010102', 'a key twice': 'a201010102', 'bad UTF-8': '61ff', 'more elements than bytes': '9a7fffffff', 'nine levels': '8181818181818181' + '8101', 'undefined': 'f7',
  };
  for (const [name, data] of Object.entries(wrong)) assert.throws(() => new StrictCbor(fromHex(data)).skip(), Malformed, name);
});

test('strict cbor reads whole numbers of 64 bits', () => {
  assert.equal(new StrictCbor(fromHex('1b7fffffffffffffff')).bigInt(), 0x7fffffffffffffffn);
  assert.equal(new StrictCbor(fromHex('3b00000001ffffffff')).int(), -8589934592);
  assert.throws(() => new StrictCbor(fromHex('1bffffffffffffffff')).bigInt(), Malformed);
});

test('map keys ascend in their encoded form', () => {
  const order = new KeyOrder();
  for (const key of ['01', '08', '3a00010000']) order.next(fromHex(key));
  assert.throws(() => order.next(fromHex('20')), Malformed);
});

test('any text is answered, none throws', async () => {
  const gate = gateOf({});
  let seed = 1;
  const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let i = 0; i < 3000; i++) {
    const bytes = Uint8Array.from({ length: next(200) }, () => next(256));
    if (i % 3 === 0) bytes.set(fromHex('d28443a10126a0').subarray(0, bytes.length));
    const { verdict } = await check((i % 2 ? 'LR1:' : 'LP1:') + base45.encode(bytes), gate);
    assert.equal(verdict, 'Refuse');
  }
  assert.equal((await check('LR1:' + '0'.repeat(1_000_000), gate)).reason, 'Malformed');
  assert.equal((await check('', gate)).reason, 'NotAPass');
  assert.equal(hex(new Uint8Array([0, 255])), '00ff');
});
