import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import en from '../src/texts/en.json';
import zh from '../src/texts/zh.json';

test('both languages have the same texts with the same gaps, and none is empty', () => {
  assert.deepEqual(Object.keys(en), Object.keys(zh));
  const gaps = (text: string) => [...text.matchAll(/\{\d\}/g)].map((m) => m[0]).sort().join();
  for (const [key, text] of Object.entries(zh)) {
    assert.equal(gaps((en as Record<string, string>)[key]!), gaps(text), key);
    if (key !== 'reason.Ok' && key !== 'advice.Ok') assert.notEqual(text, '', key);
  }
});

test('every reason of the check has words and says what to do', () => {
  const reasons = readFileSync('src/codes/verdict.ts', 'utf8').split('export type Direction')[0]!.matchAll(/'([A-Z][A-Za-z]+)'/g);
  for (const [, reason] of reasons) {
    if (['Admit', 'Check', 'Refuse', 'Ok'].includes(reason!)) continue;
    assert.ok((zh as Record<string, string>)[`reason.${reason}`], reason);
    assert.ok((zh as Record<string, string>)[`advice.${reason}`], reason);
  }
});

test('no Chinese word stands outside the texts', () => {
  for (const file of readdirSync('src', { recursive: true }) as string[])
    if (file.endsWith('.ts')) {
      const code = readFileSync(join('src', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      assert.doesNotMatch(code, /[\u4e00-\u9fff]/, file);
    }
});

test('every text is used', () => {
  const code = (readdirSync('src', { recursive: true }) as string[]).filter((f) => f.endsWith('.ts')).map((f) => readFileSync(join('src', f), 'utf8')).join();
  // These are put together at run time.
  const made = /^(reason|advice|kind|question|top|handover|direction|verdict|camera)\./;
  assert.deepEqual(Object.keys(zh).filter((key) => !made.test(key) && !code.includes(`'${key}'`)), []);
});
