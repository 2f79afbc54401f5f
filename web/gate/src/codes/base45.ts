import type { Bytes } from './bytes';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

const value = (code: number): number => (code < 128 ? VALUES[code]! : -1);

/** Base45 (RFC 9285), strict: null for foreign characters, a length of 3n+1, a triple above 65,535 or a last pair above 255. A space is a character. */
export function decode(text: string): Bytes | null {
  if (text.length % 3 === 1) return null;
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0));
  let written = 0;
  for (let at = 0; at < text.length; at += 3) {
    const pair = text.length - at === 2;
    const a = value(text.charCodeAt(at));
    const b = value(text.charCodeAt(at + 1));
    const c = pair ? 0 : value(text.charCodeAt(at + 2));
    if (a < 0 || b < 0 || c < 0) return null;
    const number = a + b * 45 + c * 2025;
    if (number > (pair ? 0xff : 0xffff)) return null;
    if (!pair) bytes[written++] = number >> 8;
    bytes[written++] = number & 0xff;
  }
  return bytes;
}

export function encode(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const single = i + 1 === bytes.length;
    const number = single ? bytes[i]! : (bytes[i]! << 8) | bytes[i + 1]!;
    text += ALPHABET[number % 45]! + ALPHABET[Math.floor(number / 45) % 45]! + (single ? '' : ALPHABET[Math.floor(number / 2025)]!);
  }
  return text;
}
