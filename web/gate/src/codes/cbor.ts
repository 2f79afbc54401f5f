import { compare } from './bytes';

/** What the strict reader refuses. The only error the readers of this folder throw; `check` turns it into Malformed. */
export class Malformed extends Error {}

const MOST_DEPTH = 8;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function refuse(): never {
  throw new Malformed();
}

/**
 * Reads the CBOR that Liren writes and nothing else (RFC 8949 §4.2.1): shortest integers, definite lengths, map keys ascending and once, no floats,
 * no tags but the one asked for, at most eight levels. Byte strings are views into the data.
 */
export class StrictCbor {
  private at = 0;

  constructor(private readonly data: Uint8Array<ArrayBuffer>) {}

  get atEnd(): boolean {
    return this.at === this.data.length;
  }

  /** Throws when something follows. */
  end(): void {
    if (!this.atEnd) refuse();
  }

  private head(): { major: number; value: bigint } {
    if (this.at >= this.data.length) refuse();
    const first = this.data[this.at++]!;
    const major = first >> 5;
    const info = first & 31;
    if (info < 24) return { major, value: BigInt(info) };
    const length = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : info === 27 ? 8 : 0;
    // Major 7 with a longer head is a float or an unassigned simple value.
    if (length === 0 || major === 7 || this.data.length - this.at < length) refuse();
    let value = 0n;
    for (let i = 0; i < length; i++) value = (value << 8n) | BigInt(this.data[this.at++]!);
    const least = length === 1 ? 24n : 1n << BigInt(length * 4);
    if (value < least) refuse();
    return { major, value };
  }

  private expect(major: number): bigint {
    const head = this.head();
    if (head.major !== major) refuse();
    return head.value;
  }

  tag(number: number): void {
    if (this.expect(6) !== BigInt(number)) refuse();
  }

  /** A whole number of 64 bits with sign. */
  bigInt(): bigint {
    const { major, value } = this.head();
    if (major > 1 || value > 0x7fff_ffff_ffff_ffffn) refuse();
    return major === 0 ? value : -1n - value;
  }

  /** A whole number; outside ±2^53 it is refused, as nothing we read is that great. */
  int(): number {
    const value = Number(this.bigInt());
    if (!Number.isSafeInteger(value)) refuse();
    return value;
  }

  bytes(length?: number): Uint8Array<ArrayBuffer> {
    const bytes = this.content(this.expect(2));
    if (length !== undefined && bytes.length !== length) refuse();
    return bytes;
  }

  /** A text of valid UTF-8 of at most `most` bytes. */
  text(most: number): string {
    const length = this.expect(3);
    if (length > BigInt(most)) refuse();
    return decodeText(this.content(length));
  }

  /** The head of an array; every element takes at least a byte, so a greater count is refused at once. */
  array(): number {
    return this.count(4, 1);
  }

  map(): number {
    return this.count(5, 2);
  }

  /** The integer key of the next pair; keys must ascend in their encoded form. */
  key(order: KeyOrder): number {
    const start = this.at;
    const key = this.int();
    order.next(this.data.subarray(start, this.at));
    return key;
  }

  /** A key that must be this one. */
  label(wanted: number): void {
    if (this.int() !== wanted) refuse();
  }

  /** Steps over one item of any kind this reader accepts. */
  skip(depth = 0): void {
    if (depth >= MOST_DEPTH) refuse();
    const { major, value } = this.head();
    if (major <= 1) return;
    if (major === 2) this.content(value);
    else if (major === 3) decodeText(this.content(value));
    else if (major === 4) {
      if (value > BigInt(this.data.length - this.at)) refuse();
      for (let i = 0n; i < value; i++) this.skip(depth + 1);
    } else if (major === 5) {
      if (value > BigInt((this.data.length - this.at) >> 1)) refuse();
      const order = new KeyOrder();
      for (let i = 0n; i < value; i++) {
        const start = this.at;
        this.skip(depth + 1);
        order.next(this.data.subarray(start, this.at));
        this.skip(depth + 1);
      }
    } else if (major !== 7 || value < 20n || value > 22n) refuse();
  }

  private count(major: number, least: number): number {
    const value = this.expect(major);
    if (value > BigInt(Math.floor((this.data.length - this.at) / least))) refuse();
    return Number(value);
  }

  private content(length: bigint): Uint8Array<ArrayBuffer> {
    if (length > BigInt(this.data.length - this.at)) refuse();
    const bytes = this.data.subarray(this.at, this.at + Number(length));
    this.at += Number(length);
    return bytes;
  }
}

/** Remembers the last key of a map. */
export class KeyOrder {
  private last: Uint8Array | null = null;

  next(key: Uint8Array): void {
    if (this.last !== null && compare(this.last, key) >= 0) refuse();
    this.last = key;
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return refuse();
  }
}
