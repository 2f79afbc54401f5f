import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Player } from '../src/player';
import { apply, incidents, kept, step, take, type Delta, type Snapshot } from '../src/state';
import { all, speak, text } from '../src/texts';
import { detailOf, figureOf } from '../src/tiles';
import { lasting, left, minute, moment } from '../src/time';

const at = (minutes: number) => new Date(Date.UTC(2020, 1, 13, 6, minutes)).toISOString();
const first: Snapshot = {
  at: at(0),
  tiles: [{ id: 'incidents', value: 1 }],
  things: [{ id: 'a', kind: 'incident', state: 'Open', since: at(0), level: 'IV' }],
  feed: [],
};
const frames: Delta[] = [
  { at: at(1), tiles: [{ id: 'incidents', value: 2 }], things: [{ id: 'b', kind: 'incident', state: 'Open', since: at(1), level: 'II' }], feed: [{ at: at(1), kind: 'incident', to: 'Open' }] },
  { at: at(2), things: [{ id: 'a', kind: 'incident', state: 'Accepted', since: at(0), level: 'IV' }] },
  { at: at(3), tiles: [{ id: 'incidents', value: 1 }], gone: ['a'] },
];

test('frames change the picture, and the gravest incident is first', () => {
  const state = take(first);
  apply(state, frames[0]);
  assert.deepEqual(incidents(state).map((t) => t.id), ['b', 'a']);
  apply(state, frames[1]);
  assert.equal(state.things.get('a')!.state, 'Accepted');
  apply(state, frames[2]);
  assert.deepEqual([...state.things.keys()], ['b']);
  assert.equal(state.tiles.get('incidents')!.value, 1);
});

test('a wall that runs for months keeps a bounded feed, newest first', () => {
  const state = take(first);
  for (let i = 0; i < 1000; i++) apply(state, { at: at(i), feed: [{ at: at(i), kind: 'gate', to: 'away', place: String(i) }] });
  assert.equal(state.feed.length, kept);
  assert.equal(state.feed[0].place, '999');
});

test('a story jumps forward and backward to the same picture as it plays', () => {
  const story = { from: at(0), to: at(10), first, frames };
  const played = new Player(story);
  played.speed = 60;
  played.playing = true;
  for (let i = 0; i < 25; i++) played.pass(100);
  assert.equal(played.now, Date.parse(at(2)) + 30_000);
  const jumped = new Player(story);
  jumped.seek(Date.parse(at(9)));
  assert.equal(jumped.state.things.size, 1);
  jumped.seek(Date.parse(at(2)) + 30_000);
  assert.deepEqual([...jumped.state.things], [...played.state.things]);
  played.seek(Date.parse(at(99)));
  assert.equal(played.now, Date.parse(at(10)));
  played.pass(1000);
  assert.equal(played.playing, false);
});

test('a paused story stands still', () => {
  const player = new Player({ from: at(0), to: at(10), first, frames });
  assert.equal(player.pass(5000), false);
  assert.equal(player.now, Date.parse(at(0)));
});

test('what is missing is a dash and never zero, and few people are not told', () => {
  speak('zh');
  const now = Date.parse(at(30));
  assert.deepEqual(figureOf({ id: 'gates', state: 'missing' }), { figure: '—', unit: '' });
  assert.equal(detailOf({ id: 'gates', state: 'missing' }, now, 'not-kept'), '当日未留存');
  assert.equal(detailOf({ id: 'gates', state: 'missing' }, now, 'missing'), '无数据');
  assert.equal(figureOf({ id: 'gates', value: 0 }).figure, '0');
  assert.equal(figureOf({ id: 'passages', hidden: true }).figure, '少于 5');
  assert.equal(detailOf({ id: 'devices', value: 3, of: 40, oldest: at(0), parts: [{ key: 'Offline', count: 3 }] }, now, 'missing'), '最久 30 分 · 共 40 · 离线 3');
  assert.match(detailOf({ id: 'cases', state: 'late', value: 3, asOf: at(20) }, now, 'missing'), /^数据停在 14:20/);
  assert.equal(figureOf({ id: 'passages', value: 12345 }).figure, '12,345');
  assert.equal(figureOf({ id: 'passages', value: 391_669 }).figure, '39.2万');
});

test('durations are read in two units and ends are rounded up to days', () => {
  speak('zh');
  assert.equal(lasting(30_000), '不到 1 分');
  assert.equal(lasting(59 * 60_000), '59 分');
  assert.equal(lasting(130 * 60_000), '2 时 10 分');
  assert.equal(lasting(26 * 3_600_000), '1 天 2 时');
  assert.equal(left(2.1 * 86_400_000), '剩 3 天');
  assert.equal(left(3_600_000), '剩 1 时');
  assert.equal(minute(Date.UTC(2020, 1, 12, 16, 5)), '00:05');
  assert.equal(moment(Date.UTC(2020, 1, 12, 1), Date.UTC(2020, 1, 13, 6)), '02-12 09:00');
});

test('each state of an incident is one of five steps', () => {
  assert.deepEqual(['Open', 'Dispatched', 'Accepted', 'OnScene', 'Verifying', 'Closed'].map(step), [1, 2, 3, 3, 4, 5]);
});

test('every word is there in both languages with the same places for values', () => {
  for (const [key, [zh, en]] of Object.entries(all)) {
    assert.ok(zh.length > 0, key);
    assert.ok(en.length > 0 || key.startsWith('unit.'), key);
    if (en) assert.deepEqual([...zh.matchAll(/\{\d\}/g)].map(String).sort(), [...en.matchAll(/\{\d\}/g)].map(String).sort(), key);
  }
  speak('en');
  assert.equal(text('minutes', 4), '4 min');
  speak('zh');
});
