// The values of the headers that repeat what a body says, which may hold any text.

import { Buffer } from "node:buffer";

const PREFIX = "=?base64?";
const SUFFIX = "?=";
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** What needs no marks: visible ASCII, with spaces and tabs between. */
const SAFE = /^[!-~](?:[\t -~]*[!-~])?$/;
/** Visible ASCII, spaces and tabs (RFC 9110 § 5.5). */
const PLAIN = /^[\t\x20-\x7e]*$/;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text as it can stand in a header: itself where that is safe, else in Base64 between marks (2026-07-28 `basic/transports/streamable-http` § Value Encoding). */
export function encodedFieldValue(text: string): string {
  const looksEncoded = text.startsWith(PREFIX) && text.endsWith(SUFFIX);
  if (SAFE.test(text) && !looksEncoded) return text;
  return PREFIX + Buffer.from(text, "utf8").toString("base64") + SUFFIX;
}

/** What a value stands for; nothing where it has characters that it must not have, or is no Base64 of UTF-8 (2026-07-28 `basic/transports/streamable-http` § Value Encoding). */
export function decodedFieldValue(value: string): string | undefined {
  if (!PLAIN.test(value)) return undefined;
  if (!isEncoded(value)) return value;
  const encoded = value.slice(PREFIX.length, -SUFFIX.length);
  if (!BASE64.test(encoded)) return undefined;
  try {
    return decoder.decode(Buffer.from(encoded, "base64"));
  } catch {
    return undefined; // It is no UTF-8.
  }
}

function isEncoded(value: string): boolean {
  return value.startsWith(PREFIX) && value.endsWith(SUFFIX) &&
    value.length >= PREFIX.length + SUFFIX.length;
}
