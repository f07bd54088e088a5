// `sha256:…`: a token that is known by its hash only, so that the file holds no secret.

import { Buffer } from "node:buffer";
import { digestOf } from "../auth/token.ts";

const PREFIX = "sha256:";
const HEX = /^[0-9a-f]{64}$/i;
/** Also in the alphabet for URLs (RFC 4648 § 5), with or without the padding. */
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/** Whether a text is meant as a hash; what follows may be none. */
export function isHash(text: string): boolean {
  return text.slice(0, PREFIX.length).toLowerCase() === PREFIX;
}

/** The SHA-256 in the text as `digestOf` gives it; undefined where it holds none. */
export function digestIn(text: string): string | undefined {
  const written = text.slice(PREFIX.length);
  if (HEX.test(written)) return written.toLowerCase();
  if (!BASE64.test(written)) return undefined;
  return Buffer.from(written, "base64").toString("hex");
}

/** What stands in a file in place of the token. */
export function hashText(token: string): string {
  return PREFIX + digestOf(token);
}
