import { endianness } from 'node:os';
import { EdgeError } from '../iproute/read/edge.ts';
import * as uapi from './uapi.ts';

/** Numbers are in the machine's own order (netlink(7)). */
const LITTLE = endianness() === 'LE';

export function u16(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) throw new EdgeError(`netlink: no number at byte ${at} of ${bytes.length}`);
  return LITTLE ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}
export function u32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw new EdgeError(`netlink: no number at byte ${at} of ${bytes.length}`);
  return LITTLE ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}
export const i32 = (bytes: Buffer, at: number): number => u32(bytes, at) | 0;

/** Messages and attributes begin at multiples of four. */
export const aligned = (length: number): number => (length + 3) & ~3;

/** `struct nlmsghdr`: length, type, flags, sequence, port. */
const HEADER = 16;

/** One message of an answer; its payload is `bytes[from..to]`. */
export interface Message {
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

export interface Answer {
  readonly bytes: Buffer;
  readonly messages: readonly Message[];
  /** What was listed changed meanwhile: entries may be missing (NLM_F_DUMP_INTR). */
  readonly interrupted: boolean;
}

/** Takes the answer to a dump apart. Throws EdgeError where it is cut short, or the kernel could not go on. */
export function answerOf(bytes: Buffer): Answer {
  const messages: Message[] = [];
  let interrupted = false;
  for (let at = 0; at < bytes.length; ) {
    const length = at + HEADER <= bytes.length ? u32(bytes, at) : 0;
    if (length < HEADER || at + length > bytes.length)
      throw new EdgeError(`netlink: a message is cut short at byte ${at} of ${bytes.length}`);
    const type = u16(bytes, at + 4);
    if ((u16(bytes, at + 6) & uapi.NLM_F_DUMP_INTR) !== 0) interrupted = true;
    if (type === uapi.NLMSG_ERROR || type === uapi.NLMSG_DONE) {
      const error = length >= HEADER + 4 ? i32(bytes, at + HEADER) : 0;
      if (error !== 0) throw new EdgeError(`netlink: the kernel ended a list with error ${-error}`);
      return { bytes, messages, interrupted };
    }
    messages.push({ type, from: at + HEADER, to: at + length });
    at += aligned(length);
  }
  throw new EdgeError('netlink: an answer has no end');
}

/** `struct nlattr`: length, type; the upper two bits of which are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
const ATTRIBUTE = 4;

/** Calls back for each attribute in `bytes[from..to]`, with where its payload is. */
export function eachAttribute(bytes: Buffer, from: number, to: number, take: (type: number, from: number, to: number) => void): void {
  for (let at = from; at + ATTRIBUTE <= to; ) {
    const length = u16(bytes, at);
    if (length < ATTRIBUTE || at + length > to) throw new EdgeError(`netlink: an attribute is cut short at byte ${at}`);
    take(u16(bytes, at + 2) & uapi.NLA_TYPE_MASK, at + ATTRIBUTE, at + length);
    at += aligned(length);
  }
}

/** Text as the kernel gives it, with the byte that ends it. */
export const textIn = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString('utf8', from, to > from && bytes[to - 1] === 0 ? to - 1 : to);

/** An address by the length of it: `10.0.0.1`, or groups of IPv6, of which the first zeros are left out. That is mostly, not always, its canonical form. */
export function addressIn(bytes: Buffer, from: number, to: number): string {
  if (to - from === 4) return `${bytes[from]}.${bytes[from + 1]}.${bytes[from + 2]}.${bytes[from + 3]}`;
  if (to - from !== 16) throw new EdgeError(`netlink: an address of ${to - from} bytes`);
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(from + 2 * index).toString(16)).join(':');
  return groups.replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}

/** Bytes in hexadecimal digits, which is how drivers take requests; of these it is quicker to make long ones from short ones than of buffers. */
export type Hex = string;

export const byte = (value: number): Hex => value.toString(16).padStart(2, '0');
export const short = (value: number): Hex => (LITTLE ? byte(value & 255) + byte(value >>> 8) : byte(value >>> 8) + byte(value & 255));
export const word = (value: number): Hex =>
  LITTLE ? short(value & 0xffff) + short(value >>> 16) : short(value >>> 16) + short(value & 0xffff);
export const zeros = (bytes: number): Hex => '00'.repeat(bytes);
export const text = (value: string): Hex => Buffer.from(value).toString('hex');
/** A name, with the byte that ends it. */
export const terminated = (name: string): Hex => text(name) + byte(0);

export const attribute = (type: number, payload: Hex): Hex => {
  const length = payload.length / 2;
  return short(ATTRIBUTE + length) + short(type) + payload + zeros(aligned(length) - length);
};

export const nested = (type: number, ...attributes: readonly Hex[]): Hex => attribute(type | uapi.NLA_F_NESTED, attributes.join(''));

/** A request; whoever sends it need not number it. */
export function request(type: number, flags: number, ...parts: readonly Hex[]): Hex {
  const payload = parts.join('');
  return word(HEADER + payload.length / 2) + short(type) + short(flags) + word(1) + word(0) + payload;
}
