// `sha256:…`: a token that is known by its hash only, so that the file holds no secret.

import { Buffer } from "node:buffer";
import { digestOf } from "../auth/token.ts";

const PREFIX = "sha256:";
/** How a hash begins; without a flag, as patterns of JSON Schema have none. */
export const HASH_BEGINNING = /^[sS][hH][aA]256:/;
/** What follows, in base64 also in the alphabet for URLs (RFC 4648 § 5), with or without the padding. */
const DIGEST = /(?:([0-9a-fA-F]{64})|([A-Za-z0-9+/_-]{43}=?))$/;
/** What a hash looks like. */
export const HASH = new RegExp(HASH_BEGINNING.source + DIGEST.source);

/** Whether a text is meant as a hash; what follows may be none. */
export function isHash(text: string): boolean {
  return HASH_BEGINNING.test(text);
}

/** The SHA-256 in the text as `digestOf` gives it; undefined where it holds none. */
export function digestIn(text: string): string | undefined {
  const [, hex, base64] = HASH.exec(text) ?? [];
  if (base64 === undefined) return hex?.toLowerCase();
  return Buffer.from(base64, "base64").toString("hex");
}

/** What stands in a file in place of the token. */
export function hashText(token: string): string {
  return PREFIX + digestOf(token);
}
