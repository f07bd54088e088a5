// Texts as the values of HTTP headers.

import { Buffer } from "node:buffer";

const PREFIX = "=?base64?";
const SUFFIX = "?=";

/** Visible ASCII, with spaces and tabs between. */
const PLAIN = /^[!-~](?:[\t -~]*[!-~])?$/;

/** A text as it can stand in a header: itself where that is safe, else in Base64 between marks (2026-07-28 `basic/transports/streamable-http` § Value Encoding). */
export function headerValue(text: string): string {
  const looksEncoded = text.startsWith(PREFIX) && text.endsWith(SUFFIX);
  if (PLAIN.test(text) && !looksEncoded) return text;
  return PREFIX + Buffer.from(text, "utf8").toString("base64") + SUFFIX;
}
