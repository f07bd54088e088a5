// The few pieces of DER (ITU-T X.690) that a certificate is made of.

import { Buffer } from "node:buffer";

/** Bytes that are a whole element. */
export type Der = Uint8Array;

/** SEQUENCE. */
export function sequence(...elements: readonly Der[]): Der {
  return element(0x30, ...elements);
}

/** SET. */
export function set(...elements: readonly Der[]): Der {
  return element(0x31, ...elements);
}

/** INTEGER from 0 to 32,767. */
export function integer(value: number): Der {
  const bytes = value < 128 ? [value] : [value >> 8, value & 0xff];
  return element(0x02, Uint8Array.from(bytes));
}

/** BOOLEAN. */
export function boolean(value: boolean): Der {
  return element(0x01, Uint8Array.of(value ? 0xff : 0));
}

/** UTF8String. */
export function utf8(text: string): Der {
  return element(0x0c, Buffer.from(text));
}

/** UTCTime, to the second; good until 2049. */
export function time(date: Date): Der {
  const digits = date.toISOString().replace(/\D/g, "").slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`));
}

/** OCTET STRING. */
export function octets(...content: readonly Uint8Array[]): Der {
  return element(0x04, ...content);
}

/** BIT STRING of whole bytes. */
export function bits(content: Uint8Array): Der {
  return element(0x03, Uint8Array.of(0), content);
}

/** OBJECT IDENTIFIER, such as `2.5.4.3`. */
export function identifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(
    0x06,
    Uint8Array.of(40 * first + second, ...rest.flatMap(base128)),
  );
}

/** An element of any other type. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOf(content)), content]);
}

function lengthOf({ length }: Uint8Array): number[] {
  if (length < 128) return [length];
  if (length < 256) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

function base128(value: number): number[] {
  const low = value & 0x7f;
  if (value < 128) return [low];
  const high = base128(value >> 7);
  return [...high.map((byte) => byte | 0x80), low];
}
